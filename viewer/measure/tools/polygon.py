"""Polygon: a region between corners that are clicked one by one."""

from viewer.base.i18n import _
from viewer.measure.enclosed import CornerHandles


class PolygonTool(CornerHandles):
    """Three or more handles: the corners, in order."""

    key = "polygon"
    shortcut = "Y"
    icon = "pentagon"

    @property
    def title(self) -> str:
        """For the reader."""
        return _("Polygon")


PLUGIN = PolygonTool()
