"""Cobb angle: between the end plates of two vertebrae, drawn as two lines."""

import numpy as np

from viewer.base.i18n import _
from viewer.domain.image import Frame
from viewer.domain.measurement import DEGREE, Measurement
from viewer.measure.angles import angle_between, turned_left
from viewer.measure.calibration import shape_evidence, spacing_of, to_mm
from viewer.measure.codes import measurement_code
from viewer.measure.lines import separate_lines
from viewer.measure.tool import FreeHandles, HandleRule, PointsPx, Polyline

STRAIGHT_ANGLE = 180.0
"""Degrees between a line's two directions."""


def cobb_angle(ends_mm: PointsPx) -> float | None:
    """Angle of two lines, deg, whichever end of each was drawn first; None where one has no length.

    Both lines are taken to run to the same side of the spine, which goes from the middle of one line
    to that of the other; angles beyond 90 deg then come out as they are. Where a line runs along the
    spine there is no side, and the smaller angle is given.

    Parameters
    ----------
    ends_mm : ndarray, shape (4, 2), float64; the ends of the first line, then of the second
    """
    first, second = ends_mm[1] - ends_mm[0], ends_mm[3] - ends_mm[2]
    across = turned_left(ends_mm[2:].mean(axis=0) - ends_mm[:2].mean(axis=0))
    degrees = angle_between(first, second)
    if degrees is None:
        return None
    sides = float(np.dot(first, across)) * float(np.dot(second, across))
    if sides == 0:
        return min(degrees, STRAIGHT_ANGLE - degrees)
    return degrees if sides > 0 else STRAIGHT_ANGLE - degrees


class CobbTool(FreeHandles):
    """Four handles: the ends of the first line, then of the second."""

    key = "cobb"
    shortcut = "Shift+G"
    icon = "tangent"
    handles = HandleRule(4, 4)

    @property
    def title(self) -> str:
        """For the reader."""
        return _("Cobb angle")

    def measure(self, handles_px: PointsPx, image: Frame) -> tuple[Measurement, ...]:
        """The angle between the lines."""
        if not self.handles.allows(len(handles_px)):
            return ()
        spacing = spacing_of(handles_px, image)
        degrees = cobb_angle(to_mm(handles_px, spacing))
        if degrees is None:
            return ()
        words, code = shape_evidence(spacing), measurement_code("cobb_angle")
        return (Measurement(_("Cobb angle"), degrees, DEGREE, words, code),)

    def outline(self, handles_px: PointsPx) -> tuple[Polyline, ...]:
        """The two lines."""
        return separate_lines(handles_px)


PLUGIN = CobbTool()
