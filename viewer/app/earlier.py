"""Cases of earlier sessions: listed without their files, opened again where these lay."""

from pathlib import Path

from viewer.app.jobs import Job, Lane
from viewer.app.open_study import open_paths, show_display_set
from viewer.app.session import study_key
from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.domain.study import Study, StudyIndex
from viewer.store.earlier import EarlierCase

LIST_KEY = "earlier cases"


def load_earlier(workbench: Workbench) -> None:
    """Read the list of kept cases anew, off the GUI thread."""
    session = workbench.session

    def done(found: tuple[EarlierCase, ...]) -> None:
        session.presence.set_earlier(found)

    workbench.jobs.submit(
        Job(LIST_KEY, Lane.OBJECTS, lambda _context: workbench.earlier.listed(), done, session.fail)
    )


def not_open(workbench: Workbench) -> tuple[EarlierCase, ...]:
    """The kept cases of which no file is open now."""
    opened = {study_key(study) for study in workbench.session.index.studies}
    return tuple(
        one for one in workbench.session.presence.earlier if study_key(one.study) not in opened
    )


def open_earlier(workbench: Workbench, earlier: EarlierCase) -> None:
    """Open the files where they lay, and show the study; says what to do where they are gone."""
    there = tuple(path for path in map(Path, earlier.paths) if path.exists())
    if not there:
        workbench.session.notify(where_words(earlier))
        return

    def then(_found: StudyIndex) -> None:
        _show(workbench, earlier.study)

    open_paths(workbench, there, quiet=True, then=then)


def where_words(earlier: EarlierCase) -> str:
    """How to get at the files of a case."""
    if not earlier.paths:
        return _("Files not open: open their folder, or retrieve the study from the PACS.")
    if not any(Path(path).exists() for path in earlier.paths):
        return _(
            "The files are no longer where they were; open their folder, or retrieve the study from the PACS."
        )
    return _("Files not open: a double click, or Enter, opens them again.")


def _show(workbench: Workbench, wanted: Study) -> None:
    for study in workbench.session.index.studies:
        if study_key(study) == study_key(wanted) and study.display_sets:
            show_display_set(workbench, study, study.display_sets[0])
            return
    workbench.session.notify(
        _("The files that lie there now are not of this study; retrieve it from the PACS.")
    )
