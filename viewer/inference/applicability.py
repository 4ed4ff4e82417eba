"""Whether a model is valid on an image, from its manifest and the file's header; guesses nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from viewer.base.i18n import _
from viewer.domain.display_set import Acquisition
from viewer.domain.geometry import EdgeLetters
from viewer.inference.header_words import (
    FRONTAL_VIEWS,
    PROJECTION_MODALITIES,
    body_position,
    known_view,
    plain_word,
)
from viewer.inference.manifest import Manifest
from viewer.inference.manifest_parts import ApplicabilitySpec

CONFIRMED = "CONFIRMED"
"""The reader's answer where the model demands a part of the body, but no view: yes, it is that."""

OTHER_VIEW = "OTHER"
"""The reader's answer: the right part of the body, but another view than the model's."""

OTHER_BODY_PART = "OTHER BODY PART"
"""The reader's answer: not the part of the body the model reads."""


@dataclass(frozen=True)
class Applicable:
    """The model may run. warnings: sentences for the reader on what the file leaves open."""

    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotApplicable:
    """The model must not run. reason: one plain sentence for the physician."""

    reason: str


@dataclass(frozen=True)
class AskView:
    """The file leaves facts open that the model needs; only the reader can state them.

    views: the answers under which the model runs (of a model without views: CONFIRMED).
    body_parts: what it reads. missing: "view", "body part". question: a sentence for the reader.
    """

    views: tuple[str, ...]
    body_parts: tuple[str, ...]
    missing: tuple[str, ...]
    question: str


Decision = Applicable | NotApplicable | AskView


@dataclass(frozen=True)
class _Case:
    """What one rule looks at."""

    spec: ApplicabilitySpec
    image: Acquisition
    stated_view: str
    frames: int


def applicable(
    manifest: Manifest, acquisition: Acquisition, stated_view: str = "", frames: int = 1
) -> Decision:
    """Decide from the header.

    Parameters
    ----------
    stated_view : the reader's answer to an AskView: one of its views, OTHER_VIEW,
        OTHER_BODY_PART, or "" when not asked. It never overrules what the file states.
    frames : of the display set
    """
    case = _Case(manifest.applicability, acquisition, stated_view, frames)
    reasons = (rule(case) for rule in _RULES)
    reason = next((reason for reason in reasons if reason), "")
    if reason:
        return NotApplicable(reason)
    missing = tuple(_missing(case))
    return _question(case, missing) if missing else Applicable(tuple(_cautions(case)))


def orientation_refusal(manifest: Manifest, edges: EdgeLetters | None) -> str:
    """Why a frontal film is not in the position the network learned, or "".

    It learned films with the patient's left on the right and the feet below. Files that state no
    orientation (edges None) pass: the reader sees the image.
    """
    spec = manifest.applicability
    if edges is None or not _frontal(spec) or (edges.right[:1], edges.bottom[:1]) == ("L", "F"):
        return ""
    if {"A", "P"} & {edges.right[:1], edges.bottom[:1]}:
        return _("The file says that the film was taken from the side; {valid}").format(
            valid=_valid_on(spec)
        )
    return _(
        "The file says that the image is stored mirrored or rotated (right edge {right}, lower"
        " edge {bottom}); the model reads films as they hang, with the patient's left on the right."
    ).format(right=edges.right, bottom=edges.bottom)


def _modality(case: _Case) -> str:
    if case.image.modality in case.spec.modality:
        return ""
    return _("The model reads {wanted} images; this is {found}.").format(
        wanted=_either(case.spec.modality), found=case.image.modality or _("of unknown modality")
    )


def _frames(case: _Case) -> str:
    if case.frames <= case.spec.max_frames:
        return ""
    return _("The model reads at most {most} frame(s) at a time; this display set has {n}.").format(
        most=case.spec.max_frames, n=case.frames
    )


def _photometric(case: _Case) -> str:
    wanted = case.spec.photometric
    if not wanted or case.image.photometric in wanted:
        return ""
    return _("The model reads {wanted} images; this one is {found}.").format(
        wanted=_either(wanted), found=case.image.photometric or _("of unknown colour type")
    )


def _body_part(case: _Case) -> str:
    wanted, found = case.spec.body_part, plain_word(case.image.body_part)
    if wanted and case.stated_view == OTHER_BODY_PART:
        return _("The reader says that this is another part of the body; {valid}").format(
            valid=_valid_on(case.spec)
        )
    if not wanted or not found or found in map(plain_word, wanted):
        return ""
    return _("The file gives the body part as {found}; {valid}").format(
        found=case.image.body_part, valid=_valid_on(case.spec)
    )


