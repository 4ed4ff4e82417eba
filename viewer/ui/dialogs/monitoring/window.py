"""MonitoringWindow: rates over signed reports by model, finding, reader and month, with charts and export."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QColor
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from viewer.app import monitoring
from viewer.app.workbench import Workbench
from viewer.base.errors import ViewerError
from viewer.base.i18n import _, plural
from viewer.domain.input_figures import InputKey, input_title
from viewer.review.drift import References, drift, drift_text, input_drift, input_word
from viewer.review.monitoring import (
    RATES,
    Choice,
    Line,
    caveat,
    chosen,
    curve,
    figure_text,
    lines,
    override_flag,
    rate_hint,
    rate_title,
    reliability,
    truth_caveat,
    truth_curve,
)
from viewer.review.observations import Observed, Seen
from viewer.ui import theme
from viewer.ui.dialogs.monitoring.plots import InputChart, ReliabilityChart, RocChart, ScoreChart
from viewer.ui.panels.fields import muted

FIXED = 4
"""Columns before the rates: model, finding, reader, month."""

COLUMN_PX = (230, 190, 110, 70)
RATE_PX = 180
DRIFT_PX = 250


class MonitoringWindow(QDialog):
    """Beside the main window; filters act at once, the charts follow the chosen line."""

    def __init__(self, parent: QWidget | None, workbench: Workbench) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._limits = monitoring.limits(workbench)
        self._rows = Observed()
        self._lines: tuple[Line, ...] = ()
        self.setWindowTitle(_("Monitoring"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(1280, 820)
        self._choices = {name: QComboBox() for name in _every()}
        self._split = {"reader": QCheckBox(_("By reader")), "month": QCheckBox(_("By month"))}
        self.table = _table()
        self.charts = QWidget()
        self._roc, self._reliability = RocChart(), ReliabilityChart()
        self._scores, self._input = ScoreChart(), InputChart()
        self.which_input = _inputs()
        self.by_truth = QCheckBox(_("Against later truth"))
        self.warning = QLabel(caveat())
        self._about = muted("")
        self._words = QLabel(_("Reading the signed reports…"))
        self._words.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.addLayout(self._filters())
        layout.addWidget(self.table, 2)
        layout.addWidget(self._make_charts(), 3)
        layout.addLayout(self._acts())
        self.table.currentItemChanged.connect(lambda _now, _before: self._draw())
        for box in self._choices.values():
            box.currentIndexChanged.connect(lambda _place: self.refresh())
        for check in (*self._split.values(), self.by_truth):
            check.toggled.connect(lambda _on: self.refresh())
        self.which_input.currentIndexChanged.connect(lambda _place: self._draw())
        monitoring.load(workbench, monitoring.Listeners(self._take, self._fail))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Nobody waits for the rows any more."""
        monitoring.give_up(self._workbench)
        super().closeEvent(event)

    def _filters(self) -> QHBoxLayout:
        row = QHBoxLayout()
        for name, box in self._choices.items():
            box.setAccessibleName(_every()[name])
            box.addItem(_every()[name], None)
            row.addWidget(box, 2 if name in ("model", "finding") else 1)
        for check in (*self._split.values(), self.by_truth):
            row.addWidget(check)
        return row

    def _make_charts(self) -> QWidget:
        inner = QVBoxLayout(self.charts)
        inner.setContentsMargins(0, 0, 0, 0)
        top = QHBoxLayout()
        top.addWidget(self._about, 1)
        top.addWidget(self.which_input)
        inner.addLayout(top)
        row = QHBoxLayout()
        for chart in (self._roc, self._reliability, self._scores, self._input):
            row.addWidget(chart, 1)
        inner.addLayout(row, 1)
        self.warning.setWordWrap(True)
        self.warning.setStyleSheet(f"color: {theme.WARNING};")
        inner.addWidget(self.warning)
        return self.charts

    def _acts(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(self._words, 1)
        acts = (
            (_("Export table…"), self._export_table),
            (_("Export drift…"), self._export_drift),
            (_("Export charts…"), self._export_charts),
            (_("Close"), self.close),
        )
        for words, act in acts:
            button = QPushButton(words)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, act=act: act())
            row.addWidget(button)
        return row

    def _take(self, rows: Observed) -> None:
        if not isValid(self):
            return
        self._rows = rows
        self._fill_choices()
        self.refresh()

    def _fail(self, error: ViewerError) -> None:
        if isValid(self):
            self._words.setText(str(error))

    def _fill_choices(self) -> None:
        subjects = [row.subject for row in (*self._rows.statements,)]
        subjects += [row.subject for row in self._rows.reads]
        subjects += [row.subject for row in self._rows.judged]
        models = {one.model.title: one.model for one in subjects}
        months = sorted({one.month for one in subjects})
        named: dict[str, Sequence[tuple[str, object]]] = {
            "model": sorted(models.items()),
            "finding": [(name, name) for name in sorted({one.finding for one in subjects})],
            "reader": [(name, name) for name in sorted({one.reader for one in subjects})],
            "since": [(month, month) for month in months],
            "until": [(month, month) for month in months],
        }
        for name, box in self._choices.items():
            box.blockSignals(True)
            for words, value in named[name]:
                box.addItem(words, value)
            box.blockSignals(False)

    @property
    def choice(self) -> Choice:
        """The filters as they stand."""
        at = {name: box.currentData() for name, box in self._choices.items()}
        return Choice(
            at["model"],
            at["finding"] or "",
            at["reader"] or "",
            at["since"] or "",
            at["until"] or "",
        )

    def refresh(self) -> None:
        """Count anew."""
        by_reader, by_month = (self._split[name].isChecked() for name in ("reader", "month"))
        self._lines = lines(chosen(self._rows, self.choice), by_reader, by_month)
        self.table.setColumnHidden(2, not by_reader)
        self.table.setColumnHidden(3, not by_month)
        self._choose_columns(self.by_truth.isChecked())
        self.table.clear()
        for line in self._lines:
            self.table.addTopLevelItem(self._item(line))
        first = self.table.topLevelItem(0)
        if first is not None:
            self.table.setCurrentItem(first)
        self._draw()
        self._words.setText(self._counted())

    def _choose_columns(self, by_truth: bool) -> None:
        """Verdicts and drift, or what turned out later."""
        for column, rate in enumerate(RATES, start=FIXED):
            self.table.setColumnHidden(column, rate.by_truth is not by_truth)
        for column in range(FIXED + len(RATES), self.table.columnCount()):
            self.table.setColumnHidden(column, by_truth)

    def _counted(self) -> str:
        if not self._rows.reports:
            return _("No report is signed yet.")
        reports = plural("{n} signed report", "{n} signed reports", self._rows.reports)
        return _(
            "{reports}, the last version of each. 95 % intervals (Wilson), each verdict counted as "
            "independent; below {least} cases no rate is shown."
        ).format(reports=reports, least=self._limits.least_n)

    def _item(self, line: Line) -> QTreeWidgetItem:
        group, flag = line.group, override_flag(line, self._limits)
        figures = [figure_text(line.rates[rate.key], self._limits) for rate in RATES]
        named = [group.model.title, group.finding, group.reader, group.month]
        cells = [*named, *figures, *self._drifts(line), flag]
        item = QTreeWidgetItem(cells)
        item.setToolTip(0, group.model.title)
        item.setToolTip(len(cells) - 1, flag)
        if flag:
            for column in (FIXED + 1, len(cells) - 1):
                item.setForeground(column, QColor(theme.WARNING))
        for column in (len(cells) - 3, len(cells) - 2):
            item.setToolTip(column, cells[column])
            if cells[column].startswith(_("clearly shifted")):
                item.setForeground(column, QColor(theme.WARNING))
        return item

    def _drifts(self, line: Line) -> tuple[str, str]:
        """Scores and inputs beside the reference, in words."""
        references = monitoring.references_for(self._workbench, line)
        scores = drift_text(drift(line.rows.statements, references.score), self._limits)
        return scores, input_word(line.rows.inputs, references, self._limits)

    def _draw(self) -> None:
        place = self.table.currentIndex().row()
        line = self._lines[place] if 0 <= place < len(self._lines) else None
        rows = () if line is None else line.rows.statements
        references = (
            References() if line is None else monitoring.references_for(self._workbench, line)
        )
        calibrated = bool(rows) and all(row.calibrated for row in rows if row.score is not None)
        self._about.setText("" if line is None else self._title(line))
        self._draw_roc(Observed() if line is None else line.rows)
        self._reliability.show_bins(reliability(rows), calibrated, self._limits)
        self._scores.show_drift(drift(rows, references.score), self._limits)
        self._draw_input(() if line is None else line.rows.inputs, references)

    def _draw_roc(self, rows: Observed) -> None:
        by_truth = self.by_truth.isChecked()
        found = truth_curve(rows.judged) if by_truth else curve(rows.statements)
        self._roc.show_curve(found, self._limits, by_truth)
        self._reliability.setVisible(not by_truth)
        self.warning.setText(truth_caveat(rows) if by_truth else caveat())

    def _draw_input(self, rows: Sequence[Seen], references: References) -> None:
        key = InputKey(self.which_input.currentData())
        found = input_drift(rows, key, references.inputs.get(key))
        self._input.show_input(key, found, self._limits)

    def _title(self, line: Line) -> str:
        group = line.group
        parts = (group.model.title, group.finding, group.reader, group.month)
        named = _("Charts of: {group}").format(group=" · ".join(part for part in parts if part))
        flag = override_flag(line, self._limits)
        return f"{named} ({flag})" if flag else named

    def _export_table(self) -> None:
        chosen_path, _kind = QFileDialog.getSaveFileName(
            self, _("Export table"), "monitoring.csv", "CSV (*.csv)"
        )
        if chosen_path:
            self.export_table(Path(chosen_path).with_suffix(".csv"))

    def _export_drift(self) -> None:
        chosen_path, _kind = QFileDialog.getSaveFileName(
            self, _("Export drift"), "drift.csv", "CSV (*.csv)"
        )
        if chosen_path:
            self.export_drift(Path(chosen_path).with_suffix(".csv"))

    def _export_charts(self) -> None:
        chosen_path, _kind = QFileDialog.getSaveFileName(
            self, _("Export charts"), "monitoring.png", "PNG (*.png)"
        )
        if chosen_path:
            self.export_charts(Path(chosen_path).with_suffix(".png"))

    def export_table(self, path: Path) -> None:
        """Write the lines as they stand."""
        self._write(path, lambda: monitoring.export_table(self._workbench, self._lines, path))

    def export_drift(self, path: Path) -> None:
        """Write how far scores and inputs of the lines have moved."""
        self._write(path, lambda: monitoring.export_drift(self._workbench, self._lines, path))

    def export_charts(self, path: Path) -> None:
        """Write the charts as they stand, caveat and all."""
        picture = self.charts.grab()
        bench = self._workbench
        self._write(
            path,
            lambda: monitoring.write_picture(bench, path, lambda name: picture.save(name, "PNG")),
        )

    def _write(self, path: Path, write: Callable[[], None]) -> None:
        try:
            write()
        except ViewerError as error:
            self._words.setText(str(error))
        else:
            self._words.setText(_("Written to {path}.").format(path=path))


def _every() -> dict[str, str]:
    return {
        "model": _("Every model"),
        "finding": _("Every finding"),
        "reader": _("Every reader"),
        "since": _("From the first month"),
        "until": _("To the last month"),
    }


def _inputs() -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(_("Number of the input"))
    for key in InputKey:
        box.addItem(input_title(key), key.value)
    return box


def _table() -> QTreeWidget:
    table = QTreeWidget()
    table.setRootIsDecorated(False)
    rates = [rate_title(rate.key) for rate in RATES]
    drifts = (_("Scores"), _("Inputs"))
    titles = [_("Model"), _("Finding"), _("Reader"), _("Month"), *rates, *drifts, _("Remark")]
    table.setHeaderLabels(titles)
    widths = (*COLUMN_PX, *(RATE_PX for _rate in RATES), *(DRIFT_PX for _drift in drifts))
    for column, width in enumerate(widths):
        table.setColumnWidth(column, width)
    for column, rate in enumerate(RATES, start=FIXED):
        table.headerItem().setToolTip(column, rate_hint(rate.key))
    return table
