"""Which act is allowed at which stage, as a table; a pair that is missing is an error."""

from enum import Enum

from viewer.base.errors import WorkflowError
from viewer.base.i18n import _
from viewer.review.events import (
    AmendmentStarted,
    CaseEvent,
    Decided,
    FindingAdded,
    FindingWithdrawn,
    KeyImageMarked,
    MissesAttested,
    Reopened,
    RunRecorded,
    Signed,
    TextChanged,
    ViewStated,
)


class Stage(Enum):
    """Of a whole case."""

    READING = "reading"
    SIGNED = "signed"


TRANSITIONS: dict[tuple[Stage, type[CaseEvent]], Stage] = {
    (Stage.READING, RunRecorded): Stage.READING,
    (Stage.READING, ViewStated): Stage.READING,
    (Stage.READING, Decided): Stage.READING,
    (Stage.READING, Reopened): Stage.READING,
    (Stage.READING, FindingAdded): Stage.READING,
    (Stage.READING, FindingWithdrawn): Stage.READING,
    (Stage.READING, MissesAttested): Stage.READING,
    (Stage.READING, TextChanged): Stage.READING,
    (Stage.READING, KeyImageMarked): Stage.READING,
    (Stage.READING, Signed): Stage.SIGNED,
    (Stage.SIGNED, AmendmentStarted): Stage.READING,
}


def after(stage: Stage, event: CaseEvent) -> Stage:
    """The stage that follows; raises WorkflowError where the table has no such pair."""
    try:
        return TRANSITIONS[stage, type(event)]
    except KeyError:
        raise WorkflowError(_REFUSALS[stage]()) from None


_REFUSALS = {
    Stage.SIGNED: lambda: _("The report is signed. Start an amendment (Report menu) to change it."),
    Stage.READING: lambda: _("There is no signed report to amend yet."),
}
