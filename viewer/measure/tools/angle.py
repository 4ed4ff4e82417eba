"""Angle: between two lines that share a corner."""

from viewer.base.i18n import _
from viewer.domain.image import Frame
from viewer.domain.measurement import DEGREE, Measurement
from viewer.measure.angles import angle_between
from viewer.measure.calibration import shape_evidence, spacing_of, to_mm
from viewer.measure.codes import measurement_code
from viewer.measure.lines import lines
from viewer.measure.tool import FreeHandles, HandleRule, PointsPx, Polyline


class AngleTool(FreeHandles):
    """Three handles: one end, the corner, the other end."""

    key = "angle"
    shortcut = "G"
    icon = "angle"
    handles = HandleRule(3, 3)

    @property
    def title(self) -> str:
        """For the reader."""
        return _("Angle")

    def measure(self, handles_px: PointsPx, image: Frame) -> tuple[Measurement, ...]:
        """The angle at the corner, 0 to 180 deg; nothing where an end lies on the corner."""
        if not self.handles.allows(len(handles_px)):
            return ()
        spacing = spacing_of(handles_px, image)
        first, corner, second = to_mm(handles_px, spacing)
        degrees = angle_between(first - corner, second - corner)
        if degrees is None:
            return ()
        words, code = shape_evidence(spacing), measurement_code("angle")
        return (Measurement(_("Angle"), degrees, DEGREE, words, code),)

    def outline(self, handles_px: PointsPx) -> tuple[Polyline, ...]:
        """End, corner, end."""
        return lines([handles_px])


PLUGIN = AngleTool()
