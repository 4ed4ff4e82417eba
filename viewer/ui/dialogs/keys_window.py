"""KeysWindow: every key, searchable; a command can be given another key, a taken one is refused."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from viewer.app.shortcuts import KeyRow, assign, key_rows, matching, reset, reset_all
from viewer.app.workbench import Workbench
from viewer.base.errors import SettingsError
from viewer.base.i18n import _

COLUMN_PX = (110, 360)
ROW = Qt.ItemDataRole.UserRole
PORTABLE = QKeySequence.SequenceFormat.PortableText


class KeysWindow(QDialog):
    """Stays beside the main window; closed by Esc."""

    def __init__(self, parent: QWidget | None, workbench: Workbench) -> None:
        super().__init__(parent)
        self._settings = workbench.settings
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("All keys"))
        self.resize(720, 620)
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search command, menu or key…"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self._fill())
        self.list = QTreeWidget()
        self.list.setHeaderLabels([_("Menu"), _("Command"), _("Key")])
        self.list.setRootIsDecorated(False)
        for column, width in enumerate(COLUMN_PX):
            self.list.setColumnWidth(column, width)
        self.list.currentItemChanged.connect(lambda _now, _before: self._take_row())
        self.words = QLabel()
        self.words.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.addWidget(self.search)
        layout.addWidget(self.list, 1)
        layout.addLayout(self._editing())
        layout.addWidget(self.words)
        self._fill()
        self.search.setFocus()

    def _editing(self) -> QHBoxLayout:
        self.key = QKeySequenceEdit()
        self.key.setMaximumSequenceLength(1)
        self.key.setClearButtonEnabled(True)
        self.key.setAccessibleName(_("New key"))
        self.give = self._button(_("Use this key"), self._assign)
        self.default = self._button(_("Default"), self._reset)
        self.all_default = self._button(_("All defaults"), self._reset_all)
        row = QHBoxLayout()
        for widget in (QLabel(_("New key")), self.key, self.give, self.default, self.all_default):
            row.addWidget(widget)
        return row

    def _button(self, words: str, act: Callable[[], None]) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked=False: act())
        return button

    def _row(self) -> KeyRow | None:
        item = self.list.currentItem()
        return None if item is None else item.data(0, ROW)

    def _fill(self) -> None:
        """The rows that fit the search; the chosen one stays chosen."""
        before = self._row()
        self.list.clear()
        rows = key_rows(self._settings.values.shortcuts)
        for row in matching(rows, self.search.text()):
            item = QTreeWidgetItem([row.menu, row.title, ", ".join(row.keys)])
            item.setData(0, ROW, row)
            self.list.addTopLevelItem(item)
            if before is not None and before.command and row.command == before.command:
                self.list.setCurrentItem(item)
        self._take_row()

    def _take_row(self) -> None:
        row = self._row()
        can_change = row is not None and bool(row.command)
        for widget in (self.key, self.give, self.default):
            widget.setEnabled(can_change)
        first = row.keys[0] if row is not None and can_change and row.keys else ""
        self.key.setKeySequence(QKeySequence(first, PORTABLE))
        self.words.setText(_hint(row))

    def _assign(self) -> None:
        row = self._row()
        if row is not None:
            key = self.key.keySequence().toString(PORTABLE)
            self._try(lambda: assign(self._settings, row.command, key))

    def _reset(self) -> None:
        row = self._row()
        if row is not None:
            self._try(lambda: reset(self._settings, row.command))

    def _reset_all(self) -> None:
        self._try(lambda: reset_all(self._settings))

    def _try(self, act: Callable[[], None]) -> None:
        """Do it and show the new keys, or say why not."""
        try:
            act()
        except SettingsError as error:
            self.words.setText(str(error))
        else:
            self._fill()
            self.words.setText(_("Saved."))


def _hint(row: KeyRow | None) -> str:
    if row is None:
        return _("Choose a command to give it another key.")
    if not row.command:
        return _("This one cannot be changed.")
    return _("Click into the field, press the new key, then “Use this key”. Empty: no key.")
