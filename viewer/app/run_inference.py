"""Running models: off the GUI thread, results go to the case of their own study, whatever is shown by then."""

from functools import partial

from viewer.app.ai_state import AiState, ai_states
from viewer.app.analyze_display_set import analyze_display_set
from viewer.app.case_locks import leave_case, same_study
from viewer.app.jobs import Job, JobContext, Lane
from viewer.app.measure_stability import cancel_stability, measure_stability
from viewer.app.opened_places import keep_place
from viewer.app.operating_points import in_force
from viewer.app.workbench import Workbench, now
from viewer.base.errors import ViewerError
from viewer.domain.display_set import DisplaySet
from viewer.domain.finding import RunState
from viewer.domain.study import Study
from viewer.inference.analysis import Analysis
from viewer.inference.model_package import ModelPackage
from viewer.inference.session import Device
from viewer.review.events import RunRecorded, ViewStated
from viewer.review.site_model import ModelState
from viewer.review.workflow import Stage


def run_applicable_models(workbench: Workbench, study: Study) -> None:
    """Start every model that applies and has not run on `study`, if the settings say so."""
    if not workbench.settings.values.inference.automatic or _is_signed(workbench, study):
        return
    if workbench.session.presence.holder(study) is not None:
        return
    if study.uid in workbench.session.network.arriving:
        return
    for display_set in study.display_sets:
        run_models_on(workbench, study, display_set)


def read_unseen(workbench: Workbench, study: Study) -> None:
    """The same for a study that is not on the screen; where it lies is kept, so that its case can be opened."""
    keep_place(workbench, study)
    run_applicable_models(workbench, study)


def run_models_on(
    workbench: Workbench, study: Study, display_set: DisplaySet, again: bool = False
) -> None:
    """Start the models that apply to one display set; `again` repeats what has ended.

    None while the case is read first: `ai_states` has nothing to say then. None that the site has not
    switched on.
    """
    for state in ai_states(workbench, study, display_set):
        package = workbench.models.now(state.package)
        if workbench.site_models.state(package) is not ModelState.ON:
            continue
        ended = state.run is not None and again
        if (state.state is RunState.NOT_RUN and state.asks is None) or ended:
            _start(workbench, study, state, in_force(workbench, package))


def state_view(workbench: Workbench, study: Study, display_set: DisplaySet, view: str) -> None:
    """Record what the reader says of the view, then run what it admits."""
    workbench.record(study, ViewStated(display_set.uid, view, workbench.reader, now()))
    run_models_on(workbench, study, display_set)
    workbench.session.events.runs.emit(None)


def cancel_runs(workbench: Workbench) -> None:
    """Give up every running model; nothing of them is recorded."""
    cancel_stability(workbench)
    for display_set_uid, model_id in list(workbench.session.running):
        workbench.jobs.cancel(_job_key(display_set_uid, model_id))
        _ended(workbench, (display_set_uid, model_id))


def _is_signed(workbench: Workbench, study: Study) -> bool:
    return workbench.session.case_of(study).stage is Stage.SIGNED


def _job_key(display_set_uid: str, model_id: str) -> str:
    return f"infer {model_id} {display_set_uid}"


def _start(workbench: Workbench, study: Study, state: AiState, package: ModelPackage) -> None:
    session = workbench.session
    key = (state.display_set.uid, state.algorithm.model_id)
    device = Device(workbench.settings.values.inference.device)
    stated = session.case_of(study).stated_views.get(state.display_set.uid, "")

    def work(context: JobContext) -> Analysis:
        return analyze_display_set(
            package,
            state.display_set,
            workbench.sessions,
            device,
            stated,
            context.report,
            context.on_cancel,
        )

    session.running[key] = 0.0
    session.events.runs.emit(None)
    workbench.jobs.submit(
        Job(
            _job_key(*key),
            Lane.INFER,
            work,
            partial(_record, workbench, study, state.display_set, package),
            partial(_failed, workbench, key),
            partial(_progress, workbench, key),
            on_cancelled=partial(_ended, workbench, key),
        )
    )


def _record(
    workbench: Workbench,
    study: Study,
    display_set: DisplaySet,
    package: ModelPackage,
    analysis: Analysis,
) -> None:
    run = analysis.run
    session = workbench.session
    session.running.pop((run.display_set_uid, run.algorithm.model_id), None)
    try:
        workbench.heatmaps.save(run.run_uid, analysis.heatmaps)
        workbench.record(study, RunRecorded(run, now()))
    except ViewerError as error:
        session.fail(error)
    else:
        session.heatmaps[run.run_uid] = analysis.heatmaps
        measure_stability(workbench, study, display_set, package, run)
    if not same_study(workbench, study):
        leave_case(workbench, study)
    session.events.runs.emit(None)
    session.events.overlay.emit(None)


def _failed(workbench: Workbench, key: tuple[str, str], error: ViewerError) -> None:
    _ended(workbench, key)
    workbench.session.fail(error)


def _progress(workbench: Workbench, key: tuple[str, str], fraction: float) -> None:
    if key in workbench.session.running:
        workbench.session.running[key] = fraction
        workbench.session.events.progress.emit(None)


def _ended(workbench: Workbench, key: tuple[str, str]) -> None:
    workbench.session.running.pop(key, None)
    workbench.session.events.runs.emit(None)
