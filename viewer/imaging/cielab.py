"""CIELab as DICOM encodes it to sRGB for the screen (PS3.3 C.10.7.1.1)."""

from collections.abc import Sequence

import numpy as np

ENCODED_MAXIMUM = 65535.0
D50 = np.array([0.9642, 1.0, 0.8251])
"""White of the profile connection space (ICC.1)."""

LINEAR_SRGB_FROM_XYZ_D50 = np.array(
    [
        [3.1338561, -1.6168667, -0.4906146],
        [-0.9787684, 1.9161415, 0.0334540],
        [0.0719453, -0.2289914, 1.4052427],
    ]
)
"""sRGB primaries adapted to D50 by Bradford."""

LAB_KNEE = 6 / 29
SRGB_KNEE = 0.0031308


def rgb_of_cielab(encoded: Sequence[float]) -> tuple[int, int, int]:
    """8-bit sRGB of L*, a*, b* as three unsigned 16-bit numbers; colours beyond sRGB are cut."""
    lightness, a, b = (
        encoded[0] / ENCODED_MAXIMUM * 100,
        encoded[1] / ENCODED_MAXIMUM * 255 - 128,
        encoded[2] / ENCODED_MAXIMUM * 255 - 128,
    )
    middle = (lightness + 16) / 116
    roots = np.array([middle + a / 500, middle, middle - b / 200])
    cubes = np.where(roots > LAB_KNEE, roots**3, 3 * LAB_KNEE**2 * (roots - 4 / 29))
    linear = np.clip(LINEAR_SRGB_FROM_XYZ_D50 @ (cubes * D50), 0, 1)
    shown = np.where(linear <= SRGB_KNEE, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    red, green, blue = np.rint(shown * 255).astype(int).tolist()
    return red, green, blue
