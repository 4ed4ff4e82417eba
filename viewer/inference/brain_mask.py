"""Where the brain is in a head that was brought to the template's space.

The template's own brain is the guide, the grey values decide at its rim.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Values = NDArray[np.float32]
Mask = NDArray[np.bool_]

DEEP_MM, SURE_MM, RIM_MM = 10.0, 6.0, 4.0
"""Inside the template's brain: depth at which its grey value is measured and from which all is brain,
and how far outside of it brain may lie."""

LEAST_OF_BRAIN = 0.45
"""Share of the brain's median grey value that brain at the rim has; bone and fluid on FLAIR are darker."""

NECK_MM = 4.0
"""Thickness of bridges between brain and scalp that are cut."""

CLOSED_MM = 6.0
"""Width of furrows that are filled."""


def brain_in(values: Values, guide: Mask, spacing_mm: float, told: Callable[[], None]) -> Mask:
    """The brain. values : ndarray, shape of the template; guide : the template's brain.

    told : called between steps; may raise Cancelled
    """
    inside, outside = _depths(guide, spacing_mm)
    told()
    bright = values > LEAST_OF_BRAIN * _usual(values, inside)
    near = outside <= RIM_MM
    kept = _without_bridges(bright & near, spacing_mm) | (inside >= SURE_MM)
    told()
    closed = _closed(kept, CLOSED_MM, spacing_mm) & near
    return np.asarray(ndimage.binary_fill_holes(_largest(closed)), bool)


def _usual(values: Values, inside: NDArray[np.float64]) -> float:
    return float(np.median(values[inside >= DEEP_MM]))


def _depths(guide: Mask, spacing_mm: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Distance to the rim inside the guide, and outside of it, mm."""
    return (
        ndimage.distance_transform_edt(guide, spacing_mm),
        ndimage.distance_transform_edt(~guide, spacing_mm),
    )


def _without_bridges(mask: Mask, spacing_mm: float) -> Mask:
    core = _largest(_eroded(mask, NECK_MM / 2, spacing_mm))
    return mask & _dilated(core, NECK_MM / 2 + spacing_mm / 2, spacing_mm)


def _eroded(mask: Mask, mm: float, spacing_mm: float) -> Mask:
    return np.asarray(ndimage.distance_transform_edt(mask, spacing_mm) > mm, bool)


def _dilated(mask: Mask, mm: float, spacing_mm: float) -> Mask:
    return np.asarray(ndimage.distance_transform_edt(~mask, spacing_mm) <= mm, bool)


def _closed(mask: Mask, mm: float, spacing_mm: float) -> Mask:
    """Closed by half that width on each side, with room around the array."""
    room = int(np.ceil(mm / spacing_mm))
    grown = _dilated(np.pad(mask, room), mm / 2, spacing_mm)
    inner = tuple(slice(room, -room) for _axis in mask.shape)
    return _eroded(grown, mm / 2, spacing_mm)[inner] | mask


def _largest(mask: Mask) -> Mask:
    labels, count = ndimage.label(mask)
    if not count:
        return mask
    return np.asarray(labels == np.bincount(labels.ravel())[1:].argmax() + 1, bool)
