"""Bidirectional: longest diameter and the longest one at a right angle to it, as RECIST 1.1 has them."""

import numpy as np

from viewer.base.i18n import _
from viewer.domain.finding import PointPx
from viewer.domain.geometry import PixelSpacing
from viewer.domain.image import Frame
from viewer.domain.measurement import Measurement
from viewer.measure.angles import turned_left
from viewer.measure.calibration import distance, length, spacing_of, to_mm, to_px
from viewer.measure.lines import LINE_ENDS, separate_lines
from viewer.measure.tool import HandleRule, PointsPx, Polyline

FIRST_SHORT_SHARE = 0.25
"""Where the tool puts the short axis at first: to each side, in lengths of the long axis."""


def _in_axes(points_mm: PointsPx, long_mm: PointsPx) -> PointsPx:
    """Points as (share of the way along the long axis, mm to its left), shape (n, 2)."""
    along = long_mm[1] - long_mm[0]
    size = np.hypot(*along)
    offsets = points_mm - long_mm[0]
    return np.column_stack([offsets @ along / size**2, offsets @ turned_left(along) / size])


def _from_axes(places: PointsPx, long_mm: PointsPx) -> PointsPx:
    """The way back from `_in_axes`."""
    along = long_mm[1] - long_mm[0]
    left = turned_left(along) / np.hypot(*along)
    points: PointsPx = long_mm[0] + places[:, :1] * along + places[:, 1:] * left
    return points


def _has_long_axis(handles_px: PointsPx) -> bool:
    return len(handles_px) >= LINE_ENDS and bool(np.any(handles_px[0] != handles_px[1]))


def _with_short_axis(handles_px: PointsPx, places: PointsPx, spacing: PixelSpacing) -> PointsPx:
    """The long axis of `handles_px` with the short axis at `places` along and beside it."""
    long_mm = to_mm(handles_px[:LINE_ENDS], spacing)
    return np.vstack([handles_px[:LINE_ENDS], to_px(_from_axes(places, long_mm), spacing)])


class BidirectionalTool:
    """Four handles: the ends of the long axis, then of the short one, which stays at a right angle in mm."""

    key = "bidirectional"
    shortcut = "B"
    icon = "ruler-dimension-line"
    handles = HandleRule(4, 4)

    @property
    def title(self) -> str:
        """For the reader."""
        return _("Long and short axis")

    def measure(self, handles_px: PointsPx, image: Frame) -> tuple[Measurement, ...]:
        """Long and short axis; the longer line is the long axis, whichever was drawn first."""
        if not self.handles.allows(len(handles_px)):
            return ()
        spacing = spacing_of(handles_px, image)
        drawn = distance(handles_px[:2], spacing), distance(handles_px[2:], spacing)
        return (
            length(_("Long axis"), max(drawn), spacing, "long_axis"),
            length(_("Short axis"), min(drawn), spacing, "short_axis"),
        )

    def outline(self, handles_px: PointsPx) -> tuple[Polyline, ...]:
        """The two axes."""
        return separate_lines(handles_px)

    def moved(
        self, handles_px: PointsPx, index: int, to_px: PointPx, spacing: PixelSpacing
    ) -> PointsPx:
        """An end of the long axis turns the short one with it; an end of the short one takes the
        other end along the long axis, and the other's distance from it stays.
        """
        handles = np.array(handles_px, np.float64)
        handles[index] = to_px
        known = handles if index >= LINE_ENDS else handles_px
        whole = len(handles) == self.handles.minimum
        if not (whole and _has_long_axis(known) and _has_long_axis(handles)):
            return handles
        points_mm = to_mm(known, spacing)
        places = _in_axes(points_mm[LINE_ENDS:], points_mm[:LINE_ENDS])
        places[:, 0] = places[index - LINE_ENDS if index >= LINE_ENDS else 0, 0]
        moved = _with_short_axis(handles, places, spacing)
        moved[index] = to_px
        return moved

    def completed(self, handles_px: PointsPx, spacing: PixelSpacing) -> PointsPx:
        """Adds the short axis across the middle of the long one, half as long, to be dragged."""
        if len(handles_px) != LINE_ENDS or not _has_long_axis(handles_px):
            return handles_px
        reach = distance(handles_px, spacing) * FIRST_SHORT_SHARE
        places = np.array([[0.5, -reach], [0.5, reach]])
        return _with_short_axis(handles_px, places, spacing)


PLUGIN = BidirectionalTool()
