"""PALETTE COLOR to RGB through the file's own tables, plain or segmented (PS3.3 C.7.6.3.1.5, C.7.9.2)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.pixels.processing import apply_color_lut

from viewer.dicom.pixel_format import FormatFault
from viewer.dicom.scope import BAD_VALUE, Scope


def palette_to_rgb(indices: NDArray[Any], scope: Scope) -> tuple[NDArray[Any], int]:
    """RGB and its bits per sample (8 or 16).

    Parameters
    ----------
    indices : ndarray, shape (rows, columns), integer; stored values

    Returns
    -------
    ndarray, shape (rows, columns, 3), uint8 or uint16; bits per sample

    Raises FormatFault where the tables are missing or broken.
    """
    dataset = scope.datasets[-1]
    try:
        rgb = apply_color_lut(np.ascontiguousarray(indices), dataset)[..., :3]
    except BAD_VALUE as fault:
        raise FormatFault("its colour palette is missing or damaged") from fault
    return rgb, 8 * rgb.dtype.itemsize
