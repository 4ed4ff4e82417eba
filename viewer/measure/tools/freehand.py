"""Freehand: a region traced along a drag."""

from viewer.base.i18n import _
from viewer.measure.enclosed import CornerHandles
from viewer.measure.tool import HandleRule


class FreehandTool(CornerHandles):
    """Three or more handles: the places the drag went through, in order."""

    key = "freehand"
    shortcut = "Shift+E"
    icon = "lasso"
    handles = HandleRule(3, None, closed=True, traced=True)

    @property
    def title(self) -> str:
        """For the reader."""
        return _("Freehand region")


PLUGIN = FreehandTool()
