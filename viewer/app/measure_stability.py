"""How stable a result is, measured after it is shown: extra runs that wait behind every first result."""

from functools import partial

from viewer.app.case_locks import leave_case, same_study
from viewer.app.jobs import Job, JobContext, Lane
from viewer.app.session import RunKey
from viewer.app.workbench import Workbench, now
from viewer.base.errors import ViewerError
from viewer.dicom.decoder import decode
from viewer.dicom.volume_builder import build_volume
from viewer.domain.display_set import DisplaySet
from viewer.domain.finding import ModelRun, RunState
from viewer.domain.study import Study
from viewer.domain.volume import Volume
from viewer.inference.model_package import ModelPackage
from viewer.inference.series_analysis import reads_series
from viewer.inference.series_stability import with_series_stability
from viewer.inference.session import Device
from viewer.inference.stability import with_stability
from viewer.review.events import RunRecorded
from viewer.review.workflow import Stage


def measure_stability(
    workbench: Workbench,
    study: Study,
    display_set: DisplaySet,
    package: ModelPackage,
    run: ModelRun,
) -> None:
    """Run the network again on variants of the image; the figures join the findings of `run`.

    Only of the study on the screen, whose case is in hand; nothing happens where the run states
    nothing, or a model of single frames was shown a stack.
    """
    wanted = workbench.settings.values.inference.stability and same_study(workbench, study)
    stated = run.state is RunState.DONE and bool(run.findings or run.below)
    single = len(display_set.frames) == 1
    if not (wanted and stated) or not (single or reads_series(package)):
        return
    device = Device(workbench.settings.values.inference.device)

    def work(context: JobContext) -> ModelRun:
        context.report(0.0)
        pool, told = workbench.sessions, (context.report, context.on_cancel)
        if reads_series(package):
            volume = _volume(display_set, context)
            return with_series_stability(run, package, volume, pool, device, *told)
        return with_stability(run, package, decode(display_set.frames[0]), pool, device, *told)

    key = _key(run)
    workbench.session.measuring.add(key)
    workbench.jobs.submit(
        Job(
            _job_key(key),
            Lane.INFER,
            work,
            partial(_record, workbench, study),
            partial(_failed, workbench, study, key),
            on_cancelled=partial(_ended, workbench, study, key),
        )
    )


def _volume(display_set: DisplaySet, context: JobContext) -> Volume:
    """All slices, decoded once more: they are not kept after a result."""
    frames = []
    for ref in display_set.frames:
        frames.append(decode(ref))
        context.report(0.0)
    return build_volume(frames, display_set.acquisition.slice_thickness_mm)


def cancel_stability(workbench: Workbench) -> None:
    """Give the extra runs up; the findings stay as they are, without the figure."""
    for key in list(workbench.session.measuring):
        workbench.jobs.cancel(_job_key(key))
        workbench.session.measuring.discard(key)


def _key(run: ModelRun) -> RunKey:
    return (run.display_set_uid, run.algorithm.model_id)


def _job_key(key: RunKey) -> str:
    return f"stability {key[1]} {key[0]}"


def _record(workbench: Workbench, study: Study, run: ModelRun) -> None:
    """Taken only while the case is open and still holds that very run."""
    session = workbench.session
    case = session.case_of(study)
    current = case.runs.get(_key(run))
    same = current is not None and current.run_uid == run.run_uid
    if same and case.stage is Stage.READING:
        try:
            workbench.record(study, RunRecorded(run, now()))
        except ViewerError as error:
            session.fail(error)
        session.events.runs.emit(None)
    _ended(workbench, study, _key(run))


def _failed(workbench: Workbench, study: Study, key: RunKey, error: ViewerError) -> None:
    workbench.session.fail(error)
    _ended(workbench, study, key)


def _ended(workbench: Workbench, study: Study, key: RunKey) -> None:
    workbench.session.measuring.discard(key)
    if not same_study(workbench, study):
        leave_case(workbench, study)
