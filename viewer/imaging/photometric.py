"""Colour to RGB: YBR_FULL, samples wider than 16 bits, and RGB to 8 bits for the screen."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

RED_OF_CR = 1.402
GREEN_OF_CB = 0.114 * 1.772 / 0.587
GREEN_OF_CR = 0.299 * 1.402 / 0.587
BLUE_OF_CB = 1.772
"""Inverse of Y = 0.299 R + 0.587 G + 0.114 B and its colour differences (PS3.3 C.7.6.3.1.2)."""

DISPLAY_BITS = 8
WIDEST_SAMPLE_BITS = 16


def ybr_full_to_rgb(ybr: NDArray[Any], bits_stored: int) -> NDArray[Any]:
    """YBR_FULL to RGB (PS3.3 C.7.6.3.1.2).

    Parameters
    ----------
    ybr : ndarray, shape (rows, columns, 3), unsigned integer; Y, CB, CR at full resolution
    bits_stored : the chrominance zero is half of 2 ** bits_stored

    Returns
    -------
    ndarray, same shape and dtype, RGB
    """
    zero, maximum = 1 << (bits_stored - 1), (1 << bits_stored) - 1
    luma = ybr[..., 0].astype(np.float32)
    blue_difference = ybr[..., 1].astype(np.float32) - zero
    red_difference = ybr[..., 2].astype(np.float32) - zero
    rgb = np.stack(
        [
            luma + RED_OF_CR * red_difference,
            luma - GREEN_OF_CB * blue_difference - GREEN_OF_CR * red_difference,
            luma + BLUE_OF_CB * blue_difference,
        ],
        axis=-1,
    )
    result: NDArray[Any] = np.clip(np.rint(rgb), 0, maximum).astype(ybr.dtype)
    return result


def narrowed(rgb: NDArray[Any], bits_stored: int) -> tuple[NDArray[Any], int]:
    """Samples wider than 16 bits lose their lowest bits; returns the array and its bits per sample."""
    if rgb.dtype.itemsize * 8 <= WIDEST_SAMPLE_BITS:
        return rgb, bits_stored
    surplus = max(bits_stored - WIDEST_SAMPLE_BITS, 0)
    return (rgb >> surplus).astype(np.uint16), bits_stored - surplus


def rgb_to_display(rgb: NDArray[Any], bits_stored: int) -> NDArray[np.uint8]:
    """The highest 8 bits of RGB of any depth.

    Parameters
    ----------
    rgb : ndarray, shape (..., 3), uint8 or uint16
    """
    return (rgb >> max(bits_stored - DISPLAY_BITS, 0)).astype(np.uint8, copy=False)
