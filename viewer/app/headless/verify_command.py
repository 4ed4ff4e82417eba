"""`secondread verify REPORT`: offline, names what does not match; 0 only when everything does."""

import sys
from collections.abc import Sequence
from pathlib import Path

from viewer.app.headless.audit_command import database_place
from viewer.app.installed_models import installed_models
from viewer.app.jobs import ignore
from viewer.app.verify_report import Check, checks, read_report
from viewer.app.verify_stored import stored_checks
from viewer.base.i18n import _
from viewer.dicom.indexer import index
from viewer.domain.study import StudyIndex

OK, FAILED = 0, 1
_WORDS = {True: "ok     ", False: "DIFFERS", None: "absent "}


def run_verify(report: Path, images: Sequence[Path], rerun: bool, database: str = "") -> int:
    """Compare a report with its own hash, the case database, images and the installed models.

    Raises FileProblem where the report or a path cannot be read.
    """
    content, own = read_report(report)
    found = index(images, ignore, ignore) if images else StudyIndex()
    compared = [
        own,
        *stored_checks(content, database_place(database)),
        *checks(content, found, installed_models(), rerun),
    ]
    for check in compared:
        sys.stdout.write(f"{_WORDS[check.matches]} {check.what}: {check.sentence}\n")
    sys.stdout.write(_summary(compared) + "\n")
    return OK if all(check.matches for check in compared) else FAILED


def _summary(compared: Sequence[Check]) -> str:
    if any(check.matches is False for check in compared):
        return _("The report does not match: see the lines marked DIFFERS.")
    if any(check.matches is None for check in compared):
        return _(
            "Nothing differs, but not everything could be compared: see the lines marked absent."
        )
    return _("The report matches its images, its models, the stored decisions and itself.")
