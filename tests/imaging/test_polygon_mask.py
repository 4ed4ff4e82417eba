"""A polygon's pixels are those whose centres it encloses, in whatever window they are asked for."""

import numpy as np

from viewer.imaging.polygon_mask import polygon_mask

SQUARE = np.array([[1, 1], [4, 1], [4, 3], [1, 3]], np.float64)


def test_centres_on_the_outline_count_on_the_left_and_top_only() -> None:
    mask = polygon_mask(SQUARE, 0, 0, (6, 6))
    assert np.argwhere(mask).min(axis=0).tolist() == [1, 1]
    assert np.argwhere(mask).max(axis=0).tolist() == [2, 3]


def test_a_window_of_the_image_holds_the_same_pixels() -> None:
    whole = polygon_mask(SQUARE + 0.3, 0, 0, (6, 6))
    np.testing.assert_array_equal(polygon_mask(SQUARE + 0.3, 2, 1, (3, 2)), whole[2:5, 1:3])


def test_an_empty_window_holds_nothing() -> None:
    assert polygon_mask(SQUARE, 0, 0, (0, 4)).shape == (0, 4)
    assert polygon_mask(SQUARE, 0, 0, (4, 0)).shape == (4, 0)


def test_a_self_crossing_outline_counts_by_even_and_odd() -> None:
    bow = np.array([[0, 0], [8, 8], [8, 0], [0, 8]], np.float64) + 0.25
    mask = polygon_mask(bow, 0, 0, (9, 9))
    assert mask[2, 1] == mask[6, 1]
    assert not mask[1, 4]
