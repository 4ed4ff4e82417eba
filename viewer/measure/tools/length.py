"""Length: the straight line between two points."""

from viewer.base.i18n import _
from viewer.domain.image import Frame
from viewer.domain.measurement import Measurement
from viewer.measure.calibration import distance, length, spacing_of
from viewer.measure.lines import separate_lines
from viewer.measure.tool import FreeHandles, HandleRule, PointsPx, Polyline


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
        """The length."""
        if not self.handles.allows(len(handles_px)):
            return ()
        spacing = spacing_of(handles_px, image)
        return (length(_("Length"), distance(handles_px, spacing), spacing),)

    def outline(self, handles_px: PointsPx) -> tuple[Polyline, ...]:
        """The line."""
        return separate_lines(handles_px)


PLUGIN = LengthTool()
