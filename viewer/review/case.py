"""Case: one study under review, the fold of everything that happened to it."""

from collections.abc import Callable, Iterable
from typing import Any

from viewer.base.errors import WorkflowError
from viewer.base.events import Event
from viewer.base.i18n import _
from viewer.domain.display_set import FramePlace
from viewer.domain.finding import Finding, ModelRun, RunState
from viewer.review.decision import Decision, score_of
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
from viewer.review.report import SignedReport
from viewer.review.workflow import Stage, after

SAME_SCORE = 1e-3
"""Scores that differ by no more are one result seen twice (repeat run, CPU against CUDA)."""

RunKey = tuple[str, str]
"""(display set UID, model id)."""


class Case:
    """Holder of the review state of one study; changed on the GUI thread, by `apply` alone."""

    def __init__(self, study_uid: str, history: Iterable[CaseEvent] = ()) -> None:
        self.study_uid = study_uid
        self.changed: Event[Case] = Event()
        self.stage = Stage.READING
        self.runs: dict[RunKey, ModelRun] = {}
        self.stated_views: dict[str, str] = {}
        self.decisions: dict[str, Decision] = {}
        self.added: dict[str, Finding] = {}
        self.no_further_finding = False
        self.text = ""
        self.key_images: tuple[FramePlace, ...] = ()
        self.reports: tuple[SignedReport, ...] = ()
        self.history: list[CaseEvent] = []
        for event in history:
            self._take(event)

    @property
    def proposed(self) -> tuple[Finding, ...]:
        """The AI findings of the latest runs, in order of the runs."""
        return tuple(finding for run in self.runs.values() for finding in run.findings)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """AI findings first, then the reader's own."""
        return (*self.proposed, *self.added.values())

    @property
    def undecided(self) -> tuple[Finding, ...]:
        """AI findings that wait for the physician."""
        return tuple(
            finding for finding in self.proposed if finding.tracking_uid not in self.decisions
        )

    @property
    def misses_stated(self) -> bool:
        """Whether the reader has added what the AI missed, or stated that there is nothing."""
        return self.no_further_finding or bool(self.added)

    @property
    def report(self) -> SignedReport | None:
        """The latest signed report."""
        return self.reports[-1] if self.reports else None

    def finding(self, tracking_uid: str) -> Finding:
        """A present finding by tracking UID; raises WorkflowError where there is none."""
        for finding in self.findings:
            if finding.tracking_uid == tracking_uid:
                return finding
        raise WorkflowError(_("This finding is no longer part of the case."))

    def check(self, event: CaseEvent) -> None:
        """Raise WorkflowError if `event` is not allowed now."""
        after(self.stage, event)
        _CHECKS.get(type(event), _allow)(self, event)

    def apply(self, event: CaseEvent) -> None:
        """Check, take and announce an event that the store already holds."""
        self.check(event)
        self._take(event)
        self.changed.emit(self)

    def _take(self, event: CaseEvent) -> None:
        self.stage = after(self.stage, event)
        self.history.append(event)
        _EFFECTS[type(event)](self, event)


def _allow(case: Case, event: CaseEvent) -> None:
    """Nothing more to ask than the stage."""


def _check_decided(case: Case, event: Decided) -> None:
    if event.decision.tracking_uid not in {finding.tracking_uid for finding in case.proposed}:
        raise WorkflowError(_("Only a finding the AI proposes in this study can be decided."))


def _check_reopened(case: Case, event: Reopened) -> None:
    if event.tracking_uid not in case.decisions:
        raise WorkflowError(_("This finding is not decided yet."))


def _check_withdrawn(case: Case, event: FindingWithdrawn) -> None:
    if event.tracking_uid not in case.added:
        raise WorkflowError(_("Only a finding you added yourself can be withdrawn."))


def _check_run(case: Case, event: RunRecorded) -> None:
    if event.run.study_uid != case.study_uid:
        raise WorkflowError(_("This AI result belongs to another study; it was not taken."))
    if event.run.state in (RunState.NOT_RUN, RunState.RUNNING):
        raise WorkflowError(_("An AI run is recorded when it has ended."))


def _check_signed(case: Case, event: Signed) -> None:
    if case.undecided or not case.misses_stated:
        raise WorkflowError(_("The case is not complete; it cannot be signed."))
    if event.report.study.uid != case.study_uid:
        raise WorkflowError(_("This report belongs to another study; it was not taken."))


def _take_run(case: Case, event: RunRecorded) -> None:
    run = event.run
    case.runs[run.display_set_uid, run.algorithm.model_id] = run
    proposed = {finding.tracking_uid: finding for finding in case.proposed}
    stale = [
        uid
        for uid, decision in case.decisions.items()
        if uid not in case.added
        and (uid not in proposed or not _same_score(decision, proposed[uid]))
    ]
    for uid in stale:
        del case.decisions[uid]


def _same_score(decision: Decision, finding: Finding) -> bool:
    seen, now = decision.score, score_of(finding)
    if seen is None or now is None:
        return seen is now
    return abs(seen - now) <= SAME_SCORE


def _take_view(case: Case, event: ViewStated) -> None:
    case.stated_views[event.display_set_uid] = event.view


def _take_decided(case: Case, event: Decided) -> None:
    case.decisions[event.decision.tracking_uid] = event.decision


def _take_reopened(case: Case, event: Reopened) -> None:
    case.decisions.pop(event.tracking_uid, None)


def _take_added(case: Case, event: FindingAdded) -> None:
    case.added[event.finding.tracking_uid] = event.finding
    case.decisions[event.finding.tracking_uid] = event.decision
    case.no_further_finding = False


def _take_withdrawn(case: Case, event: FindingWithdrawn) -> None:
    del case.added[event.tracking_uid], case.decisions[event.tracking_uid]


def _take_attested(case: Case, event: MissesAttested) -> None:
    case.no_further_finding = event.stated


def _take_text(case: Case, event: TextChanged) -> None:
    case.text = event.text


def _take_key_image(case: Case, event: KeyImageMarked) -> None:
    place = (event.sop_instance_uid, event.frame)
    others = tuple(known for known in case.key_images if known != place)
    case.key_images = (*others, place) if event.marked else others


def _take_signed(case: Case, event: Signed) -> None:
    case.reports = (*case.reports, event.report)


def _take_amendment(case: Case, event: AmendmentStarted) -> None:
    """The stage says it all; decisions and text stay as they were signed."""


_CHECKS: dict[type[CaseEvent], Callable[[Case, Any], None]] = {
    Decided: _check_decided,
    Reopened: _check_reopened,
    FindingWithdrawn: _check_withdrawn,
    RunRecorded: _check_run,
    Signed: _check_signed,
}
_EFFECTS: dict[type[CaseEvent], Callable[[Case, Any], None]] = {
    RunRecorded: _take_run,
    ViewStated: _take_view,
    Decided: _take_decided,
    Reopened: _take_reopened,
    FindingAdded: _take_added,
    FindingWithdrawn: _take_withdrawn,
    MissesAttested: _take_attested,
    TextChanged: _take_text,
    KeyImageMarked: _take_key_image,
    Signed: _take_signed,
    AmendmentStarted: _take_amendment,
}
