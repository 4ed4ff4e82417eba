"""What a case asks of an event beyond its stage; each refusal is a sentence for the physician."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from viewer.base.errors import WorkflowError
from viewer.base.i18n import _
from viewer.domain.finding import RunState
from viewer.review.events import (
    BlindReadingBegun,
    CaseEvent,
    Decided,
    FindingAdded,
    FindingKept,
    FindingWithdrawn,
    FirstReadLocked,
    Reopened,
    RunRecorded,
    Signed,
    TruthStated,
)
from viewer.review.later_truth import check_truth
from viewer.review.workflow import Stage

if TYPE_CHECKING:
    from viewer.review.case import Case


def check(case: "Case", event: CaseEvent) -> None:
    """Raise WorkflowError if the case cannot take `event`, whose kind its stage allows."""
    if not case.ai_visible and not case.history and not isinstance(event, BlindReadingBegun):
        raise WorkflowError(_("The blind reading of this case has not been begun."))
    _CHECKS.get(type(event), _allow)(case, event)


def _allow(case: "Case", event: CaseEvent) -> None:
    """Nothing more to ask than the stage."""


def _check_decided(case: "Case", event: Decided) -> None:
    if event.decision.tracking_uid not in {finding.tracking_uid for finding in case.proposed}:
        raise WorkflowError(_("Only a finding the AI proposes in this study can be decided."))
    if case.changes_first_read(event.decision) and event.decision.change is None:
        raise WorkflowError(_("Say why you change your locked first read."))


def _check_begun(case: "Case", event: BlindReadingBegun) -> None:
    if case.history:
        raise WorkflowError(_("This case has been begun; its reading mode stays as it is."))


def _check_added(case: "Case", event: FindingAdded) -> None:
    if case.stage is Stage.BLIND and event.decision.confidence is None:
        raise WorkflowError(_("State how sure you are of the finding, then add it."))


def _check_locked(case: "Case", event: FirstReadLocked) -> None:
    if not case.misses_stated:
        raise WorkflowError(_("Add your findings or state “no finding”, then lock your read."))
    stated = [(one.finding, one.decision) for one in event.read.findings]
    if stated != [(one, case.decisions[uid]) for uid, one in case.added.items()]:
        raise WorkflowError(_("The read to lock is not the one of this case."))


def _check_kept(case: "Case", event: FindingKept) -> None:
    if event.tracking_uid not in {finding.tracking_uid for finding in case.unresolved}:
        raise WorkflowError(_("Nothing is to be kept: the AI does not contradict this finding."))


def _check_reopened(case: "Case", event: Reopened) -> None:
    decided = case.decisions.keys() - case.added.keys()
    if event.tracking_uid not in decided | case.kept.keys():
        raise WorkflowError(_("This finding is not decided yet."))


def _check_withdrawn(case: "Case", event: FindingWithdrawn) -> None:
    if event.tracking_uid not in case.added:
        raise WorkflowError(_("Only a finding you added yourself can be withdrawn."))
    locked = {finding.tracking_uid for finding in case.own_first}
    if event.tracking_uid in locked and event.reason is None:
        raise WorkflowError(_("Say why you withdraw a finding of your locked first read."))


def _check_run(case: "Case", event: RunRecorded) -> None:
    if event.run.study_uid != case.study_uid:
        raise WorkflowError(_("This AI result belongs to another study; it was not taken."))
    if event.run.state in (RunState.NOT_RUN, RunState.RUNNING):
        raise WorkflowError(_("An AI run is recorded when it has ended."))


def _check_signed(case: "Case", event: Signed) -> None:
    if case.waiting or not case.misses_stated:
        raise WorkflowError(_("The case is not complete; it cannot be signed."))
    if event.report.study.uid != case.study_uid:
        raise WorkflowError(_("This report belongs to another study; it was not taken."))


def _check_truth(case: "Case", event: TruthStated) -> None:
    check_truth(case.report, event.truth)


_CHECKS: dict[type[CaseEvent], Callable[["Case", Any], None]] = {
    BlindReadingBegun: _check_begun,
    FindingAdded: _check_added,
    FirstReadLocked: _check_locked,
    FindingKept: _check_kept,
    Decided: _check_decided,
    Reopened: _check_reopened,
    FindingWithdrawn: _check_withdrawn,
    RunRecorded: _check_run,
    Signed: _check_signed,
    TruthStated: _check_truth,
}
