"""TagBrowser: the attributes of the image on the screen, searchable, to copy."""

from collections.abc import Sequence

from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from viewer.base.i18n import _
from viewer.dicom.tags import TagRow
from viewer.ui.panels.fields import muted

COLUMN_PX = (190, 260, 40, 400)
INDENTATION_PX = 14
"""Little, so that tags of nested items fit their column."""


class TagBrowser(QDialog):
    """One row an attribute; the search looks at tag, name and value, in sequences too."""

    def __init__(self, parent: QWidget | None, title: str, rows: Sequence[TagRow]) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(920, 640)
        self._search = QLineEdit()
        self._search.setPlaceholderText(_("Search tag, name or value…"))
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._filter)
        self._tree = QTreeWidget()
        self._tree.setIndentation(INDENTATION_PX)
        self._tree.setHeaderLabels([_("Tag"), _("Name"), _("VR"), _("Value")])
        self._tree.setSelectionMode(QTreeWidget.SelectionMode.ExtendedSelection)
        self._tree.addTopLevelItems([_item(row) for row in rows])
        for column, width in enumerate(COLUMN_PX):
            self._tree.setColumnWidth(column, width)
        QShortcut(QKeySequence.StandardKey.Copy, self, self.copy)
        layout = QVBoxLayout(self)
        for widget in (self._search, self._tree, muted(_("Ctrl+C copies the selected rows."))):
            layout.addWidget(widget)
        self._search.setFocus()

    def copy(self) -> None:
        """Copy the selected rows as text, columns apart by tabs."""
        lines = [_line(item) for item in self._tree.selectedItems()]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def _filter(self, wanted: str) -> None:
        needle = wanted.casefold()
        for place in range(self._tree.topLevelItemCount()):
            item = self._tree.topLevelItem(place)
            if item is not None:
                _keep(item, needle)


def _item(row: TagRow) -> QTreeWidgetItem:
    item = QTreeWidgetItem([row.tag, row.name, row.vr, row.value])
    item.setToolTip(3, row.value)
    item.addChildren([_item(below) for below in row.items])
    return item


def _line(item: QTreeWidgetItem) -> str:
    return "\t".join(item.text(column) for column in range(len(COLUMN_PX)))


def _keep(item: QTreeWidgetItem, needle: str) -> bool:
    """Show an item that holds the words, or has one below that does; whether it is shown."""
    below = [
        _keep(child, needle)
        for place in range(item.childCount())
        if (child := item.child(place)) is not None
    ]
    shown = needle in _line(item).casefold() or any(below)
    item.setHidden(not shown)
    item.setExpanded(bool(needle) and any(below))
    if shown and not any(below):
        for place in range(item.childCount()):
            child = item.child(place)
            if child is not None:
                child.setHidden(False)
    return shown
