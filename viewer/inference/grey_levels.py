"""A frame by its grey values: how often each occurs. What is done to a value is done once, not per pixel.

A film of nine million pixels has at most 65,536 values; percentiles, limits and windows of the values
with their counts are those of the pixels, bit by bit.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.domain.image import StoredValues
from viewer.inference.shrink import Rows

Values = NDArray[np.float32]
Counts = NDArray[np.intp]

SIXTEEN_BIT = ("u1", "u2", "i2")
"""Kinds of stored values that are counted; there would be too many of others."""

BLOCK_PX = 1 << 18
"""Counted at a time: numpy makes indices of 64 bits of them, which fit the processor's memory so."""

BLOCK_ROWS = 64
"""Painted at a time, for the same reason."""


@dataclass(frozen=True, eq=False)
class GreyLevels:
    """The values that occur in a frame.

    stored : ndarray, shape (rows, columns), 8 or 16 bit integers
    present : ndarray, shape (n,), of that kind; each value that occurs
    counts : ndarray, shape (n,); how many pixels have it
    """

    stored: StoredValues
    present: StoredValues
    counts: Counts

    def painted(self, values: Values) -> Values:
        """The frame with `values` (n) in place of `present`; shape (rows, columns), float32."""
        table, places = self._table(values), _indices(self.stored)
        picture = np.empty(places.shape, np.float32)
        _paint(picture, table, places)
        return picture

    def painter(self, values: Values) -> Rows:
        """What gives any rows of `painted`, all in the same place of memory."""
        table, places = self._table(values), _indices(self.stored)
        canvas = np.empty((0, places.shape[1]), np.float32)

        def rows(first: int, last: int) -> Values:
            nonlocal canvas
            if len(canvas) < last - first:
                canvas = np.empty((last - first, places.shape[1]), np.float32)
            picture = canvas[: last - first]
            _paint(picture, table, places[first:last])
            return picture

        return rows

    def _table(self, values: Values) -> Values:
        table = np.zeros(_size(self.stored), np.float32)
        table[_indices(self.present)] = values
        return table


def _paint(picture: Values, table: Values, places: StoredValues) -> None:
    for first in range(0, len(places), BLOCK_ROWS):
        rows = np.s_[first : first + BLOCK_ROWS]
        np.take(table, places[rows], out=picture[rows], mode="clip")


def grey_levels(stored: StoredValues) -> GreyLevels | None:
    """The values of a greyscale frame; None where they are too many to be counted, such as floats."""
    if stored.dtype.str[1:] not in SIXTEEN_BIT or stored.ndim != 2:
        return None
    counts = np.zeros(_size(stored), np.intp)
    pixels = _indices(stored).ravel()
    for first in range(0, pixels.size, BLOCK_PX):
        some = np.bincount(pixels[first : first + BLOCK_PX])
        counts[: some.size] += some
    found = np.flatnonzero(counts)
    present = found.astype(_index_type(stored)).view(stored.dtype.newbyteorder("="))
    return GreyLevels(stored, present, counts[found])


def percentiles(values: Values, counts: Counts, limits: NDArray[np.float64]) -> NDArray[np.float64]:
    """What np.percentile (linear) gives of all pixels, from each value with its count.

    values, counts : shape (n,), in any order. limits : shape (m,), 0 to 100
    """
    order = np.argsort(values, kind="stable")
    ordered, below = values[order], np.cumsum(counts[order])
    places = (below[-1] - 1) * (limits / 100)
    first = np.floor(places)
    low, high = (_at(ordered, below, place) for place in (first, first + 1))
    part = places - first
    step = high - low
    lower: NDArray[np.float64] = low + step * part
    return np.where(part >= 0.5, high - step * (1 - part), lower)


def _at(ordered: Values, below: Counts, place: NDArray[np.float64]) -> Values:
    """The pixel at each place of the row that all pixels in order would make."""
    places = np.minimum(place.astype(np.intp), below[-1] - 1)
    found: Values = ordered[np.searchsorted(below, places, side="right")]
    return found


def _size(stored: StoredValues) -> int:
    return 1 << (8 * stored.dtype.itemsize)


def _index_type(stored: StoredValues) -> type[np.uint8] | type[np.uint16]:
    return np.uint8 if stored.dtype.itemsize == 1 else np.uint16


def _indices(stored: StoredValues) -> StoredValues:
    """The same bits as numbers from 0 on."""
    native = np.ascontiguousarray(stored, stored.dtype.newbyteorder("="))
    return native.view(_index_type(stored))
