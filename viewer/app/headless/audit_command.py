"""`secondread audit verify` and `secondread audit export FILE`: the audit log without the window."""

import getpass
import platform
import sys
from pathlib import Path

from viewer.app.audit_export import export_log
from viewer.app.settings import SETTINGS_NAME, Settings
from viewer.app.verify_stored import opened_log
from viewer.base.errors import StoreError
from viewer.base.i18n import _
from viewer.base.paths import data_folder, settings_folder
from viewer.review.audit import Actor
from viewer.store.audit_check import check_log
from viewer.store.audit_log import AuditFilter, AuditLog
from viewer.store.database import chosen_place

OK, FAILED = 0, 1


def database_place(database: str) -> Path | str:
    """The database that was named (a file or a URL), else the one the program works with."""
    if database:
        return database if "://" in database else Path(database)
    settings = Settings(settings_folder() / SETTINGS_NAME)
    return chosen_place(settings.values.site.database_url, data_folder())


def run_audit_verify(database: str) -> int:
    """Say whether the log holds, and the first record that does not. Raises StoreError without a database."""
    with opened_log(existing_place(database)) as log:
        found = check_log(log)
    for sentence in found.sentences:
        sys.stdout.write(f"DIFFERS {sentence}\n")
    if not found.anchored:
        words = _("The end of the log is remembered nowhere: records missing there cannot be seen.")
        sys.stdout.write(f"absent  {words}\n")
    summary = (
        _("The audit log holds: {n} records.") if found.holds else _("The audit log does not hold.")
    )
    sys.stdout.write(summary.format(n=found.records) + "\n")
    return OK if found.holds and found.anchored else FAILED


def run_audit_export(database: str, path: Path, wanted: AuditFilter) -> int:
    """Write the log as CSV or JSON lines; raises ExportError or StoreError."""
    with opened_log(existing_place(database)) as opened:
        who = Actor(user=f"{getpass.getuser()} (shell)", workstation=platform.node())
        count = export_log(AuditLog(opened.engine, opened.anchor, lambda: who), wanted, path)
    sys.stdout.write(_("{n} records to {path}").format(n=count, path=path) + "\n")
    return OK


def existing_place(database: str) -> Path | str:
    """The same, of a database that is there; raises StoreError."""
    place = database_place(database)
    if isinstance(place, Path) and not place.is_file():
        raise StoreError(_("There is no case database at {path}.").format(path=place))
    return place
