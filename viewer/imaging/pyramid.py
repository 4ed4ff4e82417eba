"""Reduced copies of a frame for display smaller than 1:1: block means of stored values."""

import numpy as np

from viewer.domain.image import StoredValues


def reduced(stored: StoredValues, factor: int) -> StoredValues:
    """Mean of blocks of `factor` x `factor` pixels; an incomplete last block repeats its edge.

    Parameters
    ----------
    stored : ndarray, shape (rows, columns) or (rows, columns, 3)
    factor : int, 1 or more

    Returns
    -------
    ndarray, shape (ceil(rows / factor), ceil(columns / factor), ...), same dtype; pixel (i, j) covers
    source rows i * factor to (i + 1) * factor - 1, and columns alike.
    """
    if factor == 1:
        return stored
    spare = [(0, -size % factor) for size in stored.shape[:2]] + [(0, 0)] * (stored.ndim - 2)
    whole = np.pad(stored, spare, mode="edge") if any(end for _start, end in spare) else stored
    rows, columns = whole.shape[0] // factor, whole.shape[1] // factor
    wide = np.float32 if stored.dtype.itemsize < 4 else np.float64
    total = np.zeros((rows, columns, *stored.shape[2:]), wide)
    for row in range(factor):
        for column in range(factor):
            total += whole[row::factor, column::factor]
    total /= factor * factor
    return (
        total.astype(stored.dtype)
        if stored.dtype.kind == "f"
        else np.rint(total).astype(stored.dtype)
    )
