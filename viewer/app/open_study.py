"""Opening: index paths off the GUI thread, show the first display set as soon as there is one."""

from collections.abc import Callable, Sequence
from pathlib import Path

from viewer.app.case_locks import leave_case, take_case
from viewer.app.first_read import begin_blind_reading
from viewer.app.jobs import Job, JobContext, Lane, ignore
from viewer.app.opened_places import keep_place
from viewer.app.run_inference import run_applicable_models
from viewer.app.session import study_key
from viewer.app.workbench import Workbench
from viewer.base.errors import ViewerError
from viewer.base.i18n import _, plural
from viewer.dicom.indexer import index
from viewer.domain.display_set import DisplaySet
from viewer.domain.study import Study, StudyIndex
from viewer.review.audit import AuditKind

INDEX_KEY = "index"


def open_paths(
    workbench: Workbench,
    paths: Sequence[Path],
    quiet: bool = False,
    then: Callable[[StudyIndex], None] = ignore,
) -> None:
    """Add files and folders to what is open.

    quiet: for what arrives by itself; nothing is said of what was found. then: told of what was found.
    """
    session = workbench.session
    session.opened_paths = tuple(dict.fromkeys([*session.opened_paths, *paths]))
    everything = session.opened_paths
    session.set_indexing(0.0)

    def work(context: JobContext) -> StudyIndex:
        return index(everything, context.publish, context.report)

    def done(found: StudyIndex) -> None:
        session.set_indexing(None)
        take_index(workbench, found)
        notes = session.shown.display_set.notes if session.shown else ()
        if not quiet:
            session.notify(" ".join((_summary(found), *notes)))
        for study in session.index.studies:
            if session.shown is not None and session.shown.study == study:
                run_applicable_models(workbench, study)
        then(found)

    def failed(error: ViewerError) -> None:
        session.set_indexing(None)
        session.opened_paths = tuple(path for path in everything if path not in paths)
        session.fail(error)

    workbench.jobs.submit(
        Job(
            INDEX_KEY,
            Lane.TRANSFER,
            work,
            done,
            failed,
            session.set_indexing,
            lambda found: take_index(workbench, found),
            lambda: session.set_indexing(None),
        )
    )


def cancel_opening(workbench: Workbench) -> None:
    """Stop looking for more; what was found stays."""
    workbench.jobs.cancel(INDEX_KEY)
    workbench.session.set_indexing(None)
    workbench.session.notify(_("Opening was cancelled; what was found so far is listed."))


def take_index(workbench: Workbench, found: StudyIndex) -> None:
    """Show what was found; the first display set goes on the screen if that is empty."""
    session = workbench.session
    session.set_index(found)
    if session.shown is not None:
        return
    for study in session.index.studies:
        if study.display_sets:
            show_display_set(workbench, study, study.display_sets[0])
            return


def show_display_set(
    workbench: Workbench, study: Study, display_set: DisplaySet, position: int | None = None
) -> None:
    """Put a display set on the screen; its study's models run if the settings say so."""
    session = workbench.session
    left = session.shown.study if session.shown is not None else None
    new_study = left is None or study_key(left) != study_key(study)
    if new_study:
        workbench.shared.refresh()
        workbench.site_models.refresh()
        take_case(workbench, study)
    session.show(study, display_set, position)
    if display_set.notes and study.uid not in session.network.arriving:
        session.notify(" ".join(display_set.notes))
    if new_study:
        if left is not None:
            leave_case(workbench, left)
        workbench.log.note(AuditKind.OPEN, study.uid)
        keep_place(workbench, study)
        _warn_of_other_identity(workbench, study)
        begin_blind_reading(workbench, study)
        if session.indexing is None:
            run_applicable_models(workbench, study)


def _warn_of_other_identity(workbench: Workbench, study: Study) -> None:
    if workbench.cases.reviewed_under_another_identity(study):
        workbench.session.notify(
            _(
                "This study was reviewed before under other patient data. That case is not shown; "
                "check the patient's identity."
            )
        )


def _summary(found: StudyIndex) -> str:
    parts = [plural("{n} study", "{n} studies", len(found.studies))]
    if found.skipped:
        parts.append(plural("{n} other file skipped", "{n} other files skipped", found.skipped))
    if found.problems:
        parts.append(plural("{n} file not used", "{n} files not used", len(found.problems)))
    if not found.studies:
        parts[0] = _("No DICOM study was found there")
    return ", ".join(parts) + "."
