"""Shrinks a picture that is made a few rows at a time, so that nine million pixels never lie in memory whole.

The weights are those of Pillow's antialiased bilinear filter; only the order of rounding differs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]
Rows = Callable[[int, int], Values]
"""First row and the one after the last to those rows, shape (rows, columns); valid until the next call."""

BLOCK_ROWS = 16
"""Rows of the result that are made at a time; what they are made of fits the processor's memory."""


@dataclass(frozen=True, eq=False)
class _Span:
    """What one place of the result is made of: pixels from first up to last, at weights of sum 1."""

    first: int
    last: int
    weights: Values


def shrunk(rows: Rows, shape: tuple[int, int], target: tuple[int, int]) -> Values:
    """The picture of `shape` (rows, columns) at the smaller or equal size `target`."""
    across = _spans(shape[1], target[1])
    columns = np.ascontiguousarray(_flattened(rows, shape[1], _spans(shape[0], target[0])).T)
    found = np.stack([one.weights @ columns[one.first : one.last] for one in across])
    return np.ascontiguousarray(found.T)


def _flattened(rows: Rows, width: int, down: Sequence[_Span]) -> Values:
    """(len(down), width): shrunk from top to bottom alone."""
    flat = np.empty((len(down), width), np.float32)
    for start in range(0, len(down), BLOCK_ROWS):
        some = down[start : start + BLOCK_ROWS]
        top = some[0].first
        picture = rows(top, some[-1].last)
        for number, one in enumerate(some, start):
            flat[number] = one.weights @ picture[one.first - top : one.last - top]
    return flat


@lru_cache(maxsize=16)
def _spans(source: int, target: int) -> tuple[_Span, ...]:
    """A triangle around the middle of each place, as wide as two places."""
    scale = source / target
    return tuple(_span((place + 0.5) * scale, scale, source) for place in range(target))


def _span(middle: float, scale: float, source: int) -> _Span:
    first = max(0, int(middle - scale + 0.5))
    last = min(source, int(middle + scale + 0.5))
    away = np.abs(np.arange(first, last) + 0.5 - middle) / scale
    weights = np.maximum(0.0, 1.0 - away)
    return _Span(first, last, (weights / weights.sum()).astype(np.float32))
