"""Angles are those of the patient, not of the pixel grid."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.domain.geometry import NO_SPACING, PixelSpacing, SpacingEvidence
from viewer.measure.calibration import to_px

TALL = PixelSpacing(1.0, 0.5, SpacingEvidence.PIXEL_SPACING)
DIAGONAL = [[10, 0], [0, 0], [10, 10]]
"""45 deg in pixels; in 2:1 pixels 5 mm across and 10 mm down: atan(2)."""


def test_an_angle_in_2_to_1_pixels_is_taken_in_mm(make_frame, measured) -> None:
    stated = measured("angle", DIAGONAL, make_frame(spacing=TALL))["Angle"]
    assert stated.value == pytest.approx(np.degrees(np.arctan(2)))
    assert (stated.unit, stated.evidence) == ("deg", "Pixel Spacing")


def test_without_spacing_it_is_of_the_pixel_grid_and_says_so(make_frame, measured) -> None:
    stated = measured("angle", DIAGONAL, make_frame(spacing=NO_SPACING))["Angle"]
    assert stated.value == pytest.approx(45.0)
    assert "true where pixels are square" in stated.evidence


@pytest.mark.parametrize(
    ("handles", "degrees"),
    [([[0, 0], [5, 0], [9, 0]], 180.0), ([[9, 0], [5, 0], [7, 0]], 0.0)],
)
def test_straight_and_folded_lines_are_180_and_0(
    make_frame, measured, handles: object, degrees: float
) -> None:
    assert measured("angle", handles, make_frame())["Angle"].value == pytest.approx(degrees)


def test_an_end_on_the_corner_gives_no_angle(make_frame, measured) -> None:
    assert measured("angle", [[1, 1], [1, 1], [4, 4]], make_frame()) == {}


@given(st.floats(0, 180), st.floats(0, 360), st.floats(1, 100), st.floats(1, 100))
def test_a_drawn_angle_is_measured_wherever_it_points(
    make_frame, measured, degrees: float, turn: float, first: float, second: float
) -> None:
    ways = np.radians([turn, turn + degrees])
    ends = np.column_stack([np.cos(ways), np.sin(ways)]) * np.array([[first], [second]])
    handles = to_px(np.vstack([ends[:1], np.zeros((1, 2)), ends[1:]]), TALL)
    stated = measured("angle", handles, make_frame(spacing=TALL))["Angle"]
    assert stated.value == pytest.approx(degrees, abs=1e-5)
