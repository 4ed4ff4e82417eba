"""The worklist: open studies by state of their case and, where the AI proposes first, by its priority.

While the site reads first, nothing an AI has said moves a line: order is by the reader's own acts alone.
"""

from dataclasses import dataclass
from enum import Enum

from viewer.app.run_inference import run_applicable_models
from viewer.app.workbench import Workbench
from viewer.base.i18n import _, plural
from viewer.domain.finding import Finding
from viewer.domain.study import Study
from viewer.review.case import Case
from viewer.review.reading import ReadingMode
from viewer.review.workflow import Stage


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
    """One line. waiting: findings that wait for the reader. priority: see `priority_of`."""

    study: Study
    state: WorkState
    waiting: int = 0
    priority: float = 0.0

    @property
    def words(self) -> str:
        """The state in words."""
        if self.state is WorkState.WAITING:
            return plural("{n} undecided", "{n} undecided", self.waiting)
        return {
            WorkState.RUNNING: _("AI running"),
            WorkState.NEW: _("new"),
            WorkState.FIRST_READ: _("to be read first"),
            WorkState.DECIDED: _("nothing undecided"),
            WorkState.SIGNED: _("signed"),
        }[self.state]


def work_items(workbench: Workbench) -> tuple[WorkItem, ...]:
    """All open studies in the order in which they are to be read."""
    items = [_item(workbench, study) for study in workbench.session.index.studies]
    if workbench.session.reading_mode is ReadingMode.READ_FIRST:
        return tuple(sorted(items, key=lambda item: _own_rank(workbench, item)))
    return tuple(sorted(items, key=lambda item: (item.state.value, -item.priority)))


def _own_rank(workbench: Workbench, item: WorkItem) -> int:
    """By the reader's acts alone: to be read, revealed, signed; arrival decides within each."""
    case = workbench.session.case_of(item.study)
    if case.stage is Stage.SIGNED:
        return 2
    return 1 if case.first_read is not None else 0


def _item(workbench: Workbench, study: Study) -> WorkItem:
    case = workbench.session.case_of(study)
    waiting = case.waiting
    return WorkItem(study, _state(workbench, study, case), len(waiting), priority_of(waiting))


def _state(workbench: Workbench, study: Study, case: Case) -> WorkState:
    if case.stage is Stage.SIGNED:
        return WorkState.SIGNED
    if not case.ai_visible:
        return WorkState.FIRST_READ
    if workbench.session.is_running(study):
        return WorkState.RUNNING
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
        run_applicable_models(workbench, study)
