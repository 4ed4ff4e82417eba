"""Monitoring for the window: reads the signed reports off the GUI thread, and writes the table as CSV."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from viewer.app.jobs import Job, JobContext, Lane
from viewer.app.workbench import Workbench
from viewer.base.errors import ExportError, ViewerError
from viewer.base.i18n import _
from viewer.domain.figures import Figure
from viewer.inference.manifest import words
from viewer.inference.manifest_parts import ScoreHistogram
from viewer.review.audit import AuditKind
from viewer.review.monitoring import (
    RATES,
    Limits,
    Line,
    Reference,
    drift,
    drift_text,
    override_flag,
    rate_title,
)
from viewer.review.observations import Observed, observed, under_own_name
from viewer.review.report import SignedReport
from viewer.store.users import Role

LOAD_KEY = "monitoring"
TELL_EVERY = 50
"""Reports between two looks for a cancel."""


@dataclass(frozen=True)
class Listeners:
    """Who hears of reading the reports: the rows, a sentence on what went wrong."""

    rows: Callable[[Observed], None]
    failed: Callable[[ViewerError], None]


def load(workbench: Workbench, listeners: Listeners) -> None:
    """Read the last signed report of every case; a reader sees others' rows without their names."""

    def work(context: JobContext) -> Observed:
        return observed(_told(workbench, context))

    def done(rows: Observed) -> None:
        listeners.rows(_permitted(workbench, rows))

    workbench.jobs.submit(Job(LOAD_KEY, Lane.OBJECTS, work, done, listeners.failed))


def give_up(workbench: Workbench) -> None:
    """Nobody waits for the rows any more."""
    workbench.jobs.cancel(LOAD_KEY)


def limits(workbench: Workbench) -> Limits:
    """What the site calls enough."""
    site = workbench.settings.values.monitoring
    return Limits(site.least_n, site.override_low, site.override_high)


def reference_for(workbench: Workbench, line: Line) -> Reference | None:
    """The manifest's distribution for the model and finding of a line; None where it declares none."""
    for package in workbench.models.packages:
        spec = package.manifest.reference
        if package.algorithm.sha256 != line.group.model.sha256 or spec is None:
            continue
        for finding in package.manifest.findings:
            found = spec.score_histogram.get(finding.key)
            if words(finding.display) == line.group.finding and found is not None:
                return _reference(found, spec.data)
    return None


def export_table(workbench: Workbench, lines: Sequence[Line], path: Path) -> None:
    """Write a line each as CSV, with counts and intervals; raises ExportError."""
    allowed = limits(workbench)
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_titles())
            for line in lines:
                writer.writerow(_cells(workbench, line, allowed))
    except OSError as error:
        raise ExportError(_refused(path, str(error.strerror))) from error
    note_export(workbench, "table", len(lines))


def note_export(workbench: Workbench, what: str, lines: int) -> None:
    """Record that figures left the program."""
    workbench.log.note(AuditKind.EXPORT, detail={"what": f"monitoring {what}", "lines": str(lines)})


def _refused(path: Path, reason: str) -> str:
    return _("{path} cannot be written: {reason}.").format(path=path, reason=reason)


def write_picture(workbench: Workbench, path: Path, save: Callable[[str], bool]) -> None:
    """Let `save` write the charts, and record it; raises ExportError."""
    if not save(str(path)):
        raise ExportError(_refused(path, _("choose another folder")))
    note_export(workbench, "charts", 1)


def _told(workbench: Workbench, context: JobContext) -> Iterator[SignedReport]:
    for number, report in enumerate(workbench.cases.last_reports()):
        if number % TELL_EVERY == 0:
            context.report(0.0)
        yield report


def _permitted(workbench: Workbench, rows: Observed) -> Observed:
    accounts = workbench.accounts
    if not accounts.exist or (accounts.user and accounts.user.role is Role.ADMINISTRATOR):
        return rows
    own = accounts.user.printed_name if accounts.user else ""
    return under_own_name(rows, own, _("other readers"))


def _reference(found: ScoreHistogram, data: str) -> Reference:
    return Reference(found.low, found.high, tuple(found.counts), data)


def _titles() -> list[str]:
    rates = (
        title for rate in RATES for title in (rate_title(rate.key), _("low"), _("high"), _("n"))
    )
    fixed = [_("Model"), _("Finding"), _("Reader"), _("Month")]
    return [*fixed, *rates, _("Scores"), _("Remark")]


def _cells(workbench: Workbench, line: Line, allowed: Limits) -> list[str]:
    group = line.group
    figures = [cell for rate in RATES for cell in _figure(line.rates[rate.key], allowed)]
    shift = drift_text(drift(line.rows.statements, reference_for(workbench, line)), allowed)
    fixed = [group.model.title, group.finding, group.reader, group.month]
    return [*map(_plain, fixed), *figures, shift, override_flag(line, allowed)]


def _figure(figure: Figure, allowed: Limits) -> list[str]:
    """Value, low, high, n; below the least number only n."""
    if figure.n < allowed.least_n:
        return [_("too few"), "", "", str(figure.n)]
    return [f"{figure.value:.4f}", *(f"{end:.4f}" for end in figure.ci95), str(figure.n)]


def _plain(cell: str) -> str:
    """A text that a spreadsheet would take for a formula is told to be a text."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell
