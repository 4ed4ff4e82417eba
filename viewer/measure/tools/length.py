"""Length: the straight line between two points."""

import numpy as np

from viewer.base.i18n import _
from viewer.domain.geometry import AxisScale, SpacingEvidence
from viewer.domain.image import Frame
from viewer.domain.measurement import Measurement
from viewer.measure.calibration import axes_of, distance, length, spacing_of
from viewer.measure.lines import separate_lines
from viewer.measure.tool import FreeHandles, HandleRule, PointsPx, Polyline


def _along_sides(ends_px: PointsPx, axes: tuple[AxisScale, AxisScale]) -> tuple[Measurement, ...]:
    """One number a side, none combined: a slanted line through time has no length."""
    names = {"mm": _("Distance"), "s": _("Time"), "cm/s": _("Velocity"), "Hz": _("Frequency")}
    words = _(SpacingEvidence.ULTRASOUND_REGION.value)
    apart = np.abs(ends_px[1] - ends_px[0])
    return tuple(
        Measurement(names[axis.unit], float(pixels) * axis.per_px, axis.unit, words)
        for axis, pixels in zip(axes, apart, strict=True)
    )


class LengthTool(FreeHandles):
    """Two handles: the ends."""

    key = "length"
    shortcut = "L"
    icon = "ruler"
    handles = HandleRule(2, 2)

    @property
    def title(self) -> str:
        """For the reader."""
        return _("Length")

    def measure(self, handles_px: PointsPx, image: Frame) -> tuple[Measurement, ...]:
        """The length; in a region with time or velocity along a side, how far apart the ends lie there."""
        if not self.handles.allows(len(handles_px)):
            return ()
        axes = axes_of(handles_px, image)
        if axes is not None:
            return _along_sides(handles_px, axes)
        spacing = spacing_of(handles_px, image)
        return (length(_("Length"), distance(handles_px, spacing), spacing),)

    def outline(self, handles_px: PointsPx) -> tuple[Polyline, ...]:
        """The line."""
        return separate_lines(handles_px)


PLUGIN = LengthTool()
