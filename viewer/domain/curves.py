"""Circles and ellipses as closed lines, from the points that state them (PS3.3 C.10.5.1.2, C.18.6.1.2)."""

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

CORNERS = 96
"""Straight pieces of a closed curve."""


def circle(points: Points, size_mm: Points) -> Points:
    """Centre, and a point on the circle, which is round in the patient.

    size_mm : ndarray, shape (2,), of a pixel along (column, row). Returns ndarray, shape (n, 2), the last
    point being the first.
    """
    radius = float(np.hypot(*((points[1] - points[0]) * size_mm)))
    return _around(points[0], np.array([radius, 0]) / size_mm, np.array([0, radius]) / size_mm)


def ellipse(points: Points) -> Points:
    """Both ends of the major axis, then both of the minor; as `circle`."""
    return _around(points.mean(axis=0), (points[1] - points[0]) / 2, (points[3] - points[2]) / 2)


def _around(centre: Points, major: Points, minor: Points) -> Points:
    angle = np.linspace(0, 2 * np.pi, CORNERS + 1)[:, None]
    around: Points = centre + np.cos(angle) * major + np.sin(angle) * minor
    return around
