"""All keys in the real window: found by typing, changed, refused when taken, in force at once."""

from collections.abc import Callable

from end_to_end_steps import Reader
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from viewer.ui.dialogs.keys_window import KeysWindow


def open_keys(reader: Reader) -> KeysWindow:
    reader.program.open(())
    window = KeysWindow(reader.program.window, reader.program.workbench)
    window.show()
    return window


def choose(window: KeysWindow, words: str) -> None:
    window.search.clear()
    QTest.keyClicks(window.search, words)
    assert window.list.topLevelItemCount() == 1
    window.list.setCurrentItem(window.list.topLevelItem(0))


def press(reader: Reader, window: KeysWindow, key: Qt.Key) -> None:
    window.key.clear()
    QTest.keyClick(window.key, key, Qt.KeyboardModifier.ControlModifier)
    reader.qtbot.mouseClick(window.give, Qt.MouseButton.LeftButton)


def test_a_changed_key_is_in_force_at_once_and_named_on_buttons(
    make_program: Callable[[], Reader],
) -> None:
    reader = make_program()
    window = open_keys(reader)
    action = reader.program.window.actions_of.by_key["review.confirm"]
    choose(window, "confirm finding")
    press(reader, window, Qt.Key.Key_1)
    assert action.shortcuts() == [QKeySequence("Ctrl+1")]
    assert "Ctrl+1" in action.toolTip()
    reader.qtbot.mouseClick(window.default, Qt.MouseButton.LeftButton)
    assert action.shortcuts() == [QKeySequence("C")]
    window.close()


def test_a_taken_key_is_refused_with_the_name_of_its_command(
    make_program: Callable[[], Reader],
) -> None:
    reader = make_program()
    window = open_keys(reader)
    choose(window, "confirm finding")
    press(reader, window, Qt.Key.Key_E)
    assert "Export report" in window.words.text()
    assert reader.program.workbench.settings.values.shortcuts == {}
    window.close()


def test_what_cannot_be_changed_offers_no_field(make_program: Callable[[], Reader]) -> None:
    reader = make_program()
    window = open_keys(reader)
    choose(window, "user guide")
    assert not window.key.isEnabled()
    assert not window.give.isEnabled()
    window.close()
