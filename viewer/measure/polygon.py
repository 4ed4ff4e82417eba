"""Closed polygons in the plane: area, and whether the outline crosses itself."""

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Indices = NDArray[np.intp]


def enclosed_area(points: Points) -> float:
    """Area of a polygon that does not cross itself (shoelace formula), in squared units of the points."""
    x, y = (points - points[0]).T
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def without_repeats(points: Points) -> Points:
    """The polygon without corners that repeat the one before, as a double click leaves them."""
    distinct: Points = points[np.any(points != np.roll(points, 1, axis=0), axis=1)]
    return distinct if len(distinct) else points[:1]


def crosses_itself(points: Points) -> bool:
    """Whether two sides that are no neighbours meet: then the shoelace formula is no area.

    Parameters
    ----------
    points : ndarray, shape (n, 2), float64; corners of the closed polygon
    """
    corners = without_repeats(points)
    first, second = _near_pairs(corners)
    a, b = corners[first], np.roll(corners, -1, axis=0)[first]
    c, d = corners[second], np.roll(corners, -1, axis=0)[second]
    apart = _same_side(a, b, c, d) | _same_side(c, d, a, b)
    return bool(np.any(~apart))


def _near_pairs(corners: Points) -> tuple[Indices, Indices]:
    """Sides whose bounding boxes meet and that are no neighbours, each pair once."""
    ends = np.stack([corners, np.roll(corners, -1, axis=0)])
    low, high = ends.min(axis=0), ends.max(axis=0)
    order = np.argsort(low[:, 0], kind="stable")
    reach = np.searchsorted(low[order, 0], high[order, 0], side="right")
    counts = reach - np.arange(len(order)) - 1
    starts = np.repeat(np.arange(len(order)), counts)
    steps = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + 1
    first, second = order[starts], order[starts + steps]
    gap = np.abs(first - second)
    neighbours = (gap == 1) | (gap == len(corners) - 1)
    meet = (low[first, 1] <= high[second, 1]) & (low[second, 1] <= high[first, 1])
    chosen = meet & ~neighbours
    return first[chosen], second[chosen]


def _same_side(a: Points, b: Points, c: Points, d: Points) -> NDArray[np.bool_]:
    """Whether c and d both lie strictly on one side of the line a b."""
    along = b - a
    of_c, of_d = _cross(along, c - a), _cross(along, d - a)
    return ((of_c > 0) & (of_d > 0)) | ((of_c < 0) & (of_d < 0))


def _cross(u: Points, v: Points) -> NDArray[np.float64]:
    crossed: NDArray[np.float64] = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
    return crossed
