"""The plain parts panels are made of: headings, lines, muted words, and fields that fit a narrow column."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from viewer.ui import theme

SHORTEST_TEXT = 12
"""Letters of a list's text that always show."""


CHOOSING = (
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
)
"""Keys that move through a list; elsewhere they move through the slices."""


class ChoiceField(QComboBox):
    """A list that takes letters and arrows while it has the keyboard, so that none of them acts as a shortcut."""

    def event(self, event: QEvent) -> bool:
        """Claim plain printable keys, and those that choose."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() in (
                Qt.KeyboardModifier.NoModifier,
                Qt.KeyboardModifier.ShiftModifier,
            )
            printable = event.text().isprintable() and bool(event.text())
            if plain and (printable or event.key() in CHOOSING):
                event.accept()
                return True
        return super().event(event)


def narrow(field: QWidget) -> None:
    """Let a field take the panel's width, however long its texts are."""
    field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    if isinstance(field, QComboBox):
        field.setMinimumContentsLength(SHORTEST_TEXT)
        field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)


class FlowOfButtons(QWidget):
    """Buttons side by side, in as many lines as the narrow column takes."""

    def __init__(self, columns: int = 2) -> None:
        super().__init__()
        self._columns = columns
        self._place = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(5)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)

    def add(self, title: str, act: Callable[[], None], hint: str = "") -> QPushButton:
        """One more button, after the others."""
        button = QPushButton(title)
        button.setToolTip(hint)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: act())
        self._grid.addWidget(button, self._place // self._columns, self._place % self._columns)
        self._place += 1
        return button

    def say(self, words: str) -> None:
        """A line of words over the full width, before the buttons that follow."""
        self._place += -self._place % self._columns
        self._grid.addWidget(muted(words), self._place // self._columns, 0, 1, self._columns)
        self._place += self._columns


def heading(words: str) -> QLabel:
    """A heading of a part of a panel."""
    return _label(words, "heading")


def muted(words: str) -> QLabel:
    """Words of less weight, wrapped."""
    label = _label(words, "muted")
    label.setWordWrap(True)
    return label


def _label(words: str, role: str) -> QLabel:
    label = QLabel(words)
    label.setProperty("role", role)
    return label


def line() -> QFrame:
    """A thin line between parts."""
    drawn = QFrame()
    drawn.setFrameShape(QFrame.Shape.HLine)
    drawn.setStyleSheet(f"color: {theme.LINE};")
    return drawn
