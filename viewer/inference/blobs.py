"""Round dense places in the lungs, at several sizes: what a network is asked to judge.

Differences of Gaussians (Lowe, IJCV 2004;60:91), on values from which all outside of the lungs has
been taken away, so that the chest wall makes no edge.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from viewer.inference.lungs import CoarseGrid, Mask
from viewer.inference.smoothing import smoothed

Values = NDArray[np.float32]

DIAMETERS_MM = (4.5, 6.5, 9.5, 14.0, 20.0, 30.0, 42.0)
"""Sizes looked for: from the smallest nodule that is reported to a mass."""

RATIO = 1.3
"""Of the two Gaussians of a difference."""

LUNG_HU, DENSE_HU = -870.0, 50.0
"""Aerated lung, put in the place of all that is outside; density above which nothing is rounder."""

THICK_MM = 3.0
"""Slices farther apart than this say nothing about roundness across them."""

LEAST_CONTRAST_HU = 60.0
"""A blob weaker than this is noise or the side of a vessel."""


@dataclass(frozen=True)
class Blob:
    """A round place. place : (slice, row, column) of the coarse grid. contrast_hu: how it stands out."""

    place: tuple[int, int, int]
    diameter_mm: float
    contrast_hu: float


@dataclass(frozen=True, eq=False)
class _Peaks:
    """Local maxima of one size. places : (n, 3); diameters_mm, contrasts_hu : (n,)."""

    places: NDArray[np.intp]
    diameters_mm: NDArray[np.float64]
    contrasts_hu: Values


def blobs(
    grid: CoarseGrid, field: Mask, most: int, tell: Callable[[float], None]
) -> tuple[Blob, ...]:
    """At most `most` blobs in the field, those that stand out most, none within another."""
    box, corner = _box(field)
    inside = field[box]
    dense = np.clip(grid.values[box], LUNG_HU, DENSE_HU) - LUNG_HU
    values = np.where(inside, dense, 0).astype(np.float32)
    found: list[_Peaks] = []
    for i, diameter_mm in enumerate(DIAMETERS_MM):
        found.append(_of_size(values, inside, grid.spacing_mm, diameter_mm))
        tell((i + 1) / len(DIAMETERS_MM))
    return tuple(_apart(_strongest_first(found, corner), grid, most))


def _box(field: Mask) -> tuple[tuple[slice, ...], tuple[int, int, int]]:
    """The part of the grid around the field, with a rim of one voxel, and its first corner."""
    ends = [np.flatnonzero(field.any(axis=axes))[[0, -1]] for axes in ((1, 2), (0, 2), (0, 1))]
    first, second, third = (max(int(low) - 1, 0) for low, _high in ends)
    lows = (first, second, third)
    box = tuple(slice(low, int(high) + 2) for low, (_low, high) in zip(lows, ends, strict=True))
    return box, lows


def _of_size(
    values: Values, field: Mask, spacing_mm: tuple[float, float, float], diameter_mm: float
) -> _Peaks:
    """Local maxima of one size."""
    thick = spacing_mm[0] > THICK_MM
    sigma_mm = diameter_mm / 2 / np.sqrt(2 if thick else 3)
    sigmas = [sigma_mm / mm for mm in spacing_mm]
    sigmas[0] = 0.0 if thick else sigmas[0]
    inner = smoothed(values, sigmas)
    outer = smoothed(values, [RATIO * sigma for sigma in sigmas])
    response = (inner - outer) / np.float32(RATIO - 1)
    peaks = (response == _highest_around(response, across_slices=not thick)) & field
    peaks &= response > LEAST_CONTRAST_HU
    places = np.argwhere(peaks)
    return _Peaks(places, np.full(len(places), diameter_mm), response[peaks])


def _highest_around(values: Values, *, across_slices: bool) -> Values:
    """Of each voxel and its neighbours in all directions."""
    highest = np.asarray([cv2.dilate(layer, AROUND) for layer in values], np.float32)
    if not across_slices:
        return highest
    whole = highest.copy()
    np.maximum(whole[1:], highest[:-1], out=whole[1:])
    np.maximum(whole[:-1], highest[1:], out=whole[:-1])
    return whole


AROUND = np.ones((3, 3), np.uint8)


def _strongest_first(found: Sequence[_Peaks], corner: tuple[int, int, int]) -> Iterator[Blob]:
    """Of all sizes, in the whole grid."""
    places = np.concatenate([one.places for one in found]) + corner
    diameters = np.concatenate([one.diameters_mm for one in found])
    contrasts = np.concatenate([one.contrasts_hu for one in found])
    for index in np.argsort(-contrasts, kind="stable"):
        slice_, row, column = places[index].tolist()
        yield Blob((slice_, row, column), float(diameters[index]), float(contrasts[index]))


def _apart(ordered: Iterable[Blob], grid: CoarseGrid, most: int) -> Iterator[Blob]:
    """The strongest first; a weaker one whose centre is within half of a kept one's radius goes."""
    spacing = np.array(grid.spacing_mm)
    centres, radii = np.empty((most, 3)), np.empty(most)
    kept = 0
    for blob in ordered:
        centre = np.array(blob.place) * spacing
        near = np.linalg.norm(centres[:kept] - centre, axis=1) < 0.5 * radii[:kept]
        if near.any():
            continue
        centres[kept], radii[kept] = centre, blob.diameter_mm / 2
        kept += 1
        yield blob
        if kept == most:
            return
