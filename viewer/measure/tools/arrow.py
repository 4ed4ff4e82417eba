"""Arrow: points at something; measures nothing."""

import numpy as np

from viewer.base.i18n import _
from viewer.domain.image import Frame
from viewer.domain.measurement import Measurement
from viewer.measure.angles import turned_left
from viewer.measure.lines import lines
from viewer.measure.tool import FreeHandles, HandleRule, PointsPx, Polyline

HEAD_LENGTH = 0.2
"""Of the head, in lengths of the arrow."""

HEAD_HALF_WIDTH = 0.08
"""To each side, in lengths of the arrow."""


def _head(tip: PointsPx, tail: PointsPx) -> PointsPx:
    """One barb, the tip, the other barb."""
    back = tail - tip
    side = turned_left(back) * HEAD_HALF_WIDTH
    neck = tip + back * HEAD_LENGTH
    return np.array([neck + side, tip, neck - side])


class ArrowTool(FreeHandles):
    """Two handles: the tip, which is what it points at, then the tail."""

    key = "arrow"
    shortcut = "J"
    icon = "move-up-left"
    handles = HandleRule(2, 2, words=True)

    @property
    def title(self) -> str:
        """For the reader."""
        return _("Arrow")

    def measure(self, handles_px: PointsPx, image: Frame) -> tuple[Measurement, ...]:
        """Nothing."""
        return ()

    def outline(self, handles_px: PointsPx) -> tuple[Polyline, ...]:
        """Shaft and head."""
        if not self.handles.allows(len(handles_px)):
            return ()
        tip, tail = handles_px
        return lines([handles_px, _head(tip, tail)])


PLUGIN = ArrowTool()
