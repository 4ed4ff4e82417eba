"""The rules by which a header excludes an image from a model; each is a function, the table orders them."""

from collections.abc import Callable
from dataclasses import dataclass

from viewer.base.i18n import _
from viewer.domain.display_set import Acquisition
from viewer.inference.header_words import (
    FRONTAL_VIEWS,
    PROJECTION_MODALITIES,
    body_position,
    known_view,
    plain_word,
)
from viewer.inference.manifest_parts import ApplicabilitySpec

CONFIRMED = "CONFIRMED"
"""The reader's answer where the model demands a part of the body, but no view: yes, it is that."""

OTHER_VIEW = "OTHER"
"""The reader's answer: the right part of the body, but another view than the model's."""

OTHER_BODY_PART = "OTHER BODY PART"
"""The reader's answer: not the part of the body the model reads."""


@dataclass(frozen=True)
class Case:
    """What one rule looks at."""

    spec: ApplicabilitySpec
    image: Acquisition
    stated_view: str
    frames: int


def _modality(case: Case) -> str:
    if case.image.modality in case.spec.modality:
        return ""
    return _("The model reads {wanted} images; this is {found}.").format(
        wanted=either(case.spec.modality), found=case.image.modality or _("of unknown modality")
    )


def _frames(case: Case) -> str:
    if case.frames <= case.spec.max_frames:
        return ""
    return _("The model reads at most {most} frame(s) at a time; this display set has {n}.").format(
        most=case.spec.max_frames, n=case.frames
    )


def _fewest_frames(case: Case) -> str:
    if case.frames >= case.spec.min_frames:
        return ""
    return _("The model reads series of at least {least} images; this one has {n}.").format(
        least=case.spec.min_frames, n=case.frames
    )


def _sequence(case: Case) -> str:
    wanted, found = case.spec.sequence, case.image.sequence
    if not wanted or found in wanted:
        return ""
    if not found:
        return _(
            "The file does not say which MR sequence this is; the model reads {wanted}."
        ).format(wanted=either(wanted))
    return _("The file does not describe a {wanted} sequence, which the model reads.").format(
        wanted=either(wanted)
    )


def _orientation(case: Case) -> str:
    wanted, found = case.spec.orientation, case.image.orientation
    if not wanted or found in wanted:
        return ""
    if not found:
        return _(
            "The file does not say how its slices lie; the model reads {wanted} slices."
        ).format(wanted=either(wanted).lower())
    return _("The slices are {found}; the model reads {wanted} slices.").format(
        found=found.lower(), wanted=either(wanted).lower()
    )


def _thickness(case: Case) -> str:
    most, found = case.spec.max_slice_thickness_mm, case.image.slice_thickness_mm
    if most is None or found is None or found <= most:
        return ""
    return _("The slices are {found:g} mm thick; the model reads at most {most:g} mm.").format(
        found=found, most=most
    )


def _photometric(case: Case) -> str:
    wanted = case.spec.photometric
    if not wanted or case.image.photometric in wanted:
        return ""
    return _("The model reads {wanted} images; this one is {found}.").format(
        wanted=either(wanted), found=case.image.photometric or _("of unknown colour type")
    )


def _body_part(case: Case) -> str:
    wanted, found = case.spec.body_part, plain_word(case.image.body_part)
    if wanted and case.stated_view == OTHER_BODY_PART:
        return _("The reader says that this is another part of the body; {valid}").format(
            valid=valid_on(case.spec)
        )
    if not wanted or not found or found in map(plain_word, wanted):
        return ""
    return _("The file gives the body part as {found}; {valid}").format(
        found=case.image.body_part, valid=valid_on(case.spec)
    )


def _view(case: Case) -> str:
    found = known_view(case.image.view)
    if not case.spec.view:
        return ""
    if found and found not in case.spec.view:
        return _("{view} view: {valid}").format(view=case.image.view, valid=valid_on(case.spec))
    if case.stated_view in ("", CONFIRMED, OTHER_BODY_PART, *case.spec.view):
        return ""
    return _("The reader says that this is another view; {valid}").format(valid=valid_on(case.spec))


def _view_as_position(case: Case) -> str:
    """Some files hold the view in Patient Position; it may refuse a film, never admit one."""
    hint = known_view(case.image.patient_position)
    if not case.spec.view or not hint or hint in case.spec.view:
        return ""
    return _("The file gives {view} as the patient's position; {valid}").format(
        view=case.image.patient_position, valid=valid_on(case.spec)
    )


def _position(case: Case) -> str:
    found = body_position(case.image.patient_position)
    wanted = _positions(case.spec)
    if not wanted or not found or found in wanted:
        return ""
    return _("The patient was lying ({found}), which changes sizes and shadows; {valid}").format(
        found=found.lower(), valid=valid_on(case.spec)
    )


def _age(case: Case) -> str:
    age, low, high = case.image.age_years, case.spec.min_age_years, case.spec.max_age_years
    if age is None or (low or 0.0) <= age <= (high or float("inf")):
        return ""
    return _("The patient is {age:.0f} years old; the model is valid {range}.").format(
        age=int(age), range=age_range(case.spec)
    )


def _size(case: Case) -> str:
    rows, columns = case.spec.min_rows, case.spec.min_columns
    if case.image.rows >= rows and case.image.columns >= columns:
        return ""
    return _("The image has {r} x {c} pixels; the model needs at least {rows} x {columns}.").format(
        r=case.image.rows, c=case.image.columns, rows=rows, columns=columns
    )


RULES: tuple[Callable[[Case], str], ...] = (
    _modality,
    _frames,
    _fewest_frames,
    _photometric,
    _sequence,
    _orientation,
    _thickness,
    _body_part,
    _view,
    _view_as_position,
    _position,
    _age,
    _size,
)
"""Each returns the reason against, or ""; the first reason is shown."""


def _positions(spec: ApplicabilitySpec) -> tuple[str, ...]:
    """A PA film is one of a standing or sitting patient, even where the manifest leaves it out."""
    return spec.body_position or (("ERECT",) if is_frontal(spec) and "AP" not in spec.view else ())


def is_frontal(spec: ApplicabilitySpec) -> bool:
    """Whether the model reads radiographs from the front or the back, and nothing else."""
    films = set(spec.modality) <= PROJECTION_MODALITIES
    return films and bool(spec.view) and set(spec.view) <= FRONTAL_VIEWS


def valid_on(spec: ApplicabilitySpec) -> str:
    """The second half of a refusal: what the model is for."""
    view = either(spec.view)
    if view:
        return _("the model is valid on {view} views of the {part} only.").format(
            view=view, part=part_of(spec)
        )
    return _("the model is valid on the {part} only.").format(part=part_of(spec))


def part_of(spec: ApplicabilitySpec) -> str:
    """The part of the body the model reads, as a word in a sentence."""
    return spec.body_part[0].lower() if spec.body_part else _("body")


def age_range(spec: ApplicabilitySpec) -> str:
    """The ages the model is valid for; one of its limits must be set."""
    if spec.max_age_years is None:
        return _("from {low:g} years on").format(low=spec.min_age_years)
    return _("from {low:g} to {high:g} years").format(
        low=spec.min_age_years or 0, high=spec.max_age_years
    )


def either(options: tuple[str, ...]) -> str:
    """The options as in "CR or DX"."""
    return _(" or ").join(options)
