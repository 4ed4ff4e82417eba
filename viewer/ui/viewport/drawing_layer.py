"""DrawingLayer: the reader's drawings, solid, with their numbers and, when selected, their handles."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPolygonF

from viewer.app.annotate import tool_of
from viewer.domain.geometry import Affine2D
from viewer.review.drawing import Drawing
from viewer.ui import theme
from viewer.ui.viewport.pens import with_halo

HANDLE_PX = 4.0
"""Half side of a handle's square, view px."""

WIDTH_PX = 1.6
SELECTED_WIDTH_PX = 2.6
TEXT_OFFSET_PX = QPointF(10, 6)
_PLACE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
_PADDING = (-4.0, -2.0, 4.0, 2.0)
"""Around the words, view px."""


def paint_drawing(
    painter: QPainter, view_from_image: Affine2D, drawing: Drawing, selected: bool
) -> None:
    """Lines, numbers and handles of one drawing."""
    handles = np.array(drawing.annotation.handles_px, np.float64).reshape(-1, 2)
    on_view = _points(view_from_image, handles)
    painter.setBrush(Qt.BrushStyle.NoBrush)

    def draw() -> None:
        for line in tool_of(drawing.annotation).outline(handles):
            points = QPolygonF(_points(view_from_image, line.points_px))
            (painter.drawPolygon if line.closed else painter.drawPolyline)(points)
        if selected or len(on_view) == 1:
            for point in on_view:
                painter.drawRect(_square(point))

    width = SELECTED_WIDTH_PX if selected else WIDTH_PX
    with_halo(painter, QColor(theme.READER), width, draw)
    _paint_words(painter, drawing_words(drawing), on_view)


def words_box(drawing: Drawing, view_from_image: Affine2D, metrics: QFontMetricsF) -> QRectF:
    """Where a drawing's words stand on the view; empty where it has none."""
    words = drawing_words(drawing)
    handles = np.array(drawing.annotation.handles_px, np.float64).reshape(-1, 2)
    on_view = _points(view_from_image, handles)
    if not words or not on_view:
        return QRectF()
    return metrics.boundingRect(_free(on_view), int(_PLACE), words).adjusted(*_PADDING)


def drawing_words(drawing: Drawing) -> str:
    """The reader's words and the numbers, a line each."""
    numbers = [f"{one.name} {one.shown}" for one in drawing.measurements]
    return "\n".join(part for part in (drawing.annotation.text, *numbers) if part)


def _points(
    view_from_image: Affine2D, points_px: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
) -> list[QPointF]:
    if len(points_px) == 0:
        return []
    return [QPointF(x, y) for x, y in view_from_image.apply(points_px).tolist()]


def _square(centre: QPointF) -> QRectF:
    return QRectF(centre.x() - HANDLE_PX, centre.y() - HANDLE_PX, 2 * HANDLE_PX, 2 * HANDLE_PX)


def _paint_words(painter: QPainter, words: str, handles: list[QPointF]) -> None:
    if not words or not handles:
        return
    free = _free(handles)
    box = painter.boundingRect(free, _PLACE, words).adjusted(*_PADDING)
    painter.fillRect(box, QColor(0, 0, 0, 150))
    painter.setPen(QColor(theme.READER))
    painter.drawText(free, _PLACE, words)


def _free(handles: list[QPointF]) -> QRectF:
    """The room for words, beside the handle furthest to the right."""
    anchor = max(handles, key=lambda point: point.x()) + TEXT_OFFSET_PX
    return QRectF(anchor.x(), anchor.y(), 400, 300)
