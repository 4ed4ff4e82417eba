"""Case: one study under review, the fold of everything that happened to it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from viewer.base.errors import WorkflowError
from viewer.base.events import Event
from viewer.base.i18n import _
from viewer.domain.display_set import FramePlace
from viewer.domain.finding import Finding, ModelRun
from viewer.domain.key_view import KeyView
from viewer.review.case_checks import check
from viewer.review.concordance import Discordance, other_side, pairs, same_word, unmatched
from viewer.review.decision import Decision, Verdict, score_of
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
from viewer.review.later_truth import LaterTruth
from viewer.review.reading import ReadingMode
from viewer.review.report import FirstRead, SignedReport
from viewer.review.workflow import WITHHELD, Stage, after

SAME_SCORE = 1e-3
"""Scores that differ by no more are one result seen twice (repeat run, CPU against CUDA)."""

RunKey = tuple[str, str]
"""(display set UID, model id)."""


class Case:
    """Holder of the review state of one study; changed on the GUI thread, by `apply` alone.

    blind: whether a case without any history is read first.
    """

    def __init__(
        self, study_uid: str, history: Iterable[CaseEvent] = (), blind: bool = False
    ) -> None:
        self.study_uid = study_uid
        self.changed: Event[Case] = Event()
        self.stage = Stage.READING
        self.mode = ReadingMode.AI_FIRST
        self._runs: dict[RunKey, ModelRun] = {}
        self.stated_views: dict[str, str] = {}
        self.decisions: dict[str, Decision] = {}
        self.added: dict[str, Finding] = {}
        self.kept: dict[str, FindingKept] = {}
        self.first_read: FirstRead | None = None
        self.revealed_at: datetime | None = None
        self.no_further_finding = False
        self.text = ""
        self.key_images: tuple[FramePlace, ...] = ()
        self.key_views: tuple[KeyView, ...] = ()
        self.reports: tuple[SignedReport, ...] = ()
        self.truths: dict[str, LaterTruth] = {}
        self.history: list[CaseEvent] = []
        for event in history:
            self._take(event)
        if blind and not self.history:
            self.stage, self.mode = Stage.BLIND, ReadingMode.READ_FIRST

    @property
    def ai_visible(self) -> bool:
        """Whether anything of an AI may be shown, run, listed or ordered by: the one gate of all views."""
        return self.stage not in WITHHELD

    @property
    def runs(self) -> Mapping[RunKey, ModelRun]:
        """The latest outcome of each model on each display set; none while AI is withheld."""
        return self._runs if self.ai_visible else {}

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
    def own_first(self) -> tuple[Finding, ...]:
        """The findings of the locked first read that the reader has not withdrawn."""
        read = self.first_read.findings if self.first_read is not None else ()
        return tuple(one.finding for one in read if one.finding.tracking_uid in self.added)

    @property
    def matched(self) -> dict[str, str]:
        """AI findings that say what a finding of the first read says (tracking UIDs)."""
        return pairs(self.proposed, self.own_first, self.decisions)

    @property
    def unresolved(self) -> tuple[Finding, ...]:
        """Findings of the first read that the AI looked for and does not propose, neither kept nor withdrawn."""
        alone = unmatched(tuple(self.runs.values()), self.own_first, self.decisions)
        return tuple(finding for finding in alone if finding.tracking_uid not in self.kept)

    @property
    def waiting(self) -> tuple[Finding, ...]:
        """All that stands between the reader and the signature: undecided or unresolved, in order."""
        return (*self.undecided, *self.unresolved)

    def discordance(self, finding: Finding) -> Discordance | None:
        """How a finding that waits departs from the first read, or the first read from the AI."""
        if self.first_read is None or finding not in self.waiting:
            return None
        if finding.tracking_uid in self.added:
            return self._against_the_ai(finding)
        if finding.tracking_uid in self.matched:
            return None
        elsewhere = any(other_side(finding, own) for own in self.own_first)
        return Discordance.OTHER_SIDE if elsewhere else Discordance.AI_ONLY

    def _against_the_ai(self, own: Finding) -> Discordance:
        if any(other_side(own, said) for said in self.proposed):
            return Discordance.OTHER_SIDE
        overridden = any(same_word(own, said) for said in self.proposed)
        return Discordance.REJECTED_BOTH if overridden else Discordance.READER_ONLY

    def changes_first_read(self, decision: Decision) -> bool:
        """Whether a verdict on an AI finding departs from the locked first read."""
        if self.first_read is None or decision.verdict is Verdict.REJECTED:
            return False
        if decision.verdict is Verdict.INDETERMINATE:
            return True
        then = {**self.decisions, decision.tracking_uid: decision}
        return decision.tracking_uid not in pairs(self.proposed, self.own_first, then)

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
        check(self, event)

    def apply(self, event: CaseEvent) -> None:
        """Check, take and announce an event that the store already holds."""
        self.check(event)
        self._take(event)
        self.changed.emit(self)

    def _take(self, event: CaseEvent) -> None:
        self.stage = after(self.stage, event)
        self.history.append(event)
        _EFFECTS[type(event)](self, event)


def _take_begun(case: Case, event: BlindReadingBegun) -> None:
    case.mode = ReadingMode.READ_FIRST


def _take_locked(case: Case, event: FirstReadLocked) -> None:
    case.first_read = event.read


def _take_revealed(case: Case, event: Revealed) -> None:
    case.revealed_at = event.at


def _take_kept(case: Case, event: FindingKept) -> None:
    case.kept[event.tracking_uid] = event


def _take_run(case: Case, event: RunRecorded) -> None:
    run = event.run
    case._runs[run.display_set_uid, run.algorithm.model_id] = run
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
    if case.kept.pop(event.tracking_uid, None) is None:
        case.decisions.pop(event.tracking_uid, None)


def _take_added(case: Case, event: FindingAdded) -> None:
    case.added[event.finding.tracking_uid] = event.finding
    case.decisions[event.finding.tracking_uid] = event.decision
    case.no_further_finding = False


def _take_withdrawn(case: Case, event: FindingWithdrawn) -> None:
    del case.added[event.tracking_uid], case.decisions[event.tracking_uid]
    case.kept.pop(event.tracking_uid, None)


def _take_attested(case: Case, event: MissesAttested) -> None:
    case.no_further_finding = event.stated


def _take_text(case: Case, event: TextChanged) -> None:
    case.text = event.text


def _take_key_image(case: Case, event: KeyImageMarked) -> None:
    place = (event.sop_instance_uid, event.frame)
    others = tuple(known for known in case.key_images if known != place)
    case.key_images = (*others, place) if event.marked else others
    views = tuple(known for known in case.key_views if known.place != place)
    case.key_views = (*views, event.view) if event.marked and event.view else views


def _take_signed(case: Case, event: Signed) -> None:
    case.reports = (*case.reports, event.report)


def _take_amendment(case: Case, event: AmendmentStarted) -> None:
    """The stage says it all; decisions and text stay as they were signed."""


def _take_truth(case: Case, event: TruthStated) -> None:
    case.truths[event.truth.word] = event.truth


_EFFECTS: dict[type[CaseEvent], Callable[[Case, Any], None]] = {
    BlindReadingBegun: _take_begun,
    FirstReadLocked: _take_locked,
    Revealed: _take_revealed,
    FindingKept: _take_kept,
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
    TruthStated: _take_truth,
}
