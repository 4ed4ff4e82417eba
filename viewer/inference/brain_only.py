"""Whether a slice shows a brain without skull and scalp, of the size that it has in a standard space.

A network that learned stripped, aligned brains is lost on whole heads; these are told by their noise
or air around the head, by the dark ring of bone under the scalp, and by their size.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import cattrs
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Values = NDArray[np.float32]

LEAST_BACKGROUND = 0.15
"""Share of a stripped slice that is exactly one value, the background."""

LEAST_IN_ONE_PIECE = 0.97
"""Share of the foreground that is one piece."""

LARGEST_HOLES = 0.03
"""Share of the outline that may be background; bone that was set to it makes more."""

OUTER_MM, DEEPEST_MM = 6, 18
"""How deep scalp may reach, and how deep the bone under it may lie."""

DARKEST_BAND = 0.88
"""Median of a band 1 mm deep under the brightest outer one, over the fainter of that and the inside:
1,172 stripped brains have 0.91 at the least, bone is far darker."""

BRIGHTEST_RIM = 1.35
"""Brightest outer band over the inside; scalp on FLAIR is brighter, cortex is not."""

LEAST_FILLED = 0.62
"""Share of its bounding box that a brain fills; an ellipse fills 0.785."""


@dataclass(frozen=True)
class BrainSize:
    """Lowest and highest width and length, mm."""

    width_mm: tuple[float, float]
    length_mm: tuple[float, float]


def declared_size(parameters: Mapping[str, object]) -> BrainSize | None:
    """What a manifest's task demands of stripped slices, or None where it reads all slices."""
    declared = parameters.get("brain_only")
    return cattrs.structure(declared, BrainSize) if isinstance(declared, Mapping) else None


def is_brain_only(values: Values, pixel_mm: tuple[float, float], size: BrainSize) -> bool:
    """Whether an upright axial slice is a stripped brain of that size.

    values : ndarray, shape (rows, columns), float32. pixel_mm : between rows, between columns
    """
    foreground = values > values.min()
    if foreground.mean() > 1 - LEAST_BACKGROUND or not foreground.any():
        return False
    labels, _count = ndimage.label(foreground)
    sizes = np.bincount(labels.ravel())[1:]
    brain = labels == sizes.argmax() + 1
    if sizes.max() < LEAST_IN_ONE_PIECE * foreground.sum():
        return False
    return _fits(brain, pixel_mm, size) and _has_no_scalp(values, brain, pixel_mm)


def _fits(brain: NDArray[np.bool_], pixel_mm: tuple[float, float], size: BrainSize) -> bool:
    rows, columns = np.flatnonzero(brain.any(axis=1)), np.flatnonzero(brain.any(axis=0))
    height, width = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    length_mm, width_mm = height * pixel_mm[0], width * pixel_mm[1]
    inside = (
        size.width_mm[0] <= width_mm <= size.width_mm[1]
        and size.length_mm[0] <= length_mm <= size.length_mm[1]
    )
    return bool(inside and brain.sum() >= LEAST_FILLED * height * width)


def _has_no_scalp(values: Values, brain: NDArray[np.bool_], pixel_mm: tuple[float, float]) -> bool:
    """No bright rim, no dark ring, no holes where bone was."""
    filled = ndimage.binary_fill_holes(brain)
    depth = ndimage.distance_transform_edt(np.pad(filled, 1), pixel_mm)[1:-1, 1:-1]
    signal = values - values.min()
    bands = [signal[filled & (depth > start) & (depth <= start + 1)] for start in range(DEEPEST_MM)]
    inside = signal[filled & (depth > DEEPEST_MM)]
    if not inside.size or any(not band.size for band in bands):
        return False
    middles = np.array([np.median(band) for band in bands])
    deep = float(np.median(inside))
    brightest = int(middles[:OUTER_MM].argmax())
    rim = float(middles[brightest])
    ring = float(middles[brightest:].min())
    holes = 1 - float(brain.sum()) / float(filled.sum())
    return bool(
        deep > 0
        and rim <= BRIGHTEST_RIM * deep
        and ring >= DARKEST_BAND * min(rim, deep)
        and holes <= LARGEST_HOLES
    )
