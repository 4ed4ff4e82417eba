"""What each model says of each display set: recorded outcome, running, refused by the header, or not run."""

from dataclasses import dataclass

from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.domain.display_set import DisplaySet
from viewer.domain.finding import Algorithm, ModelRun, RunState
from viewer.domain.study import Study
from viewer.inference.analysis import decide
from viewer.inference.applicability import Applicable, AskView, NotApplicable
from viewer.inference.model_package import ModelPackage
from viewer.review.statements import (
    not_applicable_statement,
    not_run_statement,
    running_statement,
    statement,
)


@dataclass(frozen=True)
class AiState:
    """One model on one display set, as it stands.

    run: the recorded outcome, or None. reason: for not applicable. asks: the question to the reader
    when the file does not state what the model must know, else "". progress: while running.
    """

    package: ModelPackage
    display_set: DisplaySet
    state: RunState
    run: ModelRun | None = None
    reason: str = ""
    asks: AskView | None = None
    progress: float = 0.0

    @property
    def algorithm(self) -> Algorithm:
        """The model's identity."""
        return self.package.algorithm

    @property
    def sentence(self) -> str:
        """The state in words; each of the states has its own."""
        name = f"{self.algorithm.name} {self.algorithm.version}"
        if self.state is RunState.RUNNING:
            return running_statement(name)
        if self.run is not None:
            return statement(self.run)
        if self.state is RunState.NOT_APPLICABLE:
            return not_applicable_statement(name, self.reason)
        return not_run_statement(name)


def ai_states(workbench: Workbench, study: Study, display_set: DisplaySet) -> tuple[AiState, ...]:
    """The state of every model on a display set; nothing at all while the AI is withheld."""
    if not workbench.session.case_of(study).ai_visible:
        return ()
    return tuple(
        ai_state(workbench, study, display_set, package) for package in workbench.models.packages
    )


def ai_state(
    workbench: Workbench, study: Study, display_set: DisplaySet, package: ModelPackage
) -> AiState:
    """The state of one model on a display set."""
    session = workbench.session
    case = session.case_of(study)
    key = (display_set.uid, package.algorithm.model_id)
    if key in session.running:
        progress = session.running[key]
        return AiState(package, display_set, RunState.RUNNING, progress=progress)
    run = case.runs.get(key)
    if run is not None and run.algorithm == package.algorithm:
        return AiState(package, display_set, run.state, run=run, reason=run.reason)
    return _by_header(package, display_set, case.stated_views.get(display_set.uid, ""))


def _by_header(package: ModelPackage, display_set: DisplaySet, stated_view: str) -> AiState:
    verdict = decide(package, display_set.acquisition, display_set, stated_view)
    match verdict:
        case NotApplicable(reason=reason):
            return AiState(package, display_set, RunState.NOT_APPLICABLE, reason=reason)
        case AskView():
            return AiState(package, display_set, RunState.NOT_RUN, asks=verdict)
        case Applicable():
            return AiState(package, display_set, RunState.NOT_RUN)


def unrecorded_sentences(workbench: Workbench, study: Study) -> tuple[str, ...]:
    """What the report must say beyond recorded runs: refused by the header, or never run."""
    states = (
        state
        for display_set in study.display_sets
        for state in ai_states(workbench, study, display_set)
        if state.run is None
    )
    sentences = dict.fromkeys(state.sentence for state in states)
    if not workbench.models.packages:
        return (_("AI not run: no model is installed."),)
    return tuple(sentences)
