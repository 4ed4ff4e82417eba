"""What tools that enclose pixels with corners share: polygon, freehand and rectangle."""

from viewer.base.i18n import _
from viewer.domain.image import Frame
from viewer.domain.measurement import Measurement
from viewer.measure.lines import lines
from viewer.measure.polygon import crosses_itself, enclosed_area
from viewer.measure.region import Region, polygon_region
from viewer.measure.statistics import region_measurements
from viewer.measure.tool import FreeHandles, HandleRule, PointsPx, Polyline


def polygon_measurements(points_px: PointsPx, image: Frame) -> tuple[Measurement, ...]:
    """Area and statistics of a closed polygon; where it crosses itself, its pixels are counted."""
    region = polygon_region(points_px, image.rows, image.columns)
    if crosses_itself(points_px):
        remark = _("the outline crosses or touches itself, so its pixels were counted")
        return region_measurements(region, float(region.count), image, remark)
    return region_measurements(region, enclosed_area(points_px), image)


class CornerHandles(FreeHandles):
    """Each handle is a corner of the outline."""

    handles = HandleRule(3, None, closed=True)

    def measure(self, handles_px: PointsPx, image: Frame) -> tuple[Measurement, ...]:
        """Area and statistics inside."""
        if not self.handles.allows(len(handles_px)):
            return ()
        return polygon_measurements(handles_px, image)

    def outline(self, handles_px: PointsPx) -> tuple[Polyline, ...]:
        """The corners joined; closed as soon as there are three."""
        return lines([handles_px], closed=self.handles.allows(len(handles_px)))

    def region(self, handles_px: PointsPx, rows: int, columns: int) -> Region:
        """Pixels inside."""
        return polygon_region(handles_px, rows, columns)
