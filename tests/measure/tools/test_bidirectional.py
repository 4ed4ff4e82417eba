"""The short axis stays at a right angle to the long one, in mm, whatever is dragged."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from viewer.domain.geometry import NO_SPACING, PixelSpacing, SpacingEvidence
from viewer.measure.calibration import to_mm
from viewer.measure.tools.bidirectional import PLUGIN

TALL = PixelSpacing(1.0, 0.5, SpacingEvidence.PIXEL_SPACING)
PLACES = st.tuples(st.floats(-200, 200), st.floats(-200, 200))


def axes_mm(handles: np.ndarray, spacing: PixelSpacing) -> tuple[np.ndarray, np.ndarray]:
    points = to_mm(handles, spacing)
    return points[1] - points[0], points[3] - points[2]


def cosine(handles: np.ndarray, spacing: PixelSpacing) -> float:
    long, short = axes_mm(handles, spacing)
    return float(np.dot(long, short) / np.linalg.norm(long) / np.linalg.norm(short))


def drawn(spacing: PixelSpacing = TALL) -> np.ndarray:
    """From (10, 10) to (50, 40): in 2:1 pixels 20 mm across and 30 mm down."""
    return PLUGIN.completed(np.array([[10.0, 10.0], [50.0, 40.0]]), spacing)


def test_both_axes_are_measured_in_mm(make_frame, measured) -> None:
    handles = [[0, 5], [20, 5], [10, 2], [10, 8]]  # 20 columns of 0.5 mm; 6 rows of 1 mm
    found = measured("bidirectional", handles, make_frame())
    assert found["Long axis"].value == pytest.approx(10.0)
    assert found["Short axis"].value == pytest.approx(6.0)
    assert [stated.code.meaning for stated in found.values()] == ["Long axis", "Short axis"]


def test_the_longer_line_is_the_long_axis_however_it_was_drawn(make_frame, measured) -> None:
    handles = [[0, 5], [20, 5], [10, 0], [10, 15]]  # 10 mm, then 15 mm
    found = measured("bidirectional", handles, make_frame())
    assert found["Long axis"].value == pytest.approx(15.0)
    assert found["Short axis"].value == pytest.approx(10.0)


@pytest.mark.parametrize("spacing", [TALL, NO_SPACING])
def test_the_tool_adds_a_short_axis_half_as_long_across_the_middle(spacing: PixelSpacing) -> None:
    handles = drawn(spacing)
    long, short = axes_mm(handles, spacing)
    assert np.linalg.norm(short) == pytest.approx(np.linalg.norm(long) / 2)
    assert cosine(handles, spacing) == pytest.approx(0.0, abs=1e-12)
    np.testing.assert_allclose(handles[2:].mean(axis=0), [30.0, 25.0])


@given(st.integers(0, 3), PLACES)
def test_dragging_any_handle_keeps_the_right_angle(index: int, place: tuple[float, float]) -> None:
    handles = PLUGIN.moved(drawn(), index, place, TALL)
    long, short = axes_mm(handles, TALL)
    assume(np.linalg.norm(long) > 1e-3 and np.linalg.norm(short) > 1e-3)
    assert cosine(handles, TALL) == pytest.approx(0.0, abs=1e-6)
    np.testing.assert_array_equal(handles[index], place)


@given(st.integers(0, 1), PLACES)
def test_turning_the_long_axis_leaves_the_length_of_the_short_one(
    index: int, place: tuple[float, float]
) -> None:
    before, handles = drawn(), PLUGIN.moved(drawn(), index, place, TALL)
    long, short = axes_mm(handles, TALL)
    assume(np.linalg.norm(long) > 1e-3)
    assert np.linalg.norm(short) == pytest.approx(np.linalg.norm(axes_mm(before, TALL)[1]))


def test_sliding_the_short_axis_leaves_the_long_one_and_the_reach_of_the_other_end() -> None:
    across = PLUGIN.completed(np.array([[0.0, 0.0], [40.0, 0.0]]), TALL)
    handles = PLUGIN.moved(across, 3, (8.0, 2.0), TALL)
    np.testing.assert_array_equal(handles[:2], across[:2])
    np.testing.assert_allclose(handles[2], [8.0, across[2, 1]])


def test_a_long_axis_without_length_waits_for_one() -> None:
    start = np.array([[5.0, 5.0], [5.0, 5.0]])
    np.testing.assert_array_equal(PLUGIN.completed(start, TALL), start)
    moved = PLUGIN.moved(drawn(), 1, (10.0, 10.0), TALL)
    np.testing.assert_array_equal(moved[2:], drawn()[2:])
