"""Angles between lines of the image, in mm where the file sizes its pixels."""

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]


def angle_between(first: Vector, second: Vector) -> float | None:
    """Angle of two directions, 0 to 180 deg; None where one has no length.

    Parameters
    ----------
    first, second : ndarray, shape (2,), float64, in mm
    """
    if not first.any() or not second.any():
        return None
    crossed = first[0] * second[1] - first[1] * second[0]
    return float(np.degrees(np.arctan2(abs(crossed), np.dot(first, second))))


def turned_left(direction: Vector) -> Vector:
    """The direction after a quarter turn."""
    return np.array([-direction[1], direction[0]])
