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
from viewer.domain.input_figures import InputKey, input_title
from viewer.inference.manifest import words
from viewer.inference.manifest_parts import Histogram
from viewer.review.audit import AuditKind
from viewer.review.drift import (
    Drift,
    Reference,
    References,
    drift,
    drift_text,
    drift_word,
    input_drift,
    input_word,
)
from viewer.review.later_truth import Truths
from viewer.review.monitoring import RATES, Limits, Line, override_flag, rate_title
from viewer.review.observations import Observed, observed_with_truth, under_own_name
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
        return observed_with_truth(_told(workbench, context))

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


def references_for(workbench: Workbench, line: Line) -> References:
    """What the manifest declares for the model and finding of a line; empty where it declares nothing."""
    for package in workbench.models.every:
        spec = package.manifest.reference
        if package.algorithm.sha256 != line.group.model.sha256 or spec is None:
            continue
        scores = {
            words(finding.display): spec.score_histogram.get(finding.key)
            for finding in package.manifest.findings
        }
        score = scores.get(line.group.finding)
        inputs = {
            InputKey(key): _reference(one, spec.input_data or spec.data, spec.input_differs)
            for key, one in spec.input_histogram.items()
        }
        return References(
            None if score is None else _reference(score, spec.data, spec.differs), inputs
        )
    return References()


def export_table(workbench: Workbench, lines: Sequence[Line], path: Path) -> None:
    """Write a line each as CSV, with counts and intervals; raises ExportError."""
    allowed = limits(workbench)
    _write(path, [_titles(), *(_cells(workbench, line, allowed) for line in lines)])
    note_export(workbench, "table", len(lines))


def export_drift(workbench: Workbench, lines: Sequence[Line], path: Path) -> None:
    """Write scores and each number of the input of every line as CSV; raises ExportError."""
    allowed = limits(workbench)
    rows = [cells for line in lines for cells in _drift_cells(workbench, line, allowed)]
    _write(path, [_drift_titles(), *rows])
    note_export(workbench, "drift", len(rows))


def _write(path: Path, rows: Sequence[Sequence[str]]) -> None:
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(rows)
    except OSError as error:
        raise ExportError(_refused(path, str(error.strerror))) from error


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


def _told(workbench: Workbench, context: JobContext) -> Iterator[tuple[SignedReport, Truths]]:
    truths = workbench.cases.truths_by_case()
    for number, (case_id, report) in enumerate(workbench.cases.last_reports_by_case()):
        if number % TELL_EVERY == 0:
            context.report(0.0)
        yield report, truths.get(case_id, {})


def _permitted(workbench: Workbench, rows: Observed) -> Observed:
    accounts = workbench.accounts
    if not accounts.exist or (accounts.user and accounts.user.role is Role.ADMINISTRATOR):
        return rows
    own = accounts.user.printed_name if accounts.user else ""
    return under_own_name(rows, own, _("other readers"))


def _reference(found: Histogram, data: str, differs: str) -> Reference:
    return Reference(found.low, found.high, tuple(found.counts), data, differs)


def _titles() -> list[str]:
    rates = (
        title for rate in RATES for title in (rate_title(rate.key), _("low"), _("high"), _("n"))
    )
    fixed = [_("Model"), _("Finding"), _("Reader"), _("Month")]
    return [*fixed, *rates, _("Scores"), _("Inputs"), _("Remark")]


def _cells(workbench: Workbench, line: Line, allowed: Limits) -> list[str]:
    group = line.group
    figures = [cell for rate in RATES for cell in _figure(line.rates[rate.key], allowed)]
    references = references_for(workbench, line)
    scores = drift_text(drift(line.rows.statements, references.score), allowed)
    inputs = input_word(line.rows.inputs, references, allowed)
    fixed = [group.model.title, group.finding, group.reader, group.month]
    return [*map(_plain, fixed), *figures, scores, inputs, override_flag(line, allowed)]


def _drift_titles() -> list[str]:
    fixed = [_("Model"), _("Finding"), _("Reader"), _("Month"), _("What"), _("n")]
    index = [_("Stability index"), _("low"), _("high"), _("By chance up to")]
    return [*fixed, *index, _("In words"), _("Reference")]


def _drift_cells(workbench: Workbench, line: Line, allowed: Limits) -> Iterator[list[str]]:
    references, group = references_for(workbench, line), line.group
    found = {_("Score"): drift(line.rows.statements, references.score)} | {
        input_title(key): input_drift(line.rows.inputs, key, references.inputs.get(key))
        for key in InputKey
    }
    fixed = [group.model.title, group.finding, group.reader, group.month]
    for what, one in found.items():
        if one.n:
            shift = [*_shift_cells(one, allowed), drift_word(one, allowed)]
            data = "" if one.reference is None else one.reference.data
            yield [*map(_plain, fixed), what, str(one.n), *shift, _plain(data)]


def _shift_cells(found: Drift, allowed: Limits) -> list[str]:
    """Index, low, high, by chance; empty below the least number and without a reference."""
    if found.shift is None or found.n < allowed.least_n:
        return [""] * 4
    index = found.shift.index
    return [f"{one:.4f}" for one in (index.value, *index.ci95, found.shift.by_chance)]


def _figure(figure: Figure, allowed: Limits) -> list[str]:
    """Value, low, high, n; below the least number only n."""
    if figure.n < allowed.least_n:
        return [_("too few"), "", "", str(figure.n)]
    return [f"{figure.value:.4f}", *(f"{end:.4f}" for end in figure.ci95), str(figure.n)]


def _plain(cell: str) -> str:
    """A text that a spreadsheet would take for a formula is told to be a text."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell
