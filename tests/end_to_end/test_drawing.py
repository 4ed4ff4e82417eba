"""Drawing with the mouse in the real window: laid, moved, undone, and there again after a restart."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from end_to_end_steps import Reader
from pydicom.data import get_testdata_file
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication

from viewer.app.open_study import show_display_set
from viewer.ui.panels.drawing_rows import DrawingRow
from viewer.ui.panels.histogram_plot import HistogramPlot
from viewer.ui.viewport.words_editor import WordsEditor

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


def field_of(reader: Reader) -> WordsEditor:
    return reader.program.window.viewport.findChild(WordsEditor)


def test_text_is_typed_where_it_stands_changed_by_a_double_click_and_undone(
    reader: Reader, make_program: Callable[[], Reader]
) -> None:
    reader.press(Qt.Key.Key_T)
    viewport = reader.program.window.viewport
    reader.qtbot.mouseClick(viewport, LEFT, pos=on_view(reader, 30, 30))
    field = field_of(reader)
    assert field.isVisible()
    reader.qtbot.keyClicks(field, "scar, old")
    assert reader.session.tool == "text", "letters are typed, they are no shortcuts"
    reader.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert [one.annotation.text for one in drawings(reader).all] == ["scar, old"]
    reader.press(Qt.Key.Key_W)
    reader.qtbot.mouseDClick(viewport, LEFT, pos=on_view(reader, 34, 33))
    assert field.text() == "scar, old"
    reader.qtbot.keyClicks(field, "scar")
    reader.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert [one.annotation.text for one in drawings(reader).all] == ["scar"]
    reader.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert [one.annotation.text for one in drawings(reader).all] == ["scar, old"]
    again = make_program()
    again.open(CT)
    assert drawings(again).all == drawings(reader).all


def test_a_text_without_words_is_not_kept_and_esc_forgets_typing(reader: Reader) -> None:
    reader.press(Qt.Key.Key_T)
    viewport, field = reader.program.window.viewport, field_of(reader)
    for end in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        reader.qtbot.mouseClick(viewport, LEFT, pos=on_view(reader, 30, 30))
        reader.qtbot.keyClick(field, end)
        assert not field.isVisible()
        assert drawings(reader).all == ()


def test_an_arrow_takes_a_label_and_stands_without_one(reader: Reader) -> None:
    reader.press(Qt.Key.Key_J)
    drag(reader, (40, 40), (70, 60))
    field = field_of(reader)
    reader.qtbot.keyClicks(field, "nodule")
    reader.qtbot.keyClick(field, Qt.Key.Key_Return)
    drag(reader, (20, 100), (50, 110))
    reader.qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert [one.annotation.text for one in drawings(reader).all] == ["nodule", ""]


def test_words_being_typed_stay_with_their_own_image(
    make_program: Callable[[], Reader], two_films: Path, phantom_model: Path
) -> None:
    reader = make_program()
    reader.open(two_films)
    reader.press(Qt.Key.Key_T)
    viewport = reader.program.window.viewport
    first = reader.session.shown
    assert first is not None
    reader.qtbot.mouseClick(viewport, LEFT, pos=on_view(reader, 100, 100))
    reader.qtbot.keyClicks(field_of(reader), "here")
    other = next(one for one in first.study.display_sets if one != first.display_set)
    show_display_set(reader.program.workbench, first.study, other)
    (drawing,) = drawings(reader).all
    assert drawing.annotation.place == first.ref.place


def corners(reader: Reader) -> tuple[tuple[float, float], ...]:
    (drawing,) = drawings(reader).all
    return drawing.annotation.handles_px


def test_a_double_click_puts_a_corner_on_an_edge_and_takes_one_away(reader: Reader) -> None:
    reader.press(Qt.Key.Key_Y)
    viewport = reader.program.window.viewport
    for column, row in ((30, 30), (90, 30), (90, 90)):
        reader.qtbot.mouseMove(viewport, on_view(reader, column, row))
        reader.qtbot.mouseClick(viewport, LEFT, pos=on_view(reader, column, row))
    reader.qtbot.mouseMove(viewport, on_view(reader, 90, 90))
    reader.qtbot.mouseDClick(viewport, LEFT, pos=on_view(reader, 90, 90))
    assert len(corners(reader)) == 3
    reader.press(Qt.Key.Key_W)
    reader.qtbot.mouseDClick(viewport, LEFT, pos=on_view(reader, 60, 30))
    added = corners(reader)
    assert len(added) == 4
    assert added[1] == pytest.approx((60, 30), abs=0.5)
    drag(reader, (60, 30), (60, 10))
    assert corners(reader)[1] == pytest.approx((60, 10), abs=0.5)
    reader.qtbot.mouseDClick(viewport, LEFT, pos=on_view(reader, 60, 10))
    assert len(corners(reader)) == 3
    reader.qtbot.mouseDClick(viewport, LEFT, pos=on_view(reader, 30, 30))
    assert len(corners(reader)) == 3, "a region keeps three corners"


def test_measurements_are_copied_with_what_their_units_rest_on(reader: Reader) -> None:
    reader.press(Qt.Key.Key_L)
    drag(reader, (20, 64), (100, 64))
    reader.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    title, number = QGuiApplication.clipboard().text().split("\n")
    assert title == "Length · Series 1, Image 1/1"
    assert number.startswith("  Length: 5")
    assert number.endswith("mm (Pixel Spacing)")


def test_a_selected_region_shows_its_histogram_in_the_list(reader: Reader) -> None:
    reader.press(Qt.Key.Key_E)
    drag(reader, (40, 40), (80, 90))
    (drawing,) = drawings(reader).all
    (pixels,) = [one for one in drawing.measurements if one.name == "Pixels"]
    reader.wait(lambda: any(one.height() for one in plots(reader)))
    (plot,) = plots(reader)
    assert plot.window() is reader.program.window
    assert plot.toolTip().startswith(f"{pixels.value:.0f} pixels from ")
    assert " HU in " in plot.toolTip()
    least = next(one.value for one in drawing.measurements if one.name == "Minimum")
    assert f" from {least:g} to " in plot.toolTip()
    reader.press(Qt.Key.Key_Delete)
    reader.wait(lambda: not any(one.isVisible() for one in plots(reader)))


def plots(reader: Reader) -> list[HistogramPlot]:
    reader.qtbot.wait(1)
    return reader.program.window.findings.findChildren(HistogramPlot)


def test_a_click_in_the_list_brings_the_drawings_own_series_back(
    make_program: Callable[[], Reader], two_films: Path, phantom_model: Path
) -> None:
    reader = make_program()
    reader.open(two_films)
    first = reader.session.shown
    assert first is not None
    reader.press(Qt.Key.Key_L)
    drag(reader, (100, 100), (200, 160))
    (drawing,) = drawings(reader).all
    other = next(one for one in first.study.display_sets if one != first.display_set)
    show_display_set(reader.program.workbench, first.study, other)
    reader.session.select_drawing(None)
    assert reader.session.drawings_here() == ()
    (row,) = [one for one in rows(reader) if one.isVisible()]
    reader.qtbot.mouseClick(row, LEFT)
    assert reader.session.shown is not None
    assert reader.session.shown.ref == first.ref
    assert reader.session.selected_drawing == drawing.uid


def rows(reader: Reader) -> list[DrawingRow]:
    return reader.program.window.findings.findChildren(DrawingRow)


@pytest.mark.parametrize("key", [Qt.Key.Key_E, Qt.Key.Key_B, Qt.Key.Key_L])
def test_every_handle_can_be_taken_and_moved(reader: Reader, key: Qt.Key) -> None:
    reader.press(key)
    drag(reader, (30, 50), (100, 90))
    count = len(corners(reader))
    for index in range(count):
        column, row = corners(reader)[index]
        drag(reader, (column, row), (column + 4, row + 3))
        moved = corners(reader)
        assert len(moved) == count
        near = np.hypot(moved[index][0] - column - 4, moved[index][1] - row - 3)
        assert near < 5, "the tool may hold it on its axis, but it follows the pointer"
        assert np.hypot(moved[index][0] - column, moved[index][1] - row) > 1
