"""AnnotationLayer: marks of findings; a network's are dashed with an AI badge, a person's are solid."""

from functools import partial

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from viewer.domain.finding import Finding, Mark, Source
from viewer.domain.geometry import Affine2D
from viewer.ui import theme
from viewer.ui.viewport.pens import with_halo

CROSS_PX = 9
"""Half length of the cross that marks a point."""

TICK_PX = 6
"""Half length of the tick at each end of a line."""

WIDTH_PX = 2.0
SELECTED_WIDTH_PX = 3.0


def paint_finding(
    painter: QPainter, view_from_image: Affine2D, finding: Finding, selected: bool
) -> None:
    """Draw the marks of a finding that lies on the frame on the screen."""
    if finding.localization is None:
        return
    ours = finding.source is Source.READER
    colour = QColor(theme.READER if ours else theme.AI)
    width = SELECTED_WIDTH_PX if selected else WIDTH_PX
    style = Qt.PenStyle.SolidLine if ours else Qt.PenStyle.DashLine
    for mark in finding.localization.marks:
        points = view_from_image.apply(np.array(mark.points_px, np.float64))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        on_view = [QPointF(x, y) for x, y in points.tolist()]
        draw = partial(_paint_mark, painter, mark, on_view)
        with_halo(painter, colour, width, draw, style)
        _paint_label(painter, mark.label, points, ours)


def _paint_mark(painter: QPainter, mark: Mark, points: list[QPointF]) -> None:
    if len(points) == 1:
        _paint_cross(painter, points[0])
    elif mark.closed:
        painter.drawPolygon(QPolygonF(points))
    else:
        painter.drawPolyline(QPolygonF(points))
        if len(points) == 2:
            _paint_ticks(painter, points[0], points[1])


def _paint_cross(painter: QPainter, at: QPointF) -> None:
    painter.drawLine(at - QPointF(CROSS_PX, 0), at + QPointF(CROSS_PX, 0))
    painter.drawLine(at - QPointF(0, CROSS_PX), at + QPointF(0, CROSS_PX))


def _paint_ticks(painter: QPainter, start: QPointF, end: QPointF) -> None:
    along = end - start
    length = max(float(np.hypot(along.x(), along.y())), 1e-6)
    across = QPointF(-along.y(), along.x()) * (TICK_PX / length)
    solid = QPen(painter.pen())
    solid.setStyle(Qt.PenStyle.SolidLine)
    painter.setPen(solid)
    for point in (start, end):
        painter.drawLine(point - across, point + across)


def _paint_label(
    painter: QPainter,
    label: str,
    points: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    ours: bool,
) -> None:
    words = label if ours else f"AI  {label}"
    metrics = QFontMetricsF(painter.font())
    x, y = points[points[:, 1].argmin()].tolist() if len(points) > 2 else points.mean(0).tolist()
    box = metrics.boundingRect(words).adjusted(-4, -2, 4, 2)
    box.moveCenter(QPointF(x, y - metrics.height()))
    painter.fillRect(box, QColor(0, 0, 0, 170))
    painter.setPen(QColor(theme.READER if ours else theme.AI))
    painter.drawText(QRectF(box), Qt.AlignmentFlag.AlignCenter, words)
