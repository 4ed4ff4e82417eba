"""AuditWindow: the audit log in a table, with filters, a check of the whole chain, and export."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from PySide6.QtCore import QDate
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateEdit,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from viewer.app import audit_view
from viewer.app.workbench import Workbench
from viewer.base.i18n import _, plural
from viewer.review.audit import AuditKind, kind_text
from viewer.store.audit_log import AuditFilter
from viewer.ui import theme

COLUMN_PX = (60, 190, 110, 120, 190, 220)
"""Number, moment, user, workstation, kind, study; the detail takes the rest."""

WEEK_DAYS = 7


class AuditWindow(QDialog):
    """Beside the main window; every filter acts at once."""

    def __init__(self, parent: QWidget | None, workbench: Workbench) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self.setWindowTitle(_("Audit log"))
        self.resize(1180, 680)
        self._kind = _choice(
            _("Every kind"), [(kind_text(one.value), one.value) for one in AuditKind]
        )
        self._user = _choice(_("Every user"), [(name, name) for name in workbench.log.users()])
        self._study = QLineEdit()
        self._study.setPlaceholderText(_("Study Instance UID"))
        self._study.setClearButtonEnabled(True)
        self._period = QCheckBox(_("From"))
        today = QDate.currentDate()
        self._since, self._until = (_day(day) for day in (today.addDays(-WEEK_DAYS), today))
        self._table = self._make_table()
        self._words = QLabel()
        self._words.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.addLayout(self._filters())
        layout.addWidget(self._table, 1)
        layout.addLayout(self._acts())
        for box in (self._kind, self._user):
            box.currentIndexChanged.connect(lambda _place: self.refresh())
        self._study.editingFinished.connect(self.refresh)
        self._period.toggled.connect(self._use_period)
        for day in (self._since, self._until):
            day.dateChanged.connect(lambda _date: self.refresh())
        self._use_period(False)

    def _filters(self) -> QHBoxLayout:
        row = QHBoxLayout()
        for widget in (self._kind, self._user, self._period, self._since):
            row.addWidget(widget)
        row.addWidget(QLabel(_("to")))
        row.addWidget(self._until)
        row.addWidget(self._study, 1)
        return row

    def _make_table(self) -> QTreeWidget:
        table = QTreeWidget()
        table.setRootIsDecorated(False)
        table.setAlternatingRowColors(False)
        titles = (
            _("No."),
            _("Moment"),
            _("User"),
            _("Workstation"),
            _("What"),
            _("Study"),
            _("Detail"),
        )
        table.setHeaderLabels(list(titles))
        for column, width in enumerate(COLUMN_PX):
            table.setColumnWidth(column, width)
        table.header().setSectionResizeMode(len(COLUMN_PX), QHeaderView.ResizeMode.ResizeToContents)
        return table

    def _acts(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(self._words, 1)
        acts = (
            (_("Verify chain"), self.verify),
            (_("Export…"), self._export),
            (_("Close"), self.close),
        )
        for words, act in acts:
            button = QPushButton(words)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, act=act: act())
            row.addWidget(button)
        return row

    @property
    def wanted(self) -> AuditFilter:
        """The filters as they stand."""
        since = until = ""
        if self._period.isChecked():
            since = _utc(self._since.date(), 0)
            until = _utc(self._until.date(), 1)
        kind, user = self._kind.currentData(), self._user.currentData()
        return AuditFilter(kind, user, self._study.text().strip(), since, until)

    def refresh(self) -> None:
        """Show the newest records that fit."""
        found = self._workbench.log.latest(self.wanted, audit_view.SHOWN_AT_MOST)
        self._table.clear()
        for record in found:
            number, moment, user, station, study, detail = audit_view.row(record)
            cells = [number, moment, user, station, kind_text(record.kind), study, detail]
            item = QTreeWidgetItem(cells)
            item.setToolTip(len(cells) - 1, detail)
            self._table.addTopLevelItem(item)
        words = plural("{n} record", "{n} records", len(found))
        more = _("(the newest; narrow the filters for older ones)")
        self._say(f"{words} {more if len(found) == audit_view.SHOWN_AT_MOST else ''}", None)

    def verify(self) -> None:
        """Check the whole log, whatever the filters."""
        audit_view.verify(self._workbench, self._say)

    def _export(self) -> None:
        kinds = "CSV (*.csv);;JSON lines (*.jsonl)"
        chosen, kind = QFileDialog.getSaveFileName(
            self, _("Export the audit log"), "audit.csv", kinds
        )
        if chosen:
            suffix = ".jsonl" if "jsonl" in kind else ".csv"
            path = Path(chosen)
            self.export_to(path if path.suffix in (".csv", ".jsonl") else path.with_suffix(suffix))

    def export_to(self, path: Path) -> None:
        """Write what fits the filters; the suffix says how."""
        audit_view.export(self._workbench, self.wanted, path, lambda words: self._say(words, None))

    def _use_period(self, on: bool) -> None:
        for day in (self._since, self._until):
            day.setEnabled(on)
        self.refresh()

    def _say(self, words: str, holds: bool | None) -> None:
        colour = {True: theme.CONFIRMED, False: theme.WARNING, None: theme.TEXT}[holds]
        self._words.setStyleSheet(f"color: {colour};")
        self._words.setText(words)


def _choice(every: str, choices: list[tuple[str, str]]) -> QComboBox:
    box = QComboBox()
    box.addItem(every, "")
    for words, value in choices:
        box.addItem(words, value)
    return box


def _day(day: QDate) -> QDateEdit:
    field = QDateEdit(day)
    field.setCalendarPopup(True)
    field.setDisplayFormat("yyyy-MM-dd")
    return field


def _utc(day: QDate, later: int) -> str:
    """The beginning of a day of this machine, or of a later one, as the log writes moments."""
    local = date(day.year(), day.month(), day.day()) + timedelta(days=later)
    return datetime.combine(local, time()).astimezone().astimezone(UTC).isoformat()
