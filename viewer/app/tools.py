"""What a left drag does, and what drags of the mouse do to the presentation."""

from enum import Enum

from viewer.domain.image import Frame
from viewer.domain.presentation import LookupTable, Voi, VoiWindow

SMALLEST_WIDTH = 1.0
"""Narrowest window, in modality values."""

DRAG_ACROSS_RANGE_PX = 600
"""Pixels of a drag that change the window by its own width."""


class Tool(Enum):
    """The active tool of the left button."""

    WINDOW = "window"
    PAN = "pan"
    ZOOM = "zoom"
    SCROLL = "scroll"


ActiveTool = Tool | str
"""A tool of the view, or the key of a measuring tool."""


def as_window(voi: Voi) -> VoiWindow:
    """A window to start dragging from: a LUT becomes the range of its inputs."""
    if isinstance(voi, LookupTable):
        count = len(voi.entries)
        return VoiWindow(voi.first + count / 2, float(count))
    return voi


def dragged_window(start: Voi, frame: Frame, dx_px: float, dy_px: float) -> VoiWindow:
    """The window after a drag: right widens, down darkens (raises the level)."""
    window = as_window(start)
    step = max(window.width, SMALLEST_WIDTH) / DRAG_ACROSS_RANGE_PX * 2
    width = max(window.width + dx_px * step, SMALLEST_WIDTH)
    center = window.center + dy_px * step
    digits = 3 if frame.stored.dtype.kind == "f" else 0
    return VoiWindow(round(center, digits), round(width, digits) or SMALLEST_WIDTH, window.function)
