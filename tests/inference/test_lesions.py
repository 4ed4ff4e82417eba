"""How wide a lesion is, and which places are one."""

import numpy as np
import pytest

from viewer.inference.blobs import Blob
from viewer.inference.lesions import box_px, lesions, longest_px, outline_px
from viewer.inference.lungs import CoarseGrid


@pytest.fixture
def grid() -> CoarseGrid:
    """Lung with a block of 4 x 6 x 10 mm of tissue."""
    values = np.full((12, 20, 30), -850, np.float32)
    values[4:8, 6:12, 10:20] = 40
    return CoarseGrid(values, (1, 1, 1), (1.0, 1.0, 1.0))


def _everything(grid: CoarseGrid) -> np.ndarray:
    return np.ones(grid.values.shape, bool)


def test_a_lesion_is_what_is_dense_around_its_place(grid: CoarseGrid) -> None:
    place = Blob((5, 8, 14), 14.0, 500.0)
    (lesion,) = lesions(grid, _everything(grid), (place,), np.array([0.9]), 8)
    np.testing.assert_array_equal(lesion.inside, grid.values > 0)
    assert lesion.score == 0.9
    assert 4 <= lesion.middle < 8


def test_places_in_one_dense_region_are_one_lesion_with_the_higher_score(grid: CoarseGrid) -> None:
    places = (Blob((5, 8, 12), 14.0, 500.0), Blob((6, 9, 17), 14.0, 400.0))
    (lesion,) = lesions(grid, _everything(grid), places, np.array([0.4, 0.8]), 8)
    assert lesion.score == 0.8


def test_a_region_ends_at_the_edge_of_the_lungs(grid: CoarseGrid) -> None:
    field = _everything(grid)
    field[:, :, 16:] = False
    place = Blob((5, 8, 13), 14.0, 500.0)
    (lesion,) = lesions(grid, field, (place,), np.array([0.9]), 8)
    assert not lesion.inside[:, :, 16:].any()


def test_a_place_that_is_not_dense_itself_is_kept_small(grid: CoarseGrid) -> None:
    place = Blob((2, 3, 3), 6.0, 80.0)
    (lesion,) = lesions(grid, _everything(grid), (place,), np.array([0.9]), 8)
    assert 1 <= lesion.inside.sum() <= 7


def test_no_more_than_asked_for_and_the_best_first(grid: CoarseGrid) -> None:
    places = tuple(Blob((2, 3, column), 3.0, 80.0) for column in (3, 13, 23))
    found = list(lesions(grid, _everything(grid), places, np.array([0.1, 0.9, 0.5]), 2))
    assert [lesion.score for lesion in found] == [0.9, 0.5]


def test_the_longest_diameter_is_in_millimetres_and_runs_between_corners() -> None:
    layer = np.zeros((20, 30), bool)
    layer[6:12, 10:20] = True
    coarse = CoarseGrid(np.zeros((1, 20, 30), np.float32), (1, 2, 2), (1.0, 2.0, 2.0))
    points = outline_px(coarse, layer)
    assert box_px(points) == ((19.5, 11.5), (39.5, 11.5), (39.5, 23.5), (19.5, 23.5))
    ends, diameter = longest_px(points, (0.5, 1.0))
    assert diameter == pytest.approx(np.hypot(12 * 0.5, 20 * 1.0))
    assert {ends[0][0], ends[1][0]} == {19.5, 39.5}


def test_points_on_one_line_have_a_length_too() -> None:
    ends, diameter = longest_px(np.array([[0.0, 0.0], [3.0, 0.0], [1.0, 0.0]]), (1.0, 2.0))
    assert diameter == 6.0
    assert set(ends) == {(0.0, 0.0), (3.0, 0.0)}
