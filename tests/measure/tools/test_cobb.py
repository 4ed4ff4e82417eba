"""Cobb angles: whichever way the lines were drawn, and beyond 90 degrees."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.domain.geometry import NO_SPACING
from viewer.measure.tools.cobb import cobb_angle


def end_plates(upper: float, lower: float, turn: float = 0.0) -> np.ndarray:
    """Two lines 100 mm apart down the spine, tilted by degrees from across it; the whole turned."""
    ways = np.radians([upper, lower])
    halves = np.column_stack([np.cos(ways), np.sin(ways)]) * 20
    middles = np.array([[0.0, 0.0], [0.0, 100.0]])
    ends = np.stack([middles - halves, middles + halves], axis=1).reshape(4, 2)
    angle = np.radians(turn)
    return ends @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])


@pytest.mark.parametrize(
    ("upper", "lower", "degrees"), [(20, -25, 45), (10, 10, 0), (0, 30, 30), (55, -55, 110)]
)
def test_the_tilts_of_the_end_plates_add_up(upper: float, lower: float, degrees: float) -> None:
    assert cobb_angle(end_plates(upper, lower)) == pytest.approx(degrees, abs=1e-6)


@given(st.floats(-80, 80), st.floats(-80, 80), st.floats(0, 360), st.booleans(), st.booleans())
def test_neither_the_way_of_drawing_nor_the_rotation_of_the_image_matters(
    upper: float, lower: float, turn: float, first: bool, second: bool
) -> None:
    ends = end_plates(upper, lower, turn)
    drawn = np.vstack([ends[:2][:: -1 if first else 1], ends[2:][:: -1 if second else 1]])
    assert cobb_angle(drawn) == pytest.approx(abs(upper - lower), abs=1e-5)
    assert cobb_angle(np.vstack([drawn[2:], drawn[:2]])) == pytest.approx(
        abs(upper - lower), abs=1e-5
    )


def test_a_line_along_the_spine_gives_the_smaller_angle() -> None:
    along = np.array([[0, -5], [0, 5], [0, 95], [5, 115]], np.float64)
    middle = along[2:].mean(axis=0)
    along[2:] += np.array([0, 100]) - middle
    assert cobb_angle(along) == pytest.approx(np.degrees(np.arctan(5 / 20)))


def test_a_line_without_length_gives_no_angle(make_frame, measured) -> None:
    assert measured("cobb", [[1, 1], [1, 1], [0, 5], [5, 5]], make_frame()) == {}


def test_the_angle_is_taken_in_mm(make_frame, measured) -> None:
    handles = [[0, 0], [10, 0], [0, 10], [10, 15]]
    assert measured("cobb", handles, make_frame())["Cobb angle"].value == pytest.approx(45.0)
    plain = measured("cobb", handles, make_frame(spacing=NO_SPACING))["Cobb angle"]
    assert plain.value == pytest.approx(np.degrees(np.arctan(0.5)))
    assert "true where pixels are square" in plain.evidence