def _view(case: _Case) -> str:
    found = known_view(case.image.view)
    if case.spec.view and found and found not in case.spec.view:
        return _("{view} view: {valid}").format(view=case.image.view, valid=_valid_on(case.spec))
    if case.stated_view in ("", CONFIRMED, OTHER_BODY_PART, *case.spec.view):
        return ""
    return _("The reader says that this is another view; {valid}").format(
        valid=_valid_on(case.spec)
    )


def _view_as_position(case: _Case) -> str:
    """Some files hold the view in Patient Position; it may refuse a film, never admit one."""
    hint = known_view(case.image.patient_position)
    if not case.spec.view or not hint or hint in case.spec.view:
        return ""
    return _("The file gives {view} as the patient's position; {valid}").format(
        view=case.image.patient_position, valid=_valid_on(case.spec)
    )


def _position(case: _Case) -> str:
    found = body_position(case.image.patient_position)
    wanted = _positions(case.spec)
    if not wanted or not found or found in wanted:
        return ""
    return _("The patient was lying ({found}), which changes sizes and shadows; {valid}").format(
        found=found.lower(), valid=_valid_on(case.spec)
    )


def _age(case: _Case) -> str:
    age, low, high = case.image.age_years, case.spec.min_age_years, case.spec.max_age_years
    if age is None or (low or 0.0) <= age <= (high or float("inf")):
        return ""
    return _("The patient is {age:.0f} years old; the model is valid {range}.").format(
        age=int(age), range=_age_range(case.spec)
    )


def _size(case: _Case) -> str:
    rows, columns = case.spec.min_rows, case.spec.min_columns
    if case.image.rows >= rows and case.image.columns >= columns:
        return ""
    return _("The image has {r} x {c} pixels; the model needs at least {rows} x {columns}.").format(
        r=case.image.rows, c=case.image.columns, rows=rows, columns=columns
    )


_RULES: tuple[Callable[[_Case], str], ...] = (
    _modality,
    _frames,
    _photometric,
    _body_part,
    _view,
    _view_as_position,
    _position,
    _age,
    _size,
)
"""Each returns the reason against, or ""; the first reason is shown."""


def _missing(case: _Case) -> Iterator[str]:
    if case.stated_view in _answers(case.spec):
        return
    if case.spec.view and not known_view(case.image.view):
        yield "view"
    if case.spec.body_part and not plain_word(case.image.body_part):
        yield "body part"


def _answers(spec: ApplicabilitySpec) -> tuple[str, ...]:
    return spec.view or (CONFIRMED,)


def _question(case: _Case, missing: tuple[str, ...]) -> AskView:
    facts = _(" and the ").join(_(fact) for fact in missing)
    asked = _("The file does not state the {missing}: is this {what}?")
    sentence = asked.format(missing=facts, what=_what(case.spec))
    return AskView(_answers(case.spec), case.spec.body_part, missing, sentence)


def _what(spec: ApplicabilitySpec) -> str:
    if spec.view:
        return _("a {view} view of the {part}").format(view=_either(spec.view), part=_part(spec))
    return _("an image of the {part}").format(part=_part(spec))


def _cautions(case: _Case) -> Iterator[str]:
    limits = (case.spec.min_age_years, case.spec.max_age_years)
    if case.image.age_years is None and limits != (None, None):
        yield _("The file does not state the patient's age; the model is valid {range}.").format(
            range=_age_range(case.spec)
        )


def _positions(spec: ApplicabilitySpec) -> tuple[str, ...]:
    """A PA film is one of a standing or sitting patient, even where the manifest leaves it out."""
    return spec.body_position or (("ERECT",) if _frontal(spec) and "AP" not in spec.view else ())


def _frontal(spec: ApplicabilitySpec) -> bool:
    films = set(spec.modality) <= PROJECTION_MODALITIES
    return films and bool(spec.view) and set(spec.view) <= FRONTAL_VIEWS


def _valid_on(spec: ApplicabilitySpec) -> str:
    view = _either(spec.view)
    if view:
        return _("the model is valid on {view} views of the {part} only.").format(
            view=view, part=_part(spec)
        )
    return _("the model is valid on the {part} only.").format(part=_part(spec))


def _part(spec: ApplicabilitySpec) -> str:
    return spec.body_part[0].lower() if spec.body_part else _("body")


def _age_range(spec: ApplicabilitySpec) -> str:
    if spec.max_age_years is None:
        return _("from {low:g} years on").format(low=spec.min_age_years)
    return _("from {low:g} to {high:g} years").format(
        low=spec.min_age_years or 0, high=spec.max_age_years
    )


def _either(options: tuple[str, ...]) -> str:
    return _(" or ").join(options)
