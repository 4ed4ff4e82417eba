"""The worklist: open studies and cases of earlier sessions by state and, where the AI proposes first, by its
priority.

While the site reads first, nothing an AI has said moves a line: order is by the reader's own acts alone.
"""

from dataclasses import dataclass
from enum import Enum

from viewer.app.earlier import not_open
from viewer.app.later_truth import known_of
from viewer.app.run_inference import read_unseen
from viewer.app.workbench import Workbench
from viewer.base.i18n import _, plural
from viewer.domain.finding import Finding
from viewer.domain.study import Study
from viewer.review.case import Case
from viewer.review.reading import ReadingMode
from viewer.review.workflow import Stage
from viewer.store.earlier import EarlierCase


class WorkState(Enum):
    """Where a case stands; the value is its rank in the list."""

    WAITING = 0
    RUNNING = 1
    NEW = 2
    FIRST_READ = 3
    DECIDED = 4
    SIGNED = 5


@dataclass(frozen=True)
class WorkItem:
    """One line. waiting: findings that wait for the reader. priority: see `priority_of`.

    truth: of how many findings a later truth is known, and how many there are. earlier: the kept case,
    where none of its files is open.
    """

    study: Study
    state: WorkState
    waiting: int = 0
    priority: float = 0.0
    truth: tuple[int, int] = (0, 0)
    earlier: EarlierCase | None = None

    @property
    def words(self) -> str:
        """The state in words."""
        if self.state is WorkState.WAITING:
            return plural("{n} undecided", "{n} undecided", self.waiting)
        if self.state is WorkState.SIGNED and self.truth[0]:
            known, asked = self.truth
            return _("signed, truth of {n} of {all} known").format(n=known, all=asked)
        return {
            WorkState.RUNNING: _("AI running"),
            WorkState.NEW: _("new"),
            WorkState.FIRST_READ: _("to be read first"),
            WorkState.DECIDED: _("nothing undecided"),
            WorkState.SIGNED: _("signed"),
        }[self.state]


def work_items(workbench: Workbench) -> tuple[WorkItem, ...]:
    """All open studies and kept cases in the order in which they are to be read; of one rank, the open first."""
    items = [_item(workbench, study) for study in workbench.session.index.studies]
    items += [_earlier_item(one) for one in not_open(workbench)]
    if workbench.session.reading_mode is ReadingMode.READ_FIRST:
        return tuple(sorted(items, key=lambda item: _own_rank(workbench, item)))
    return tuple(sorted(items, key=lambda item: (item.state.value, -item.priority)))


def _own_rank(workbench: Workbench, item: WorkItem) -> tuple[int, int]:
    """By the reader's acts alone: to be read, revealed, signed; within each what is open, then by arrival."""
    number = item.earlier.number if item.earlier else 0
    if item.state is WorkState.SIGNED:
        return (2, number)
    case = item.earlier.case if item.earlier else workbench.session.case_of(item.study)
    return (1 if case is not None and case.first_read is not None else 0, number)


def _item(workbench: Workbench, study: Study) -> WorkItem:
    case = workbench.session.case_of(study)
    waiting, state = case.waiting, _state(workbench, study, case)
    truth = known_of(case) if state is WorkState.SIGNED else (0, 0)
    return WorkItem(study, state, len(waiting), priority_of(waiting), truth)


def _earlier_item(earlier: EarlierCase) -> WorkItem:
    case = earlier.case
    if case is None:
        return WorkItem(earlier.study, WorkState.SIGNED, earlier=earlier)
    waiting, state = case.waiting, _kept_state(case)
    return WorkItem(earlier.study, state, len(waiting), priority_of(waiting), earlier=earlier)


def _state(workbench: Workbench, study: Study, case: Case) -> WorkState:
    running = case.ai_visible and case.stage is not Stage.SIGNED
    if running and workbench.session.is_running(study):
        return WorkState.RUNNING
    return _kept_state(case)


def _kept_state(case: Case) -> WorkState:
    if case.stage is Stage.SIGNED:
        return WorkState.SIGNED
    if not case.ai_visible:
        return WorkState.FIRST_READ
    if case.waiting:
        return WorkState.WAITING
    return WorkState.DECIDED if case.history else WorkState.NEW


def priority_of(waiting: tuple[Finding, ...]) -> float:
    """How far the highest score lies above its threshold, of what still waits; 0 where nothing does."""
    margins = (
        finding.score.value - finding.operating_point.threshold
        for finding in waiting
        if finding.score is not None and finding.operating_point is not None
    )
    return max(margins, default=0.0)


def run_on_all(workbench: Workbench) -> None:
    """Start the models that apply on every open study; none where the case is read first."""
    for study in workbench.session.index.studies:
        read_unseen(workbench, study)
