"""Stored values to modality values (PS3.3 C.11.1): slope and intercept, or a table."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.domain.image import Frame
from viewer.domain.presentation import LookupTable, ModalityTransform


def table_lookup(table: LookupTable, values: NDArray[Any]) -> NDArray[np.float64]:
    """Entries for input values; inputs outside take the end entries (PS3.3 C.11.1.1, C.11.2.1.1)."""
    positions = np.rint(values).astype(np.int64) - table.first
    found: NDArray[np.float64] = table.entries[
        np.clip(positions, 0, table.entries.size - 1)
    ].astype(np.float64)
    return found


def apply_modality(transform: ModalityTransform, stored: NDArray[Any]) -> NDArray[np.float64]:
    """Modality values of stored values of any shape."""
    if isinstance(transform, LookupTable):
        return table_lookup(transform, stored)
    values: NDArray[np.float64] = stored * np.float64(transform.slope) + transform.intercept
    return values


def modality_values(frame: Frame) -> NDArray[np.float32]:
    """All modality values of a greyscale frame, in `frame.unit`.

    Returns
    -------
    ndarray, shape (rows, columns), float32
    """
    return apply_modality(frame.modality, frame.stored).astype(np.float32)
