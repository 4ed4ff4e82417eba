"""Rectangle: a region between two opposite corners, along rows and columns."""

import numpy as np

from viewer.base.i18n import _
from viewer.domain.image import Frame
from viewer.domain.measurement import Measurement
from viewer.measure.enclosed import polygon_measurements
from viewer.measure.lines import lines
from viewer.measure.region import Region, polygon_region
from viewer.measure.tool import FreeHandles, HandleRule, PointsPx, Polyline


def _corners(handles_px: PointsPx) -> PointsPx:
    """All four corners, in order around the rectangle."""
    (left, top), (right, bottom) = handles_px
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]])


class RectangleTool(FreeHandles):
    """Two handles: opposite corners."""

    key = "rectangle"
    shortcut = "Q"
    icon = "vector-square"
    handles = HandleRule(2, 2, closed=True)

    @property
    def title(self) -> str:
        """For the reader."""
        return _("Rectangle")

    def measure(self, handles_px: PointsPx, image: Frame) -> tuple[Measurement, ...]:
        """Area and statistics inside."""
        if not self.handles.allows(len(handles_px)):
            return ()
        return polygon_measurements(_corners(handles_px), image)

    def outline(self, handles_px: PointsPx) -> tuple[Polyline, ...]:
        """The four sides."""
        if not self.handles.allows(len(handles_px)):
            return ()
        return lines([_corners(handles_px)], closed=True)

    def region(self, handles_px: PointsPx, rows: int, columns: int) -> Region:
        """Pixels inside."""
        return polygon_region(_corners(handles_px), rows, columns)


PLUGIN = RectangleTool()
