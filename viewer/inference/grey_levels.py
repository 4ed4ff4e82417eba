"""A frame by its grey values: how often each occurs. What is done to a value is done once, not per pixel.

A film of nine million pixels has at most 65,536 values; percentiles, limits and windows of the values
with their counts are those of the pixels, bit by bit.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from viewer.domain.image import StoredValues
from viewer.inference.shrink import Rows

Values = NDArray[np.float32]
Counts = NDArray[np.intp]

SIXTEEN_BIT = ("u1", "u2", "i2")
"""Kinds of stored values that are counted; there would be too many of others."""

COUNTED_PX = 1 << 24
"""Counted at a time at the most: single precision, in which OpenCV counts, holds no larger number."""

BLOCK_ROWS = 64
"""Painted at a time; they fit the processor's memory."""

STRAIGHT = 1e-6
"""Share of their range by which values may lie off a straight line and still be told by it."""

Paint = Callable[[Values, StoredValues], None]
"""Fills a picture with the values of stored values of its shape."""

Finish = Callable[[Values], Values]
"""What remains to be done to each value."""


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
        picture = np.empty(self.stored.shape, np.float32)
        _by_blocks(self._by_table(values), picture, _indices(self.stored))
        return picture

    def painter(self, values: Values) -> tuple[Rows, Finish]:
        """Two steps that together give any rows of `painted`, but for rounding.

        The first gives rows, all in the same place of memory, which may be averaged; the second is done
        to what comes of that.
        """
        line = self._line(values)
        if line is None:
            return self._canvas(self._by_table(values), _indices(self.stored)), _as_it_is
        paint, finish = line
        return self._canvas(paint, self.stored), finish

    def _canvas(self, paint: Paint, stored: StoredValues) -> Rows:
        canvas = np.empty((0, self.stored.shape[1]), np.float32)

        def rows(first: int, last: int) -> Values:
            nonlocal canvas
            if len(canvas) < last - first:
                canvas = np.empty((last - first, canvas.shape[1]), np.float32)
            picture = canvas[: last - first]
            _by_blocks(paint, picture, stored[first:last])
            return picture

        return rows

    def _by_table(self, values: Values) -> Paint:
        """Each value looked up; of the stored values as numbers from 0 on."""
        table = np.zeros(_size(self.stored), np.float32)
        table[_indices(self.present)] = values

        def paint(picture: Values, places: StoredValues) -> None:
            np.take(table, places, out=picture, mode="clip")

        return paint

    def _line(self, values: Values) -> tuple[Paint, Finish] | None:
        """Each stored value cut off, and worked out in the end, which takes a tenth of the time; None
        unless the values lie on a straight line between two limits, as those of a rescale, a window and
        an inversion do."""
        least, most = values.min(), values.max()
        between = np.flatnonzero((least < values) & (values < most))
        if len(between) < 2:
            return None
        levels = self.present.astype(np.float32)
        first, last = between[levels[between].argmin()], between[levels[between].argmax()]
        slope = (values[last] - values[first]) / (levels[last] - levels[first])

        low, high = np.sort((np.array([least, most]) - values[first]) / slope).astype(np.float32)

        def paint(picture: Values, stored: StoredValues) -> None:
            np.subtract(stored, levels[first], out=picture)
            np.clip(picture, low, high, out=picture)

        def finish(averaged: Values) -> Values:
            finished: Values = np.clip(averaged * slope + values[first], least, most)
            return finished

        cut = np.empty_like(values)
        paint(cut, self.present)
        straight = np.abs(finish(cut) - values).max() <= STRAIGHT * (most - least)
        return (paint, finish) if straight else None


def _as_it_is(values: Values) -> Values:
    return values


def _by_blocks(paint: Paint, picture: Values, stored: StoredValues) -> None:
    for first in range(0, len(stored), BLOCK_ROWS):
        rows = np.s_[first : first + BLOCK_ROWS]
        paint(picture[rows], stored[rows])


def grey_levels(stored: StoredValues) -> GreyLevels | None:
    """The values of a greyscale frame; None where they are too many to be counted, such as floats."""
    if stored.dtype.str[1:] not in SIXTEEN_BIT or stored.ndim != 2:
        return None
    counts = _counts(_indices(stored), _size(stored))
    found = np.flatnonzero(counts)
    present = found.astype(_index_type(stored)).view(stored.dtype.newbyteorder("="))
    return GreyLevels(stored, present, counts[found])


def _counts(numbers: StoredValues, size: int) -> Counts:
    """How often each number below `size` occurs in a picture."""
    counts = np.zeros(size, np.intp)
    rows = max(1, COUNTED_PX // numbers.shape[1])
    for first in range(0, len(numbers), rows):
        some = cv2.calcHist([numbers[first : first + rows]], [0], None, [size], [0, size])
        counts += some.ravel().astype(np.intp)
    return counts


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
