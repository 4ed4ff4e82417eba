"""Reports of any program: read in the background, shown as text with links to their images."""

from viewer.app.instance_links import link_actions
from viewer.app.jobs import Job, Lane
from viewer.app.while_here import while_here
from viewer.app.workbench import Workbench
from viewer.dicom.structured_report import read_report
from viewer.domain.study import Study
from viewer.domain.study_object import StudyObject

REPORT_KEY = "open report"


def show_report(workbench: Workbench, study: Study, found: StudyObject) -> None:
    """Read a structured report or key object document and show it; say why where it cannot be read."""
    workbench.jobs.submit(
        Job(
            REPORT_KEY,
            Lane.OBJECTS,
            lambda _context: read_report(found),
            while_here(
                workbench.session,
                lambda document: workbench.dialogs.show_sr(
                    study, document, link_actions(workbench, study)
                ),
            ),
            workbench.session.fail,
        )
    )
