"""Lesions in a series: their extent around a place, which of them are one, and how wide they are."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import ConvexHull, QhullError

from viewer.inference.blobs import Blob
from viewer.inference.lungs import CoarseGrid, Mask

DENSE_HU = -450.0
"""Half-way between aerated lung and soft tissue: the edge of a solid lesion."""

REACH = 0.8
"""A lesion ends this many of its expected diameters from its centre, where a vessel may go on."""

PointPx = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Lesion:
    """A dense region of the coarse grid.

    inside : ndarray, shape of the grid, bool. score: of the network. middle: slice of the grid on
    which it is largest.
    """

    inside: Mask
    score: float
    middle: int
    centre: tuple[int, int, int]


def lesions(
    grid: CoarseGrid, field: Mask, places: tuple[Blob, ...], scores: NDArray[np.float64], most: int
) -> Iterator[Lesion]:
    """At most `most`, by score; a place inside a lesion already given is that lesion."""
    taken = np.zeros(grid.values.shape, bool)
    given = 0
    for index in np.argsort(-scores, kind="stable"):
        place = places[index]
        if given == most:
            return
        if taken[place.place]:
            continue
        inside = _grown(grid, field, place)
        if (inside & taken).any():
            continue
        _take(taken, inside)
        middle = int(inside.sum(axis=(1, 2)).argmax())
        given += 1
        yield Lesion(inside, float(scores[index]), middle, place.place)


def _grown(grid: CoarseGrid, field: Mask, place: Blob) -> Mask:
    """What is dense and connected to the place, as far as its size lets expect."""
    box, offset = _around(grid, place)
    spacing = np.array(grid.spacing_mm)
    indices = np.indices(grid.values[box].shape).reshape(3, -1).T + offset
    distance = np.linalg.norm((indices - np.array(place.place)) * spacing, axis=1)
    near = (distance <= REACH * place.diameter_mm).reshape(grid.values[box].shape)
    dense = (grid.values[box] > DENSE_HU) & field[box] & near
    labels, _count = ndimage.label(dense)
    own = labels[tuple(np.array(place.place) - offset)]
    inside = np.zeros(grid.values.shape, bool)
    inside[box] = labels == own if own else near & (distance.reshape(near.shape) <= spacing.max())
    return inside


def _around(grid: CoarseGrid, place: Blob) -> tuple[tuple[slice, ...], NDArray[np.intp]]:
    """The box of the grid that the lesion may fill, and its first corner."""
    reach = [int(np.ceil(REACH * place.diameter_mm / mm)) + 1 for mm in grid.spacing_mm]
    first = [max(0, at - r) for at, r in zip(place.place, reach, strict=True)]
    last = [at + r + 1 for at, r in zip(place.place, reach, strict=True)]
    return tuple(map(slice, first, last)), np.array(first)


def _take(taken: Mask, inside: Mask) -> None:
    """Mark the region and its immediate surroundings, in which another place is the same lesion."""
    box = tuple(
        slice(max(int(ends[0]) - SURROUNDINGS, 0), int(ends[-1]) + SURROUNDINGS + 1)
        for axes in ((1, 2), (0, 2), (0, 1))
        for ends in (np.flatnonzero(inside.any(axis=axes)),)
    )
    taken[box] |= ndimage.binary_dilation(
        inside[box], np.ones((3, 3, 3), bool), iterations=SURROUNDINGS
    )


SURROUNDINGS = 2
"""Voxels of the grid around a lesion that count as it."""


def outline_px(grid: CoarseGrid, layer: Mask) -> NDArray[np.float64]:
    """Corners of all pixels of one layer, (column, row) px of the series' images, shape (n, 2)."""
    rows, columns = np.nonzero(layer)
    _depth, height, width = grid.block
    corners = [
        ((columns + right) * width - 0.5, (rows + below) * height - 0.5)
        for right in (0, 1)
        for below in (0, 1)
    ]
    return np.concatenate([np.stack(corner, axis=1) for corner in corners]).astype(np.float64)


def box_px(points_px: NDArray[np.float64]) -> tuple[PointPx, ...]:
    """The upright box around points, as a closed line."""
    (left, top), (right, bottom) = points_px.min(axis=0).tolist(), points_px.max(axis=0).tolist()
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def longest_px(
    points_px: NDArray[np.float64], pixel_mm: tuple[float, float]
) -> tuple[tuple[PointPx, PointPx], float]:
    """The two points farthest apart, and their distance in mm.

    pixel_mm : between rows, between columns
    """
    scale = np.array([pixel_mm[1], pixel_mm[0]])
    hull = points_px[_hull(points_px)]
    apart = np.linalg.norm((hull[:, None] - hull[None]) * scale, axis=2)
    one, other = np.unravel_index(int(apart.argmax()), apart.shape)
    first, last = hull[one].tolist(), hull[other].tolist()
    return ((first[0], first[1]), (last[0], last[1])), float(apart.max())


def _hull(points_px: NDArray[np.float64]) -> NDArray[np.intp]:
    try:
        vertices: NDArray[np.intp] = ConvexHull(points_px).vertices
    except QhullError:
        return np.arange(len(points_px))
    return vertices
