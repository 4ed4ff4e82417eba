"""What the audit viewer shows and does: records that fit, whether the log holds, and its export."""

from collections.abc import Callable
from pathlib import Path

from viewer.app.audit_export import export_log
from viewer.app.jobs import Job, JobContext, Lane
from viewer.app.workbench import Workbench
from viewer.base.i18n import _, plural
from viewer.review.audit import AuditRecord
from viewer.store.audit_check import LogCheck, check_log
from viewer.store.audit_log import AuditFilter

SHOWN_AT_MOST = 2_000
"""Rows of the table; older ones are found by the filters, and an export has no limit."""

BINDING = ("case", "event", "sha256")
"""Ends of the names of what binds a record to other things: told last."""

CHECK_KEY = "verify audit log"
EXPORT_KEY = "export audit log"


def row(record: AuditRecord) -> tuple[str, str, str, str, str, str]:
    """A record as cells: number, moment with zone, user, workstation, study, and what it tells."""
    moment = f"{record.at_utc[:19].replace('T', ' ')} UTC"
    told = [(name, value) for name, value in record.detail.items() if value]
    told.sort(key=lambda one: one[0].endswith(BINDING))
    detail = ", ".join(f"{name}: {value}" for name, value in told)
    return (str(record.sequence), moment, record.user, record.workstation, record.study_uid, detail)


def verify(workbench: Workbench, say: Callable[[str, bool | None], None]) -> None:
    """Verify the log off the GUI thread; `say` gets a sentence and whether all holds (None: still at it)."""

    def work(context: JobContext) -> LogCheck:
        return check_log(workbench.log, report=context.report)

    def done(found: LogCheck) -> None:
        say(verdict_words(found), found.holds and found.anchored)

    def progress(fraction: float) -> None:
        say(_("Verifying: {percent:.0f} %").format(percent=100 * fraction), None)

    workbench.jobs.submit(
        Job(
            CHECK_KEY,
            Lane.TRANSFER,
            work,
            done,
            lambda error: say(str(error), False),
            progress,
            on_cancelled=lambda: say("", None),
        )
    )


def verdict_words(found: LogCheck) -> str:
    """What a check found, the first bad record first."""
    if found.sentences:
        first, *more = found.sentences
        words = _("The log does not hold: {first}.").format(first=first)
        return f"{words} {_('And {n} more.').format(n=len(more)) if more else ''}".strip()
    held = plural(
        "{n} record is as it was written.",
        "All {n} records are as they were written.",
        found.records,
    )
    if found.anchored:
        return held
    unknown = _(
        "Nothing remembers how long the log was: records missing at its end cannot be seen."
    )
    return f"{held} {unknown}"


def export(
    workbench: Workbench, wanted: AuditFilter, path: Path, done: Callable[[str], None]
) -> None:
    """Write the records that fit off the GUI thread; `done` gets a sentence on how it went."""

    def work(_context: JobContext) -> int:
        return export_log(workbench.log, wanted, path)

    def ended(count: int) -> None:
        records = plural("{n} record", "{n} records", count)
        done(_("{records} written to {path}.").format(records=records, path=path))

    workbench.jobs.submit(
        Job(EXPORT_KEY, Lane.TRANSFER, work, ended, lambda error: done(str(error)))
    )
