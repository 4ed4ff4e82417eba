"""The wheel, a drag, keys and the slider all go through the stack, and stop at its ends."""

from collections.abc import Callable
from pathlib import Path

import pytest
from end_to_end_steps import Reader
from pydicom.data import get_testdata_file
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

LAST = 29


@pytest.fixture
def reader(make_program: Callable[[], Reader]) -> Reader:
    made = make_program()
    made.open(Path(str(get_testdata_file("examples_ybr_color.dcm", download=False))))
    made.press(Qt.Key.Key_Home)
    assert place(made) == 0
    return made


def place(reader: Reader) -> int:
    assert reader.session.shown is not None
    return reader.session.shown.position


def turn_wheel(reader: Reader, eighths: int) -> None:
    viewport = reader.program.window.viewport
    middle = QPointF(viewport.rect().center())
    event = QWheelEvent(
        middle,
        viewport.mapToGlobal(middle),
        QPoint(),
        QPoint(0, eighths),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


def test_one_notch_of_the_wheel_is_one_image_and_half_notches_add_up(reader: Reader) -> None:
    turn_wheel(reader, -360)
    assert place(reader) == 3
    turn_wheel(reader, 60)
    turn_wheel(reader, 60)
    assert place(reader) == 2


def test_keys_go_one_ten_and_all_the_way(reader: Reader) -> None:
    steps = {
        Qt.Key.Key_Down: 1,
        Qt.Key.Key_PageDown: 11,
        Qt.Key.Key_Up: 10,
        Qt.Key.Key_End: LAST,
        Qt.Key.Key_Right: LAST,
    }
    for key, expected in steps.items():
        reader.press(key)
        assert place(reader) == expected


def test_a_drag_with_the_scroll_tool_goes_through(reader: Reader) -> None:
    reader.press(Qt.Key.Key_S)
    viewport, middle = (
        reader.program.window.viewport,
        reader.program.window.viewport.rect().center(),
    )
    reader.qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=middle)
    reader.qtbot.mouseMove(viewport, middle + QPoint(0, 60))
    reader.qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=middle + QPoint(0, 60))
    assert place(reader) == 10


def test_the_slider_follows_the_stack_and_the_stack_the_slider(reader: Reader) -> None:
    slider = reader.program.window.stack.slider
    assert (slider.isVisible(), slider.maximum()) == (True, LAST)
    slider.setValue(12)
    assert place(reader) == 12
    reader.press(Qt.Key.Key_Down)
    assert slider.value() == 13


def test_the_image_of_the_place_is_the_one_that_is_shown(reader: Reader) -> None:
    for step in (7, 21):
        reader.program.window.stack.slider.setValue(step)
        reader.wait(lambda: showing(reader) == place(reader))


def showing(reader: Reader) -> int | None:
    frame = reader.program.window.viewport.frame
    return None if frame is None else frame.ref.frame


def test_one_key_marks_a_key_image_and_takes_the_mark_away(reader: Reader) -> None:
    assert reader.session.shown is not None
    here = reader.session.shown.ref.place
    reader.press(Qt.Key.Key_K)
    assert here in reader.case.key_images
    reader.press(Qt.Key.Key_K)
    assert here not in reader.case.key_images
