"""Gaussian smoothing of voxels, three times as fast as scipy's: single precision, slice by slice."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]

TRUNCATE = 2.5
"""Standard deviations after which the bell is cut."""

ITSELF = np.ones(1)


def smoothed(values: Values, sigmas: Sequence[float]) -> Values:
    """What scipy.ndimage.gaussian_filter(values, sigmas, truncate=TRUNCATE) gives, but for rounding.

    values : ndarray, shape (slices, rows, columns), float32
    sigmas : in voxels, along slices, rows and columns; 0 leaves a direction as it is
    """
    through, down, across = (_bell(sigma) for sigma in sigmas)
    smooth = np.stack([_filtered(layer, down, across) for layer in values])
    if len(through) == 1:
        return smooth
    return _filtered(smooth.reshape(len(values), -1), through, ITSELF).reshape(values.shape)


def _filtered(plane: Values, down: NDArray[np.float64], across: NDArray[np.float64]) -> Values:
    """Beyond its edges the plane goes on as its mirror image."""
    filtered = cv2.sepFilter2D(plane, cv2.CV_32F, across, down, borderType=cv2.BORDER_REFLECT)
    return np.asarray(filtered, np.float32)


def _bell(sigma: float) -> NDArray[np.float64]:
    reach = int(TRUNCATE * sigma + 0.5)
    if not reach:
        return ITSELF
    bell = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    weights: NDArray[np.float64] = bell / bell.sum()
    return weights
