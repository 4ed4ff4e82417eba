"""Which act is allowed at which stage, as a table; a pair that is missing is an error."""

from enum import Enum

from viewer.base.errors import WorkflowError
from viewer.base.i18n import _
from viewer.review.events import (
    AmendmentStarted,
    BlindReadingBegun,
    CaseEvent,
    Decided,
    FindingAdded,
    FindingKept,
    FindingWithdrawn,
    FirstReadLocked,
    KeyImageMarked,
    MissesAttested,
    Reopened,
    Revealed,
    RunRecorded,
    Signed,
    TextChanged,
    TruthStated,
    ViewStated,
)


class Stage(Enum):
    """Of a whole case. BLIND and LOCKED belong to the mode "read first" alone."""

    BLIND = "blind"
    LOCKED = "locked"
    READING = "reading"
    SIGNED = "signed"


WITHHELD = frozenset({Stage.BLIND, Stage.LOCKED})
"""Stages at which no AI result may exist in the case: the table has no run for them."""

OPEN = frozenset({Stage.BLIND, Stage.READING})
"""Stages at which the reader may state findings."""

TRANSITIONS: dict[tuple[Stage, type[CaseEvent]], Stage] = {
    (Stage.READING, BlindReadingBegun): Stage.BLIND,
    (Stage.BLIND, BlindReadingBegun): Stage.BLIND,
    (Stage.BLIND, FindingAdded): Stage.BLIND,
    (Stage.BLIND, FindingWithdrawn): Stage.BLIND,
    (Stage.BLIND, MissesAttested): Stage.BLIND,
    (Stage.BLIND, TextChanged): Stage.BLIND,
    (Stage.BLIND, KeyImageMarked): Stage.BLIND,
    (Stage.BLIND, FirstReadLocked): Stage.LOCKED,
    (Stage.LOCKED, TextChanged): Stage.LOCKED,
    (Stage.LOCKED, Revealed): Stage.READING,
    (Stage.READING, RunRecorded): Stage.READING,
    (Stage.READING, ViewStated): Stage.READING,
    (Stage.READING, Decided): Stage.READING,
    (Stage.READING, Reopened): Stage.READING,
    (Stage.READING, FindingAdded): Stage.READING,
    (Stage.READING, FindingKept): Stage.READING,
    (Stage.READING, FindingWithdrawn): Stage.READING,
    (Stage.READING, MissesAttested): Stage.READING,
    (Stage.READING, TextChanged): Stage.READING,
    (Stage.READING, KeyImageMarked): Stage.READING,
    (Stage.READING, Signed): Stage.SIGNED,
    (Stage.SIGNED, AmendmentStarted): Stage.READING,
    (Stage.SIGNED, TruthStated): Stage.SIGNED,
}
"""A case begins in READING; BlindReadingBegun is possible as its very first event only."""


def after(stage: Stage, event: CaseEvent) -> Stage:
    """The stage that follows; raises WorkflowError where the table has no such pair."""
    try:
        return TRANSITIONS[stage, type(event)]
    except KeyError:
        raise WorkflowError(_REFUSALS[stage]()) from None


_REFUSALS = {
    Stage.SIGNED: lambda: _("The report is signed. Start an amendment (Report menu) to change it."),
    Stage.READING: lambda: _(
        "There is no signed report to amend yet, and no first read to lock or reveal."
    ),
    Stage.BLIND: lambda: _("Lock your first read before anything is done with AI."),
    Stage.LOCKED: lambda: _("Your first read is locked. Reveal the AI to go on."),
}
