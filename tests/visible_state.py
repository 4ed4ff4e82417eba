"""All that can be read of the running program: every widget, action, picture, file, log line, clipboard."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QMainWindow,
    QTreeWidget,
    QTreeWidgetItem,
    QTreeWidgetItemIterator,
    QWidget,
)

READ = (
    "objectName",
    "accessibleName",
    "accessibleDescription",
    "toolTip",
    "statusTip",
    "whatsThis",
    "windowTitle",
    "text",
    "title",
    "placeholderText",
    "toPlainText",
    "currentText",
    "value",
    "isVisible",
    "isEnabled",
    "isChecked",
)
"""Getters of widgets and actions; those one lacks are passed over."""

LONGEST_WORDS = 200


def visible_state(window: QMainWindow) -> dict[str, object]:
    """Everything in the window and beside it, comparable between two runs of the program."""
    window.repaint()
    widgets = [window, *window.findChildren(QWidget)]
    return {
        "widgets": [_widget(one) for one in widgets],
        "actions": [_said(one) for one in window.findChildren(QAction)],
        "accessible": [_accessible(one) for one in widgets],
        "top levels": sorted(type(one).__name__ for one in _open_windows()),
        "picture": _picture(window),
        "clipboard": QApplication.clipboard().text(),
    }


def differences(one: object, other: object, where: str = "") -> list[str]:
    """Where two states differ, each place with what stands there: short enough to be read in a log."""
    if one == other:
        return []
    if isinstance(one, dict) and isinstance(other, dict):
        keys = sorted({*one, *other}, key=str)
        return [
            line
            for key in keys
            for line in differences(one.get(key), other.get(key), f"{where}/{key}")
        ]
    if isinstance(one, list | tuple) and isinstance(other, list | tuple) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [
            line for place, pair in pairs for line in differences(*pair, where=f"{where}/{place}")
        ]
    return [f"{where}: {repr(one)[:LONGEST_WORDS]} against {repr(other)[:LONGEST_WORDS]}"]


def texts(state: object) -> str:
    """All words of a state, to look something up in."""
    return repr(state)


def _widget(widget: QWidget) -> tuple[object, ...]:
    size = (widget.width(), widget.height()) if widget.isVisible() else None
    return (type(widget).__name__, size, *_said(widget), *_entries(widget))


def _said(thing: object) -> tuple[object, ...]:
    getters = ((name, getattr(thing, name, None)) for name in READ)
    return tuple((name, get()) for name, get in getters if callable(get))


def _entries(widget: QWidget) -> Iterator[object]:
    if isinstance(widget, QComboBox):
        yield [widget.itemText(place) for place in range(widget.count())]
    if isinstance(widget, QTreeWidget):
        walk = QTreeWidgetItemIterator(widget)
        while walk.value() is not None:
            yield _item(walk.value())
            walk += 1


def _item(item: QTreeWidgetItem) -> tuple[str, str, bool]:
    return (item.text(0), item.toolTip(0), item.isHidden())


def _accessible(widget: QWidget) -> tuple[str, ...]:
    interface = QAccessible.queryAccessibleInterface(widget)
    if interface is None:
        return ()
    kinds = (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value)
    return tuple(interface.text(kind) for kind in kinds)


def _picture(window: QMainWindow) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    window.grab().save(buffer, "PNG")
    return bytes(data.data())


def stored_words(home: Path) -> dict[str, object]:
    """Names of all files, the log, and how many rows of what kind the database holds."""
    logs = {path.name: path.read_text(encoding="utf-8") for path in home.rglob("*.log")}
    names = sorted(str(path.relative_to(home)) for path in home.rglob("*") if path.is_file())
    return {"names": names, "logs": logs, "rows": _rows(home)}


def _rows(home: Path) -> dict[str, int]:
    (database,) = home.rglob("cases.sqlite")
    with sqlite3.connect(database) as connection:
        tables = [
            name
            for (name,) in connection.execute(
                "select name from sqlite_master where type = 'table' order by name"
            )
        ]
        return {
            name: connection.execute(f'select count(*) from "{name}"').fetchone()[0]
            for name in tables
        }


def _open_windows() -> list[QWidget]:
    return [one for one in QApplication.topLevelWidgets() if one.isVisible()]
