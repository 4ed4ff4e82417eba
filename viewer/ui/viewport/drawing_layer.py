"""DrawingLayer: the reader's drawings, solid, with their numbers and, when selected, their handles."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPolygonF

from viewer.app.annotate import tool_of
from viewer.domain.geometry import Affine2D
from viewer.domain.measurement import Annotation
from viewer.review.drawing import Drawing
from viewer.ui import theme
from viewer.ui.viewport.label_places import placed_labels
from viewer.ui.viewport.pens import with_halo

HANDLE_PX = 4.0
"""Half side of a handle's square, view px."""

WIDTH_PX = 1.6
SELECTED_WIDTH_PX = 2.6
TEXT_OFFSET_PX = QPointF(10, 6)
_PLACE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
UNCUT = Qt.TextFlag.TextDontClip
GROUND = QColor(0, 0, 0, 170)
_PADDING = (-4.0, -2.0, 4.0, 2.0)
"""Around the words, view px."""


def paint_drawings(
    painter: QPainter,
    view_from_image: Affine2D,
    drawings: Sequence[Drawing],
    selected: str | None,
    view: QRectF,
) -> None:
    """All lines, then all words, which stay in the view and off each other. selected: uid, with handles."""
    for drawing in drawings:
        _paint_lines(painter, view_from_image, drawing, drawing.uid == selected)
    boxes = words_boxes(drawings, view_from_image, QFontMetricsF(painter.font()), view)
    for drawing, box in zip(drawings, boxes, strict=True):
        _paint_words(painter, drawing_words(drawing), box)


def _paint_lines(
    painter: QPainter, view_from_image: Affine2D, drawing: Drawing, selected: bool
) -> None:
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


def words_boxes(
    drawings: Sequence[Drawing], view_from_image: Affine2D, metrics: QFontMetricsF, view: QRectF
) -> list[QRectF]:
    """Where the words of each drawing stand on the view; empty where it has none."""
    wanted = [_wanted_box(drawing, view_from_image, metrics) for drawing in drawings]
    return placed_labels(wanted, view)


def words_at(
    point: QPointF,
    drawings: Sequence[Drawing],
    view_from_image: Affine2D,
    metrics: QFontMetricsF,
    view: QRectF,
) -> Annotation | None:
    """The drawing whose words stand at a point of the view."""
    boxes = words_boxes(drawings, view_from_image, metrics, view)
    found = (
        one.annotation for one, box in zip(drawings, boxes, strict=True) if box.contains(point)
    )
    return next(found, None)


def _wanted_box(drawing: Drawing, view_from_image: Affine2D, metrics: QFontMetricsF) -> QRectF:
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


def _paint_words(painter: QPainter, words: str, box: QRectF) -> None:
    if box.isEmpty():
        return
    left, top, right, bottom = _PADDING
    painter.fillRect(box, GROUND)
    painter.setPen(QColor(theme.READER))
    painter.drawText(box.adjusted(-left, -top, -right, -bottom), int(_PLACE | UNCUT), words)


def _free(handles: list[QPointF]) -> QRectF:
    """The room for words, beside the handle furthest to the right."""
    anchor = max(handles, key=lambda point: point.x()) + TEXT_OFFSET_PX
    return QRectF(anchor.x(), anchor.y(), 400, 300)
