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
from viewer.review.site_model import ModelState
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
        ai_state(workbench, study, display_set, package)
        for package in shown_packages(workbench, study, display_set)
    )


def shown_packages(
    workbench: Workbench, study: Study, display_set: DisplaySet
) -> tuple[ModelPackage, ...]:
    """The models the site has switched on, and those whose run the case holds already; never another.

    A result that is there stays, in whatever precision it was made, until the model runs again.
    """
    runs = workbench.session.case_of(study).runs.values()
    held = {run.algorithm for run in runs if run.display_set_uid == display_set.uid}
    site = workbench.site_models
    packages = (
        _as_it_ran(workbench, study, display_set, package) for package in workbench.models.packages
    )
    return tuple(
        site.as_decided(package)
        for package in packages
        if site.state(package) is ModelState.ON or package.algorithm in held
    )


def _as_it_ran(
    workbench: Workbench, study: Study, display_set: DisplaySet, package: ModelPackage
) -> ModelPackage:
    """The package in the precision of the result that is there; while it runs again, in that of now."""
    key = (display_set.uid, package.algorithm.model_id)
    run = workbench.session.case_of(study).runs.get(key)
    if run is None or key in workbench.session.running:
        return package
    return workbench.models.made(run.algorithm) or package


def no_model_sentence(workbench: Workbench) -> str:
    """Why no model has anything to say; "" where one is switched on."""
    packages = workbench.models.packages
    if not packages:
        return _("AI not run: no model is installed.")
    if not workbench.site_models.in_state(packages, ModelState.ON):
        return _("AI not run: this site has switched no model on.")
    return ""


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
    if not sentences and not workbench.session.case_of(study).runs:
        missing = no_model_sentence(workbench)
        return (missing,) if missing else ()
    return tuple(sentences)
