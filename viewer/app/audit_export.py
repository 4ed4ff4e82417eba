"""The audit log as CSV or JSON lines; exporting it is itself recorded, with the hash of what was written."""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from viewer.base.errors import ExportError
from viewer.base.i18n import _
from viewer.export.destination import write_whole
from viewer.review.audit import AuditKind, AuditRecord
from viewer.review.canonical import canonical_json, to_plain
from viewer.store.audit_log import AuditFilter, AuditLog

COLUMNS = (
    "sequence",
    "at_utc",
    "zone",
    "user",
    "workstation",
    "kind",
    "study_uid",
    "detail",
    "previous",
    "sha256",
)


def as_json_lines(records: Iterable[AuditRecord]) -> str:
    """One record a line, as canonical JSON: each line can be hashed again."""
    return "".join(f"{canonical_json(to_plain(record))}\n" for record in records)


def as_csv(records: Iterable[AuditRecord]) -> str:
    """One record a row, the detail as JSON in one cell; a cell that a spreadsheet would run is quoted."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(COLUMNS)
    for record in records:
        plain = to_plain(record)
        plain["detail"] = json.dumps(plain["detail"], ensure_ascii=False, sort_keys=True)
        writer.writerow([_harmless(str(plain[column])) for column in COLUMNS])
    return table.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "@", "-", "\t")) else cell


FORMATS: Mapping[str, Callable[[Iterable[AuditRecord]], str]] = {
    "csv": as_csv,
    "jsonl": as_json_lines,
}
"""By suffix of the file."""


def export_log(log: AuditLog, wanted: AuditFilter, path: Path) -> int:
    """Write the records that fit, whole or not at all; returns how many.

    Raises ExportError for a suffix that is no format, and where the file cannot be written.
    """
    form = FORMATS.get(path.suffix.removeprefix("."))
    if form is None:
        words = _("Name a file that ends in .csv or .jsonl, not {name}.")
        raise ExportError(words.format(name=path.name))
    records = list(log.records(wanted))
    content = form(records).encode("utf-8-sig" if path.suffix == ".csv" else "utf-8")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path.parent, path.name, content)
    except OSError as error:
        words = _("The audit log could not be written to {path}: {reason}.")
        raise ExportError(words.format(path=path, reason=error.strerror or error)) from error
    sha256 = hashlib.sha256(content).hexdigest()
    detail = {"records": str(len(records)), "format": path.suffix[1:], "sha256": sha256}
    log.note(AuditKind.AUDIT_EXPORT, detail=detail)
    return len(records)
