"""The platform: this PySide6 on this Python survives thousands of signals."""

from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from viewer.ui.gui_thread import GuiThread

EMITS = 2000
"""PySide6 6.12 on Python 3.11 aborts after about 570."""


class Sender(QObject):
    said = Signal(bool)


def test_two_thousand_emits_do_not_end_the_program(qtbot: QtBot) -> None:
    sender, heard = Sender(), []
    sender.said.connect(heard.append)
    for _count in range(EMITS):
        sender.said.emit(True)
    assert len(heard) == EMITS


def test_calls_arrive_in_order_on_the_gui_thread(qtbot: QtBot) -> None:
    gui, heard = GuiThread(), []
    for number in range(100):
        gui.call(lambda number=number: heard.append(number))  # type: ignore[misc]
    qtbot.waitUntil(lambda: len(heard) == 100)
    assert heard == list(range(100))
