"""Decision: the physician's verdict on one finding, with reader and time; never changed, only followed."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from viewer.base.growth import GROWN
from viewer.base.i18n import _
from viewer.domain.finding import Finding


class Verdict(Enum):
    """What the physician says of a finding."""

    CONFIRMED = "CONFIRMED"
    MODIFIED = "MODIFIED"
    REJECTED = "REJECTED"
    INDETERMINATE = "INDETERMINATE"
    ADDED = "ADDED"


class OverrideReason(Enum):
    """Why a finding was overridden; stored by value, shown by `reason_text`."""

    NOT_PRESENT = "NOT_PRESENT"
    TECHNIQUE = "TECHNIQUE"
    NORMAL_VARIANT = "NORMAL_VARIANT"
    WRONG_LABEL = "WRONG_LABEL"
    WRONG_EXTENT = "WRONG_EXTENT"
    CANNOT_TELL = "CANNOT_TELL"
    OTHER = "OTHER"


class Confidence(Enum):
    """How sure the reader is of a finding of their own; stored by value, shown by `confidence_text`."""

    POSSIBLE = "POSSIBLE"
    LIKELY = "LIKELY"
    CERTAIN = "CERTAIN"


class ChangeReason(Enum):
    """Why the reader changed a locked first read; stored by value, shown by `change_text`."""

    OVERLOOKED = "OVERLOOKED"
    JUDGED_OTHERWISE = "JUDGED_OTHERWISE"
    NOT_SURE = "NOT_SURE"


def confidence_text(confidence: Confidence) -> str:
    """How sure, in the reader's language."""
    return {
        Confidence.POSSIBLE: _("possible"),
        Confidence.LIKELY: _("likely"),
        Confidence.CERTAIN: _("certain"),
    }[confidence]


def change_text(reason: ChangeReason) -> str:
    """Why the reader thinks otherwise now, in the reader's language."""
    return {
        ChangeReason.OVERLOOKED: _("Overlooked at first"),
        ChangeReason.JUDGED_OTHERWISE: _("Judged otherwise"),
        ChangeReason.NOT_SURE: _("No longer sure"),
    }[reason]


def reason_text(reason: OverrideReason) -> str:
    """The reason in the reader's language."""
    return {
        OverrideReason.NOT_PRESENT: _("Not present"),
        OverrideReason.TECHNIQUE: _("Explained by projection or technique"),
        OverrideReason.NORMAL_VARIANT: _("Normal variant"),
        OverrideReason.WRONG_LABEL: _("Something else is present"),
        OverrideReason.WRONG_EXTENT: _("Wrong place or extent"),
        OverrideReason.CANNOT_TELL: _("Cannot be decided on these images"),
        OverrideReason.OTHER: _("Other (see comment)"),
    }[reason]


def verdict_text(verdict: Verdict) -> str:
    """The verdict in the reader's language."""
    return {
        Verdict.CONFIRMED: _("Confirmed"),
        Verdict.MODIFIED: _("Modified"),
        Verdict.REJECTED: _("Overridden"),
        Verdict.INDETERMINATE: _("Indeterminate"),
        Verdict.ADDED: _("Added by reader"),
    }[verdict]


@dataclass(frozen=True)
class Decision:
    """One verdict.

    reason: None only for CONFIRMED and ADDED. corrected: what the reader states instead, for MODIFIED.
    score: the score the reader saw when deciding; a later run with another one asks again.
    confidence: of a finding of the reader's own. change: why this departs from the locked first read.
    """

    tracking_uid: str
    verdict: Verdict
    reader: str
    at: datetime
    reason: OverrideReason | None = None
    comment: str = ""
    corrected: Finding | None = None
    score: float | None = None
    confidence: Confidence | None = field(default=None, metadata=GROWN)
    change: ChangeReason | None = field(default=None, metadata=GROWN)


def override(
    finding: Finding,
    reader: str,
    at: datetime,
    reason: OverrideReason = OverrideReason.NOT_PRESENT,
    comment: str = "",
    corrected: Finding | None = None,
    change: ChangeReason | None = None,
) -> Decision:
    """The override that follows from a reason: corrected, undecidable, or rejected."""
    verdict = Verdict.REJECTED
    if corrected is not None:
        verdict = Verdict.MODIFIED
    elif reason is OverrideReason.CANNOT_TELL:
        verdict = Verdict.INDETERMINATE
    return Decision(
        finding.tracking_uid,
        verdict,
        reader,
        at,
        reason,
        comment,
        corrected,
        score_of(finding),
        change=change,
    )


def confirm(
    finding: Finding, reader: str, at: datetime, change: ChangeReason | None = None
) -> Decision:
    """The reader agrees with the finding as it stands."""
    score = score_of(finding)
    return Decision(finding.tracking_uid, Verdict.CONFIRMED, reader, at, score=score, change=change)


def score_of(finding: Finding) -> float | None:
    """The number shown with the finding, if any."""
    return None if finding.score is None else finding.score.value
