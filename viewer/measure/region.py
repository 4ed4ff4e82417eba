"""Regions: the pixels of an image whose centres lie inside an outline."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.imaging.polygon_mask import polygon_mask

Points = NDArray[np.float64]
Mask = NDArray[np.bool_]

HALF_PIXEL = 0.5
"""From the centre of a pixel to its edge, px."""


@dataclass(frozen=True, eq=False)
class Region:
    """Pixels inside an outline, cut to the image.

    mask: ndarray, shape (m, n), bool; its first element is the pixel at row `top`, column `left`.
    reaches_out: the outline leaves the image, so that some of what it encloses is not there.
    """

    top: int
    left: int
    mask: Mask
    reaches_out: bool

    @property
    def count(self) -> int:
        """Number of pixels inside."""
        return int(np.count_nonzero(self.mask))

    @property
    def corners_px(self) -> Points:
        """Two opposite corners of the box around it, edge to edge: ndarray, shape (2, 2), (column, row)."""
        height, width = self.mask.shape
        first = np.array([self.left, self.top], np.float64) - HALF_PIXEL
        return np.vstack([first, first + np.array([width, height])])

    @property
    def window(self) -> tuple[slice, slice]:
        """Where the mask lies in an array of shape (rows, columns)."""
        height, width = self.mask.shape
        return slice(self.top, self.top + height), slice(self.left, self.left + width)


def polygon_region(points_px: Points, rows: int, columns: int) -> Region:
    """Pixels inside a closed polygon; where it crosses itself, by the even-odd rule.

    A centre exactly on the outline counts on the left and top side only, so that polygons side by
    side share no pixel.

    Parameters
    ----------
    points_px : ndarray, shape (n, 2), float64; (column, row)
    """
    top, left, height, width = _box(points_px, rows, columns)
    mask = polygon_mask(points_px, top, left, (height, width))
    return Region(top, left, mask, _reaches_out(points_px, rows, columns))


def ellipse_region(corners_px: Points, rows: int, columns: int) -> Region:
    """Pixels inside or on the ellipse that fills the box between two opposite corners.

    Parameters
    ----------
    corners_px : ndarray, shape (2, 2), float64; (column, row)
    """
    top, left, height, width = _box(corners_px, rows, columns)
    centre = corners_px.mean(axis=0)
    radius = np.abs(corners_px[1] - corners_px[0]) / 2
    mask = np.zeros((height, width), np.bool_)
    if radius.all():
        across = (np.arange(left, left + width) - centre[0]) / radius[0]
        down = (np.arange(top, top + height)[:, None] - centre[1]) / radius[1]
        mask = across**2 + down**2 <= 1
    return Region(top, left, mask, _reaches_out(corners_px, rows, columns))


def _box(points: Points, rows: int, columns: int) -> tuple[int, int, int, int]:
    """Top, left, height and width of the pixels that can lie inside; height or width 0 if none."""
    limit = np.array([columns, rows])
    low = np.clip(np.ceil(points.min(axis=0)), 0, limit).astype(int)
    high = np.clip(np.floor(points.max(axis=0)), -1, limit - 1).astype(int)
    width, height = np.maximum(high - low + 1, 0).tolist()
    left, top = low.tolist()
    return top, left, height, width


def _reaches_out(points: Points, rows: int, columns: int) -> bool:
    last = np.array([columns, rows]) - HALF_PIXEL
    return bool(np.any(points < -HALF_PIXEL) or np.any(points > last))
