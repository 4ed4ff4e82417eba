"""Interaction: what a mouse drag does. Left: the active tool; right: window; middle: pan."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt

from viewer.app.session import Session
from viewer.app.tools import ActiveTool, Tool, dragged_window
from viewer.domain.image import Frame
from viewer.domain.presentation import Presentation, Voi

SCROLL_STEP_PX = 6
"""Pixels of a scrolling drag for one slice."""

ZOOM_STEP_PX = 200
"""Pixels of a zooming drag that double the image."""

SMALLEST_ZOOM, LARGEST_ZOOM = 0.02, 32.0


@dataclass(frozen=True)
class Drag:
    """A drag in progress: where it began and what was shown then."""

    tool: Tool
    start: QPointF
    presentation: Presentation
    position: int
    zoom: float
    voi: Voi | None
    frame: Frame


def tool_of(button: Qt.MouseButton, active: ActiveTool) -> Tool | None:
    """The tool of the view on a mouse button; None for the left one while a measuring tool is active."""
    left = active if isinstance(active, Tool) else None
    return {
        Qt.MouseButton.LeftButton: left,
        Qt.MouseButton.RightButton: Tool.WINDOW,
        Qt.MouseButton.MiddleButton: Tool.PAN,
    }.get(button)


def drag_to(session: Session, drag: Drag, to: QPointF) -> None:
    """Carry the drag on to a point of the view."""
    _ACTS[drag.tool](session, drag, to - drag.start)


def _window(session: Session, drag: Drag, moved: QPointF) -> None:
    if drag.voi is not None:
        window = dragged_window(drag.voi, drag.frame, moved.x(), moved.y())
        session.present(voi=window, preset="")


def _pan(session: Session, drag: Drag, moved: QPointF) -> None:
    x, y = drag.presentation.pan_view_px
    session.present(zoom=drag.zoom, pan_view_px=(x + moved.x(), y + moved.y()))


def _zoom(session: Session, drag: Drag, moved: QPointF) -> None:
    session.present(zoom=within(drag.zoom * 2 ** (-moved.y() / ZOOM_STEP_PX)))


def _scroll(session: Session, drag: Drag, moved: QPointF) -> None:
    session.go_to(drag.position + round(moved.y() / SCROLL_STEP_PX))


def within(zoom: float) -> float:
    """The zoom, kept within sense."""
    return min(max(zoom, SMALLEST_ZOOM), LARGEST_ZOOM)


_ACTS: dict[Tool, Callable[[Session, Drag, QPointF], None]] = {
    Tool.WINDOW: _window,
    Tool.PAN: _pan,
    Tool.ZOOM: _zoom,
    Tool.SCROLL: _scroll,
}
