"""Histogram of the values of a region."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DEFAULT_BINS = 64
"""At most; enough for a small plot."""

SMALLEST_SPREAD = 0.5
"""Half width of the one bin of values that are all alike."""

LARGEST_WHOLE = 2.0**32
"""Beyond the stored integers: larger floats are no counts, though they have no fraction."""


@dataclass(frozen=True, eq=False)
class Histogram:
    """counts: ndarray, shape (n,), int64. edges: ndarray, shape (n + 1,), float64, in the unit of the values."""

    counts: NDArray[np.int64]
    edges: NDArray[np.float64]


def histogram(values: NDArray[np.float64], bins: int = DEFAULT_BINS) -> Histogram:
    """Counts of values in bins of one width, at most `bins` of them.

    Whole numbers get bins a whole number wide, so that no bin is fuller only because it spans more
    of them. No values give no bins. Raises ValueError where `bins` is less than 1.

    Parameters
    ----------
    values : ndarray, shape (n,), float64, finite
    """
    if bins < 1:
        raise ValueError("a histogram needs at least one bin")
    if not values.size:
        return Histogram(np.zeros(0, np.int64), np.zeros(0, np.float64))
    edges = _edges(values, bins)
    counts, _same = np.histogram(values, edges)
    return Histogram(counts.astype(np.int64), edges)


def _edges(values: NDArray[np.float64], bins: int) -> NDArray[np.float64]:
    low, high = float(values.min()), float(values.max())
    if np.abs(values).max() <= LARGEST_WHOLE and np.all(values == np.rint(values)):
        width = max(int(np.ceil((high - low + 1) / bins)), 1)
        count = int(np.ceil((high - low + 1) / width))
        return low - 0.5 + width * np.arange(count + 1, dtype=np.float64)
    if low == high:
        return np.array([low - SMALLEST_SPREAD, high + SMALLEST_SPREAD])
    return np.linspace(low, high, bins + 1)
