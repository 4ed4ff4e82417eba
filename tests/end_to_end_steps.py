"""What a reader's hands and eyes do with the real program."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from model_packages import phantom
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from readers import sign_in

from viewer.review.case import Case
from viewer.ui.application import Application

WAIT_MS = 60_000


class Reader:
    """Hands and eyes: keys into the window, dialogs answered, the strip read."""

    def __init__(self, qtbot: QtBot, program: Application) -> None:
        self.qtbot = qtbot
        self.program = program
        self.session = program.workbench.session

    def open(self, *paths: Path) -> None:
        """Open and wait until all is listed and every model has ended."""
        self.program.open(paths)
        self.wait(lambda: self.session.indexing is None and bool(self.session.index.studies))
        self.wait(lambda: not self.session.running)
        self.wait(lambda: self.program.window.viewport.frame is not None)

    def wait(self, until: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(until, timeout=WAIT_MS)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
        """A key into the image."""
        modifiers = Qt.KeyboardModifier.NoModifier if modifier is None else modifier
        viewport = self.program.window.viewport
        viewport.setFocus()
        self.qtbot.keyClick(viewport, key, modifiers)

    def answer(self, act: Callable[[QDialog], None], expected: type[QDialog]) -> None:
        """When the next dialog of this kind opens, do `act` in it."""

        def look() -> None:
            dialog = QApplication.activeModalWidget()
            if isinstance(dialog, expected):
                act(dialog)
            else:
                QTimer.singleShot(50, look)

        QTimer.singleShot(50, look)

    def click(self, words: str) -> None:
        """Press the visible button of the findings panel whose text begins so."""
        buttons = self.program.window.findings.findChildren(QPushButton)
        (button,) = [one for one in buttons if one.isVisible() and one.text().startswith(words)]
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def words(self) -> str:
        """All that the findings panel says."""
        labels = self.program.window.findings.findChildren(QLabel)
        return "\n".join(label.text() for label in labels if label.isVisible())

    @property
    def strip(self) -> str:
        return self.program.window.strip.text

    @property
    def case(self) -> Case:
        assert self.session.case is not None
        return self.session.case


def sign_as(name: str) -> Callable[[QDialog], None]:
    """Answer of the signing dialog."""

    def act(dialog: QDialog) -> None:
        sign_in(dialog, name)

    return act


def type_and_enter(dialog: QDialog, accessible_name: str, text: str) -> None:
    """Replace the text of a field of a dialog and press Enter in it."""
    for field in dialog.findChildren(QLineEdit):
        if field.accessibleName() == accessible_name:
            field.setText(text)
            QTest.keyClick(field, Qt.Key.Key_Return)
            return
    raise AssertionError(f"no field {accessible_name}")


def grey(heart: tuple[float, float]) -> np.ndarray:
    """Stored values of a phantom film, not square."""
    return np.rint(phantom(620, 500, heart) * 4000).astype(np.uint16)
