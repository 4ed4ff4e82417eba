"""The largest connected piece of a mask, by runs of pixels and union-find; numpy only."""

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Indices = NDArray[np.intp]


def largest_component(mask: Mask) -> Mask:
    """The piece with most pixels; pixels that share an edge belong together.

    Parameters
    ----------
    mask : ndarray, shape (rows, columns), bool

    Returns
    -------
    ndarray, shape (rows, columns), bool; empty where the mask is empty. Of equally large pieces
    the one that comes first, row by row.
    """
    starts, ends = _runs(mask)
    if starts.size == 0:
        return np.zeros_like(mask)
    roots = _roots(len(starts), *_touching(starts, ends, mask.shape[1] + 1))
    sizes = np.bincount(roots, weights=ends - starts)
    return _drawn(starts, ends, roots == sizes.argmax(), mask.shape)


def _runs(mask: Mask) -> tuple[Indices, Indices]:
    """Flat positions, in rows one pixel longer than the mask's, of the first pixel of each
    horizontal run and of the one after its last."""
    padded = np.pad(mask, ((0, 0), (0, 1))).ravel()
    edges = np.diff(padded.astype(np.int8), prepend=0)
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)


def _touching(starts: Indices, ends: Indices, stride: int) -> tuple[Indices, Indices]:
    """Pairs of runs, one below the other, that have a column in common."""
    first = np.searchsorted(ends, starts + stride, side="right")
    last = np.searchsorted(starts, ends + stride, side="left")
    counts = np.maximum(last - first, 0)
    above = np.repeat(np.arange(len(starts)), counts)
    offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return above, np.repeat(first, counts) + offsets


def _roots(count: int, above: Indices, below: Indices) -> Indices:
    """For each run, the first run of its piece."""
    parents = list(range(count))

    def root(run: int) -> int:
        while parents[run] != run:
            parents[run] = parents[parents[run]]
            run = parents[run]
        return run

    for one, other in zip(above.tolist(), below.tolist(), strict=True):
        low, high = sorted((root(one), root(other)))
        parents[high] = low
    return np.array([root(run) for run in range(count)], dtype=np.intp)


def _drawn(starts: Indices, ends: Indices, kept: Mask, shape: tuple[int, ...]) -> Mask:
    """A mask of the runs that are kept."""
    stride = shape[1] + 1
    edges = np.zeros(shape[0] * stride + 1, dtype=np.int8)
    edges[starts[kept]] += 1
    edges[ends[kept]] -= 1
    filled = np.cumsum(edges, dtype=np.int8)[:-1].reshape(shape[0], stride)
    drawn: Mask = filled[:, :-1].astype(np.bool_)
    return drawn
