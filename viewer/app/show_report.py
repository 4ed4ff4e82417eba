"""Reports of any program: read in the background, shown as text with links, their shapes over the images."""

from functools import partial

from viewer.app.instance_links import link_actions
from viewer.app.jobs import Job, Lane
from viewer.app.report_marks import take_marks
from viewer.app.segments import open_segmentation
from viewer.app.while_here import while_here
from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.dicom.structured_report import read_report
from viewer.domain.sr_document import SrDocument
from viewer.domain.study import Study
from viewer.domain.study_object import ObjectKind, StudyObject

REPORT_KEY = "open report"


def show_report(workbench: Workbench, study: Study, found: StudyObject) -> None:
    """Read a structured report or key object document and show it; say why where it cannot be read."""
    links = link_actions(workbench, study, partial(_open_listed, workbench))

    def show(document: SrDocument) -> None:
        take_marks(workbench.session, study, found.sop_instance_uid, document)
        workbench.dialogs.show_sr(study, document, links)

    workbench.jobs.submit(
        Job(
            REPORT_KEY,
            Lane.OBJECTS,
            lambda _context: read_report(found),
            while_here(workbench.session, show),
            workbench.session.fail,
        )
    )


def _open_listed(workbench: Workbench, study: Study, found: StudyObject) -> None:
    """What a report may refer to beside images: segmentations and other reports."""
    if found.kind is ObjectKind.SEGMENTATION:
        open_segmentation(workbench, study, found)
    elif found.kind in (ObjectKind.REPORT, ObjectKind.KEY_OBJECTS):
        show_report(workbench, study, found)
    else:
        workbench.session.notify(_("Open it from the list of studies."))
