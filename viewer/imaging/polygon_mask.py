"""Pixels whose centres lie inside a closed polygon, by the even-odd rule."""

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]


def polygon_mask(
    points_px: Points, top: int, left: int, shape: tuple[int, int]
) -> NDArray[np.bool_]:
    """The part of `shape` whose first element is the pixel at row `top`, column `left`.

    A centre exactly on the outline counts on the left and top side only, so that polygons side by
    side share no pixel.

    Parameters
    ----------
    points_px : ndarray, shape (n, 2), float64; (column, row), (0, 0) is the centre of the top left pixel

    Returns
    -------
    ndarray of `shape`, bool
    """
    height, width = shape
    line, column = _crossings(points_px, np.arange(top, top + height, dtype=np.float64))
    place = np.clip(np.ceil(column) - left, 0, width).astype(np.intp)
    toggles = np.zeros((height, width + 1), np.bool_)
    np.logical_xor.at(toggles, (line, place), True)
    inside: NDArray[np.bool_] = np.logical_xor.accumulate(toggles, axis=1)[:, :width]
    return inside


def _crossings(points: Points, lines: Points) -> tuple[NDArray[np.intp], Points]:
    """Where the polygon's sides cross rows of pixel centres: index of the row, and column in px."""
    ends = np.roll(points, -1, axis=0)
    below = points[:, 1] <= lines[:, None]
    line, side = np.nonzero(below != (ends[:, 1] <= lines[:, None]))
    start, along = points[side], (ends - points)[side]
    column: Points = start[:, 0] + (lines[line] - start[:, 1]) * along[:, 0] / along[:, 1]
    return line, column
