"""Drawing with the mouse in the real window: laid, moved, undone, and there again after a restart."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from end_to_end_steps import Reader
from pydicom.data import get_testdata_file
from PySide6.QtCore import QPoint, Qt

CT = Path(str(get_testdata_file("CT_small.dcm", download=False)))
LEFT = Qt.MouseButton.LeftButton


def on_view(reader: Reader, column: float, row: float) -> QPoint:
    transform = reader.program.window.viewport.transform_now()
    assert transform is not None
    ((x, y),) = transform.view_from_image.apply(np.array([[column, row]]))
    return QPoint(round(x), round(y))


def drag(reader: Reader, start: tuple[float, float], end: tuple[float, float]) -> None:
    viewport = reader.program.window.viewport
    reader.qtbot.mousePress(viewport, LEFT, pos=on_view(reader, *start))
    reader.qtbot.mouseMove(viewport, on_view(reader, *end))
    reader.qtbot.mouseRelease(viewport, LEFT, pos=on_view(reader, *end))
    viewport.grab()


@pytest.fixture
def reader(make_program: Callable[[], Reader]) -> Reader:
    made = make_program()
    made.open(CT)
    return made


def drawings(reader: Reader):  # type: ignore[no-untyped-def]
    assert reader.session.shown is not None
    return reader.session.drawings_of(reader.session.shown.study)


def test_a_length_is_drawn_in_millimetres_of_the_file_and_survives_a_restart(
    reader: Reader, make_program: Callable[[], Reader]
) -> None:
    reader.press(Qt.Key.Key_L)
    drag(reader, (20, 64), (100, 64))
    (drawing,) = drawings(reader).all
    (length,) = drawing.measurements
    assert length.unit == "mm"
    assert length.value == pytest.approx(80 * 0.661468, abs=0.5)
    again = make_program()
    again.open(CT)
    assert drawings(again).all == (drawing,)


def test_a_handle_can_be_moved_undone_and_done_again(reader: Reader) -> None:
    reader.press(Qt.Key.Key_L)
    drag(reader, (20, 64), (100, 64))
    (first,) = drawings(reader).all
    drag(reader, (100, 64), (60, 64))
    (moved,) = drawings(reader).all
    assert moved.measurements[0].value == pytest.approx(first.measurements[0].value / 2, rel=0.03)
    reader.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert drawings(reader).all == (first,)
    reader.press(Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert drawings(reader).all == (moved,)
    reader.press(Qt.Key.Key_Delete)
    assert drawings(reader).all == ()


def test_an_ellipse_gives_area_and_hounsfield_units(reader: Reader) -> None:
    reader.press(Qt.Key.Key_E)
    drag(reader, (40, 40), (80, 90))
    (drawing,) = drawings(reader).all
    units = {one.unit for one in drawing.measurements}
    assert {"mm2", "[hnsf'U]"} <= units


def test_one_drag_gives_both_axes_at_a_right_angle_to_adjust(reader: Reader) -> None:
    reader.press(Qt.Key.Key_B)
    drag(reader, (30, 60), (90, 60))
    (drawing,) = drawings(reader).all
    assert len(drawing.annotation.handles_px) == 4
    assert [one.unit for one in drawing.measurements] == ["mm", "mm"]


def test_an_angle_takes_three_clicks(reader: Reader) -> None:
    reader.press(Qt.Key.Key_G)
    viewport = reader.program.window.viewport
    for column, row in ((30, 30), (30, 90), (90, 90)):
        reader.qtbot.mouseMove(viewport, on_view(reader, column, row))
        reader.qtbot.mouseClick(viewport, LEFT, pos=on_view(reader, column, row))
    (drawing,) = drawings(reader).all
    assert drawing.measurements[0].value == pytest.approx(90, abs=1)


def test_esc_forgets_a_drawing_in_hand(reader: Reader) -> None:
    reader.press(Qt.Key.Key_L)
    viewport = reader.program.window.viewport
    reader.qtbot.mouseClick(viewport, LEFT, pos=on_view(reader, 30, 30))
    reader.press(Qt.Key.Key_Escape)
    reader.qtbot.mouseMove(viewport, on_view(reader, 90, 90))
    assert drawings(reader).all == ()
