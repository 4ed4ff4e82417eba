"""Which of a network's maps belong on the frame that is shown."""

from collections.abc import Iterator
from pathlib import Path

from viewer.app.session import Session
from viewer.app.workbench import Workbench
from viewer.domain.finding import ModelRun, RunState
from viewer.domain.image import Heatmap
from viewer.domain.study import Study


def shown_heatmaps(workbench: Workbench) -> tuple[Heatmap, ...]:
    """Maps to draw on the frame on the screen: none unless the overlay is on, and unless the reader
    asked for those too, none of a model without a finding above its threshold and none that belongs
    to a finding below it. While a finding is selected, only its own: maps of several models on top
    of one another cannot be told apart."""
    session = workbench.session
    if session.shown is None or not session.overlay.visible:
        return ()
    return tuple(
        heatmap
        for run in _runs_of_selected(session)
        if run.findings or session.overlay.below
        for heatmap in _wanted(workbench, session.shown.study, run, session.overlay.below)
        if heatmap.label not in _other_findings(run, session.selected)
        and heatmap.ref.sop_instance_uid == session.shown.ref.sop_instance_uid
        and heatmap.ref.frame == session.shown.ref.frame
    )


def _runs_of_selected(session: Session) -> list[ModelRun]:
    """The run that states the selected finding; all of the display set when none of them does."""
    assert session.shown is not None
    runs = list(session.runs_of(session.shown.display_set))
    stating = [run for run in runs if session.selected in _tracking_uids(run)]
    return stating or runs


def _tracking_uids(run: ModelRun) -> set[str]:
    return {finding.tracking_uid for finding in (*run.findings, *run.below)}


def _other_findings(run: ModelRun, selected: str | None) -> set[str]:
    """Names of the run's findings beside the selected one; none when it is not the run's."""
    if selected not in _tracking_uids(run):
        return set()
    stated = (*run.findings, *run.below)
    return {finding.label for finding in stated if finding.tracking_uid != selected}


def _wanted(workbench: Workbench, study: Study, run: ModelRun, below: bool) -> Iterator[Heatmap]:
    """A map named as a finding is that finding's; maps of organs belong to all of the run's."""
    hidden = set() if below else {finding.label for finding in run.below}
    maps = run_heatmaps(workbench, study, run)
    return (heatmap for heatmap in maps if heatmap.label not in hidden)


def study_heatmaps(workbench: Workbench, study: Study) -> tuple[Heatmap, ...]:
    """The maps of a study's findings above their thresholds, for the report."""
    runs = workbench.session.case_of(study).runs.values()
    return tuple(_maps(workbench, study, [run for run in runs if run.findings]))


def _maps(workbench: Workbench, study: Study, runs: list[ModelRun]) -> Iterator[Heatmap]:
    for run in runs:
        yield from _wanted(workbench, study, run, below=False)


def run_heatmaps(workbench: Workbench, study: Study, run: ModelRun) -> tuple[Heatmap, ...]:
    """The maps of one run, from memory or from the store."""
    if run.state is not RunState.DONE:
        return ()
    known = workbench.session.heatmaps
    if run.run_uid not in known:
        known[run.run_uid] = workbench.heatmaps.load(run.run_uid, study_files(study))
    return known[run.run_uid]


def study_files(study: Study) -> dict[str, Path]:
    """The file of each instance of a study."""
    return {
        instance.sop_instance_uid: instance.path
        for series in study.series
        for instance in series.instances
    }
