"""Outlines of a mask along the edges of its pixels, as closed polygons in order, for dashes to run along."""

import numpy as np
from numpy.typing import NDArray

MOST_EDGES = 20_000
"""Of a mask whose outline is followed pixel by pixel; a finer one is followed at half its resolution."""

Corner = tuple[int, int]
"""(column, row) of a corner between pixels; 0, 0 is the corner at the top left of the first pixel."""


def outlines(mask: NDArray[np.bool_]) -> list[NDArray[np.float64]]:
    """Closed outlines, those of holes too.

    mask : ndarray, shape (rows, columns), bool

    Returns
    -------
    list of ndarray, shape (n, 2), float64; (column, row), (0, 0) is the centre of the top left pixel
    """
    step, coarse = 1, mask
    while (edges := _edges(coarse)).shape[0] > MOST_EDGES and min(coarse.shape) > 1:
        step, coarse = step * 2, _halved(coarse)
    return [np.array(loop, np.float64) * step - 0.5 for loop in _loops(edges)]


def _halved(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Set where any pixel of a block of four is."""
    padded = np.pad(mask, [(0, side % 2) for side in mask.shape])
    blocks = padded.reshape(padded.shape[0] // 2, 2, padded.shape[1] // 2, 2)
    halved: NDArray[np.bool_] = np.logical_or.reduce(np.logical_or.reduce(blocks, axis=3), axis=1)
    return halved


def _edges(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Directed edges, the mask at their right hand: shape (n, 4), start column, row, end column, row."""
    inner = np.pad(mask, 1)
    found = []
    for (down, across), start, end in _SIDES:
        beside = np.roll(inner, (-down, -across), (0, 1))
        rows, columns = np.nonzero(inner & ~beside)
        places = np.stack([columns, rows], axis=1) - 1
        found.append(np.concatenate([places + start, places + end], axis=1))
    return np.concatenate(found)


_SIDES = (
    ((-1, 0), (0, 0), (1, 0)),
    ((0, 1), (1, 0), (1, 1)),
    ((1, 0), (1, 1), (0, 1)),
    ((0, -1), (0, 1), (0, 0)),
)
"""Neighbour (rows down, columns across), and the edge towards it, from corner to corner of a pixel."""


def _loops(edges: NDArray[np.int64]) -> list[list[Corner]]:
    """Edges joined end to start; corners on a straight line left out."""
    following: dict[Corner, list[Corner]] = {}
    for column, row, end_column, end_row in edges.tolist():
        following.setdefault((column, row), []).append((end_column, end_row))
    loops: list[list[Corner]] = []
    while following:
        start = next(iter(following))
        loop, here = [start], _step(following, start)
        while here != start:
            loop.append(here)
            here = _step(following, here)
        loops.append(_bends(loop))
    return loops


def _step(following: dict[Corner, list[Corner]], here: Corner) -> Corner:
    ends = following[here]
    end = ends.pop()
    if not ends:
        del following[here]
    return end


def _bends(loop: list[Corner]) -> list[Corner]:
    around = zip((loop[-1], *loop[:-1]), loop, (*loop[1:], loop[0]), strict=True)
    return [
        here
        for before, here, after in around
        if not (before[0] == here[0] == after[0] or before[1] == here[1] == after[1])
    ]
