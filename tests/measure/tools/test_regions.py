"""Areas of rectangle, ellipse, polygon and freehand, by hand and by counting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.domain.geometry import NO_SPACING, PixelSpacing, SpacingEvidence
from viewer.measure.region_values import region_values
from viewer.measure.tool import RegionTool, known_tools

TRIANGLE = [[0, 0], [8, 0], [0, 6]]
"""24 px²; in 2:1 pixels of 0.5 mm² each, 12 mm²."""

FIGURE_EIGHT = [[0.5, 0.5], [8.5, 8.5], [8.5, 0.5], [0.5, 8.5]]


@pytest.mark.parametrize(
    ("tool", "handles", "mm2"),
    [
        ("rectangle", [[2, 3], [12, 7]], 20.0),  # 5 mm x 4 mm
        ("rectangle", [[12, 7], [2, 3]], 20.0),
        ("ellipse", [[2, 3], [12, 7]], np.pi * 2.5 * 2.0),
        ("ellipse", [[2, 7], [12, 3]], np.pi * 2.5 * 2.0),
        ("polygon", TRIANGLE, 12.0),
        ("freehand", TRIANGLE, 12.0),
    ],
)
def test_areas_in_2_to_1_pixels_are_right(
    make_frame, measured, tool: str, handles: object, mm2: float
) -> None:
    stated = measured(tool, handles, make_frame())["Area"]
    assert stated.value == pytest.approx(mm2, rel=1e-3)
    assert (stated.unit, stated.evidence) == ("mm2", "Pixel Spacing")


def test_areas_at_the_detector_and_without_spacing_say_so(make_frame, measured) -> None:
    at_detector = PixelSpacing(0.5, 0.5, SpacingEvidence.IMAGER_PIXEL_SPACING)
    detector = measured("polygon", TRIANGLE, make_frame(spacing=at_detector))["Area"]
    assert detector.value == pytest.approx(6.0)
    assert detector.evidence == "Imager Pixel Spacing (at the detector)"
    plain = measured("polygon", TRIANGLE, make_frame(spacing=NO_SPACING))["Area"]
    assert (plain.value, plain.unit) == (24.0, "{pixels}2")


@pytest.mark.parametrize("tool", ["polygon", "freehand"])
def test_an_outline_that_crosses_itself_is_counted_and_says_so(
    make_frame, measured, tool: str
) -> None:
    found = measured(tool, FIGURE_EIGHT, make_frame())
    assert found["Area"].value == found["Pixels"].value * 0.5
    assert found["Pixels"].value == pytest.approx(32, abs=8)  # two triangles of 16 px²
    assert "crosses or touches itself" in found["Area"].evidence


def test_a_region_without_extent_has_no_statistics(make_frame, measured) -> None:
    for tool in ("rectangle", "ellipse"):
        found = measured(tool, [[3, 3], [3, 9]], make_frame())
        assert list(found) == ["Area"]
        assert found["Area"].value == 0.0


@given(st.tuples(st.floats(0, 80), st.floats(0, 80), st.floats(20, 60), st.floats(20, 60)))
def test_counted_pixels_fill_the_area(make_frame, measured, box) -> None:
    left, top, width, height = box
    frame = make_frame(np.zeros((150, 150)), spacing=NO_SPACING)
    handles = [[left, top], [left + width, top + height]]
    edge = 2 * (width + height)
    for tool in ("rectangle", "ellipse"):
        found = measured(tool, handles, frame)
        assert abs(found["Area"].value - found["Pixels"].value) <= edge / 2 + 2


def test_the_drawn_ellipse_has_the_area_that_is_stated(make_frame, measured) -> None:
    handles = np.array([[2.0, 3.0], [12.0, 7.0]])
    (outline,) = known_tools()["ellipse"].outline(handles)
    drawn = measured("polygon", outline.points_px, make_frame())["Area"].value
    assert drawn == pytest.approx(
        measured("ellipse", handles, make_frame())["Area"].value, rel=2e-3
    )


def test_the_values_of_a_region_are_those_its_statistics_are_of(make_frame, measured) -> None:
    frame = make_frame(np.arange(600).reshape(20, 30))
    handles = np.array([[2.2, 3.1], [12.6, 9.9]])
    for key in ("rectangle", "ellipse"):
        tool = known_tools()[key]
        assert isinstance(tool, RegionTool)
        values = region_values(tool.region(handles, frame.rows, frame.columns), frame).values
        found = measured(key, handles, frame)
        assert values.size == found["Pixels"].value
        assert values.mean() == pytest.approx(found["Mean"].value)


def test_a_rectangle_lists_the_values_of_its_rows_and_columns(make_frame) -> None:
    frame = make_frame([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    region = known_tools()["rectangle"].region(np.array([[0.5, 0.5], [2.5, 2.5]]), 3, 3)
    np.testing.assert_array_equal(region_values(region, frame).values, [5, 6, 8, 9])
