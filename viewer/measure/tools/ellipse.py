"""Ellipse: the region of the ellipse that fills the box between two opposite corners."""

import numpy as np

from viewer.base.i18n import _
from viewer.domain.image import Frame
from viewer.domain.measurement import Measurement
from viewer.measure.lines import lines
from viewer.measure.region import Region, ellipse_region
from viewer.measure.statistics import region_measurements
from viewer.measure.tool import FreeHandles, HandleRule, PointsPx, Polyline

OUTLINE_POINTS = 96
"""Corners of the drawn outline: 0.05 % of the radius from the true one."""


class EllipseTool(FreeHandles):
    """Two handles: opposite corners of the box around it, along rows and columns."""

    key = "ellipse"
    shortcut = "E"
    icon = "ellipse"
    handles = HandleRule(2, 2, closed=True)

    @property
    def title(self) -> str:
        """For the reader."""
        return _("Ellipse")

    def measure(self, handles_px: PointsPx, image: Frame) -> tuple[Measurement, ...]:
        """Area of the true ellipse, and statistics inside."""
        if not self.handles.allows(len(handles_px)):
            return ()
        width, height = np.abs(handles_px[1] - handles_px[0]).tolist()
        region = self.region(handles_px, image.rows, image.columns)
        return region_measurements(region, np.pi / 4 * width * height, image)

    def outline(self, handles_px: PointsPx) -> tuple[Polyline, ...]:
        """The ellipse as a polygon of `OUTLINE_POINTS` corners."""
        if not self.handles.allows(len(handles_px)):
            return ()
        angle = np.linspace(0, 2 * np.pi, OUTLINE_POINTS, endpoint=False)
        radius = (handles_px[1] - handles_px[0]) / 2
        around = np.column_stack([np.cos(angle), np.sin(angle)])
        return lines([handles_px.mean(axis=0) + around * radius], closed=True)

    def region(self, handles_px: PointsPx, rows: int, columns: int) -> Region:
        """Pixels inside."""
        return ellipse_region(handles_px, rows, columns)


PLUGIN = EllipseTool()
