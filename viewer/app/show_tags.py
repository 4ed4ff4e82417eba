"""All attributes of a file, read in the background and shown in a window."""

from pathlib import Path

from viewer.app.jobs import Job, Lane
from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.dicom.tags import tag_rows

TAGS_KEY = "tags"


def show_tags(workbench: Workbench, path: Path) -> None:
    """Read the attributes and show them; say why where they cannot be read."""
    workbench.jobs.submit(
        Job(
            TAGS_KEY,
            Lane.TRANSFER,
            lambda _context: tag_rows(path),
            lambda rows: workbench.dialogs.show_tags(_("DICOM attributes"), rows),
            workbench.session.fail,
        )
    )
