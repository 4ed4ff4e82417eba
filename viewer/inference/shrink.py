"""Shrinks a picture that is made a few rows at a time, so that nine million pixels never lie in memory whole.

The weights are those of Pillow's antialiased bilinear filter; only the order of rounding differs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]
Rows = Callable[[int, int], Values]
"""First row and the one after the last to those rows, shape (rows, columns); valid until the next call."""

TOGETHER = 4
"""Places of the result that are made by one product; more would multiply too many zeros."""

BANDS = 2
"""Such products of one block of rows; what they are made of fits the processor's memory."""


@dataclass(frozen=True, eq=False)
class _Band:
    """What some neighbouring places of the result are made of: pixels from first up to last, at
    weights of sum 1, shape (places, last - first)."""

    first: int
    last: int
    weights: Values


def shrunk(rows: Rows, shape: tuple[int, int], target: tuple[int, int]) -> Values:
    """The picture of `shape` (rows, columns) at the smaller or equal size `target`."""
    flat = _flattened(rows, shape[1], _bands(shape[0], target[0]))
    columns = np.asarray(cv2.transpose(flat), np.float32)
    across = _bands(shape[1], target[1])
    found = _flattened(lambda first, last: columns[first:last], target[0], across)
    return np.ascontiguousarray(found.T)


def _flattened(rows: Rows, width: int, down: Sequence[_Band]) -> Values:
    """Shrunk from top to bottom alone, `width` columns wide."""
    parts = []
    for start in range(0, len(down), BANDS):
        some = down[start : start + BANDS]
        top = some[0].first
        picture = rows(top, some[-1].last)
        parts += [one.weights @ picture[one.first - top : one.last - top] for one in some]
    return np.concatenate(parts)


@lru_cache(maxsize=16)
def _bands(source: int, target: int) -> tuple[_Band, ...]:
    """A triangle around the middle of each place, as wide as two places."""
    scale = source / target
    middles = (np.arange(target, dtype=np.float64) + 0.5) * scale
    starts = range(0, target, TOGETHER)
    return tuple(_band(middles[start : start + TOGETHER], scale, source) for start in starts)


def _band(middles: NDArray[np.float64], scale: float, source: int) -> _Band:
    first = max(0, int(middles[0] - scale + 0.5))
    last = min(source, int(middles[-1] + scale + 0.5))
    away = np.abs(np.arange(first, last) + 0.5 - middles[:, None]) / scale
    weights = np.maximum(0.0, 1.0 - away)
    return _Band(first, last, (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32))
