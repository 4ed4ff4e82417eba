"""RulesTable: the routing rules of the listener, in order; the first that fits decides."""

from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from viewer.base.i18n import _
from viewer.dicom.network.routing import Rule
from viewer.ui.dialogs.pacs.form_fields import choice_field, choose, plain_button

TAKE = 3
"""Column of what a rule decides."""


class RulesTable(QWidget):
    """Reads and shows rules."""

    def __init__(self) -> None:
        super().__init__()
        self.table = QTableWidget(0, 4)
        self.table.setAccessibleName(_("Routing rules"))
        self.table.setHorizontalHeaderLabels(
            [_("From AE title"), _("Modality"), _("Body part"), _("Decision")]
        )
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.verticalHeader().hide()
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setMinimumHeight(120)
        buttons = QHBoxLayout()
        buttons.addWidget(plain_button(_("Add rule"), lambda: self._add(Rule())))
        buttons.addWidget(plain_button(_("Remove rule"), self._remove))
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)
        layout.addLayout(buttons)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules as they stand."""
        return tuple(self._rule(row) for row in range(self.table.rowCount()))

    def show_rules(self, rules: tuple[Rule, ...]) -> None:
        """Put rules into the table."""
        self.table.setRowCount(0)
        for rule in rules:
            self._add(rule)

    def _rule(self, row: int) -> Rule:
        sender, modality, body_part = (self._text(row, column) for column in range(TAKE))
        decision = self.table.cellWidget(row, TAKE)
        take = decision.currentData() if isinstance(decision, QComboBox) else True
        return Rule(sender, modality, body_part, bool(take))

    def _text(self, row: int, column: int) -> str:
        item = self.table.item(row, column)
        return item.text().strip() if item is not None else ""

    def _add(self, rule: Rule) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        for column, text in enumerate((rule.sender, rule.modality, rule.body_part)):
            self.table.setItem(row, column, QTableWidgetItem(text))
        decision = choice_field(_("Decision"), {True: _("Take"), False: _("Refuse")})
        choose(decision, rule.take)
        self.table.setCellWidget(row, TAKE, decision)

    def _remove(self) -> None:
        row = self.table.currentRow()
        if row >= 0:
            self.table.removeRow(row)
