"""Whether a model is valid on an image, from its manifest and the file's header; guesses nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from viewer.base.i18n import _
from viewer.domain.display_set import Acquisition
from viewer.domain.geometry import EdgeLetters
from viewer.inference.applicability_rules import (
    CONFIRMED,
    OTHER_BODY_PART,
    OTHER_VIEW,
    RULES,
    Case,
    age_range,
    either,
    is_frontal,
    part_of,
    valid_on,
)
from viewer.inference.header_words import known_view, plain_word
from viewer.inference.manifest import Manifest
from viewer.inference.manifest_parts import ApplicabilitySpec

__all__ = [
    "CONFIRMED",
    "OTHER_BODY_PART",
    "OTHER_VIEW",
    "Applicable",
    "AskView",
    "Decision",
    "NotApplicable",
    "applicable",
    "orientation_refusal",
]


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
    case = Case(manifest.applicability, acquisition, stated_view, frames)
    reasons = (rule(case) for rule in RULES)
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
    if edges is None or not is_frontal(spec) or (edges.right[:1], edges.bottom[:1]) == ("L", "F"):
        return ""
    if {"A", "P"} & {edges.right[:1], edges.bottom[:1]}:
        return _("The file says that the film was taken from the side; {valid}").format(
            valid=valid_on(spec)
        )
    return _(
        "The file says that the image is stored mirrored or rotated (right edge {right}, lower"
        " edge {bottom}); the model reads films as they hang, with the patient's left on the right."
    ).format(right=edges.right, bottom=edges.bottom)


def _missing(case: Case) -> Iterator[str]:
    if case.stated_view in _answers(case.spec):
        return
    if case.spec.view and not known_view(case.image.view):
        yield "view"
    if case.spec.body_part and not plain_word(case.image.body_part):
        yield "body part"


def _answers(spec: ApplicabilitySpec) -> tuple[str, ...]:
    return spec.view or (CONFIRMED,)


def _question(case: Case, missing: tuple[str, ...]) -> AskView:
    facts = _(" and the ").join(_(fact) for fact in missing)
    asked = _("The file does not state the {missing}: is this {what}?")
    sentence = asked.format(missing=facts, what=_what(case.spec))
    return AskView(_answers(case.spec), case.spec.body_part, missing, sentence)


def _what(spec: ApplicabilitySpec) -> str:
    if spec.view:
        return _("a {view} view of the {part}").format(view=either(spec.view), part=part_of(spec))
    return _("an image of the {part}").format(part=part_of(spec))


def _cautions(case: Case) -> Iterator[str]:
    limits = (case.spec.min_age_years, case.spec.max_age_years)
    if case.image.age_years is None and limits != (None, None):
        yield _("The file does not state the patient's age; the model is valid {range}.").format(
            range=age_range(case.spec)
        )
