"""Which pixels lie inside: centres, cut to the image."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from viewer.measure.region import Region, ellipse_region, polygon_region

ROWS, COLUMNS = 12, 15
EIGHTHS = st.integers(-48, 176).map(lambda eighths: eighths / 8)
"""Places in and around the image whose crossings are exact, so that no pixel hangs on a rounding."""

CORNERS = arrays.arrays(np.float64, st.tuples(st.integers(3, 12), st.just(2)), elements=EIGHTHS)


def whole(region: Region) -> np.ndarray:
    """The mask in an array of the size of the image."""
    mask = np.zeros((ROWS, COLUMNS), bool)
    mask[region.window] = region.mask
    return mask


def turns(points: np.ndarray, column: int, row: int) -> bool:
    """Even-odd rule by a ray to the right, one side at a time."""
    inside = False
    for (x0, y0), (x1, y1) in zip(points, np.roll(points, -1, axis=0), strict=True):
        if (y0 <= row) != (y1 <= row) and x0 + (row - y0) * (x1 - x0) / (y1 - y0) <= column:
            inside = not inside
    return inside


def test_a_box_between_pixels_holds_the_centres_within() -> None:
    box = np.array([[1.5, 2.5], [4.5, 2.5], [4.5, 5.5], [1.5, 5.5]])
    expected = np.zeros((ROWS, COLUMNS), bool)
    expected[3:6, 2:5] = True
    np.testing.assert_array_equal(whole(polygon_region(box, ROWS, COLUMNS)), expected)


def test_boxes_side_by_side_share_no_pixel_and_leave_none_out() -> None:
    left = np.array([[2.0, 2], [5, 2], [5, 6], [2, 6]])
    right = left + np.array([3, 0])
    both = whole(polygon_region(left, ROWS, COLUMNS)).astype(int) + whole(
        polygon_region(right, ROWS, COLUMNS)
    )
    assert both.max() == 1
    assert both.sum() == 4 * 6


@given(CORNERS)
def test_each_pixel_is_decided_as_by_a_ray(points: np.ndarray) -> None:
    expected = [[turns(points, column, row) for column in range(COLUMNS)] for row in range(ROWS)]
    np.testing.assert_array_equal(whole(polygon_region(points, ROWS, COLUMNS)), expected)


@given(CORNERS)
def test_a_region_reaches_out_when_a_corner_lies_beyond_the_outer_pixel_edges(
    points: np.ndarray,
) -> None:
    within = (points >= -0.5) & (points <= (COLUMNS - 0.5, ROWS - 0.5))
    assert polygon_region(points, ROWS, COLUMNS).reaches_out == (not within.all())


EDGE = 1e-9
"""Distance from the outline under which rounding decides, and either answer is right."""


@given(arrays.arrays(np.float64, (2, 2), elements=st.floats(-6, 22)))
def test_an_ellipse_holds_the_centres_within_its_radii(corners: np.ndarray) -> None:
    region = ellipse_region(corners, ROWS, COLUMNS)
    centre, radius = corners.mean(axis=0), np.abs(corners[1] - corners[0]) / 2
    row, column = np.mgrid[:ROWS, :COLUMNS]
    if not radius.all():
        assert region.count == 0
        return
    with np.errstate(over="ignore"):
        far = ((column - centre[0]) / radius[0]) ** 2 + ((row - centre[1]) / radius[1]) ** 2
    clear = np.abs(far - 1) > EDGE
    np.testing.assert_array_equal(whole(region)[clear], far[clear] <= 1)


@pytest.mark.parametrize("shift", [(-100, 0), (100, 0), (0, -100), (0, 100), (1e300, 0)])
def test_a_region_beside_the_image_is_empty(shift: tuple[float, float]) -> None:
    corners = np.array([[1.0, 1.0], [6.0, 6.0]]) + shift
    box = np.array([[1.0, 1.0], [6.0, 1.0], [6.0, 6.0]]) + shift
    for region in (ellipse_region(corners, ROWS, COLUMNS), polygon_region(box, ROWS, COLUMNS)):
        assert region.count == 0
        assert region.reaches_out


def test_a_region_larger_than_the_image_holds_all_of_it() -> None:
    box = np.array([[-9.0, -9.0], [99.0, -9.0], [99.0, 99.0], [-9.0, 99.0]])
    region = polygon_region(box, ROWS, COLUMNS)
    assert region.count == ROWS * COLUMNS
    assert region.reaches_out
