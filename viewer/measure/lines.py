"""Straight lines between handles, as they are drawn while the reader still places them."""

from collections.abc import Iterable

from viewer.measure.tool import PointsPx, Polyline

LINE_ENDS = 2
"""Handles of one straight line."""


def lines(groups: Iterable[PointsPx], *, closed: bool = False) -> tuple[Polyline, ...]:
    """One polyline per group of points; a group of less than two points draws nothing."""
    return tuple(Polyline(group, closed) for group in groups if len(group) >= LINE_ENDS)


def separate_lines(handles_px: PointsPx) -> tuple[Polyline, ...]:
    """A line for each two handles: first and second, third and fourth."""
    starts = range(0, len(handles_px), LINE_ENDS)
    return lines(handles_px[start : start + LINE_ENDS] for start in starts)
