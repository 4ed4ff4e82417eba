"""Outlines of a mask along the edges of its pixels, as closed polygons in order, for dashes to run along."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST_CORNERS = 8_000
"""Of a mask whose outline is followed pixel by pixel; a finer one is followed at half its resolution."""


def outlines(mask: NDArray[np.bool_]) -> list[NDArray[np.float64]]:
    """Closed outlines, clockwise on the screen; those of holes the other way round.

    mask : ndarray, shape (rows, columns), bool

    Returns
    -------
    list of ndarray, shape (n, 2), float64; (column, row), (0, 0) is the centre of the top left pixel
    """
    step, coarse = 1, mask
    while len((corners := _corners(coarse)).rows) > MOST_CORNERS and min(coarse.shape) > 1:
        step, coarse = step * 2, _halved(coarse)
    places = np.stack([corners.columns, corners.rows], axis=1).astype(np.float64) * step - 0.5
    return [places[loop] for loop in _loops(corners)]


def _halved(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Set where any pixel of a block of four is."""
    padded = np.pad(mask, [(0, side % 2) for side in mask.shape])
    blocks = padded.reshape(padded.shape[0] // 2, 2, padded.shape[1] // 2, 2)
    halved: NDArray[np.bool_] = np.logical_or.reduce(np.logical_or.reduce(blocks, axis=3), axis=1)
    return halved


@dataclass(frozen=True, eq=False)
class _Corners:
    """Bends of outlines, each ndarray of shape (n,); where two pixels touch by a corner there are two.

    across, down: which of two at one place comes first along its row and its column. filled: whether
    the pixel below and to the right is set.
    """

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    across: NDArray[np.int64]
    down: NDArray[np.int64]
    filled: NDArray[np.bool_]


def _corners(mask: NDArray[np.bool_]) -> _Corners:
    padded = np.pad(mask, 1)
    above_left, above_right = padded[:-1, :-1], padded[:-1, 1:]
    below_left, below_right = padded[1:, :-1], padded[1:, 1:]
    bend = above_left ^ above_right ^ below_left ^ below_right
    falling = above_left & below_right & ~above_right & ~below_left
    rising = above_right & below_left & ~above_left & ~below_right
    kinds = ((bend, 0, 0), (falling, 0, 0), (falling, 1, 1), (rising, 0, 1), (rising, 1, 0))
    places = [np.argwhere(where) for where, _across, _down in kinds]
    counts = [len(found) for found in places]
    rows, columns = np.concatenate(places).T
    across = np.repeat([across for _where, across, _down in kinds], counts)
    down = np.repeat([down for _where, _across, down in kinds], counts)
    return _Corners(rows, columns, across, down, below_right[rows, columns])


def _partners(order: NDArray[np.intp]) -> list[int]:
    """Corners along a line are joined two by two: the other end of each one's edge."""
    partners = np.empty(len(order), np.int64)
    partners[order[0::2]], partners[order[1::2]] = order[1::2], order[0::2]
    found: list[int] = partners.tolist()
    return found


def _loops(corners: _Corners) -> list[list[int]]:
    """Numbers of the corners along each outline: an edge across, an edge down, and so on."""
    rows, columns = corners.rows, corners.columns
    beside = _partners(np.lexsort((corners.across, columns, rows)))
    below = _partners(np.lexsort((corners.down, rows, columns)))
    filled: list[bool] = corners.filled.tolist()
    seen = bytearray(len(rows))
    loops: list[list[int]] = []
    for start in np.lexsort((corners.across, columns, rows)).tolist():
        if seen[start]:
            continue
        loop, here = [], start
        while not seen[here]:
            there = beside[here]
            seen[here] = seen[there] = 1
            loop += [here, there]
            here = below[there]
        loops.append(loop if filled[start] else loop[::-1])
    return loops
