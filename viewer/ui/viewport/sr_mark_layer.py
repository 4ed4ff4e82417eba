"""SrMarkLayer: shapes of opened reports over the image; a program's dashed with an AI badge, a person's solid."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPolygonF

from viewer.app.report_marks import DrawnMark
from viewer.base.i18n import _
from viewer.domain.geometry import Affine2D
from viewer.domain.sr_marks import SrLine
from viewer.ui import theme
from viewer.ui.viewport.pens import with_halo

CROSS_PX = 9
"""Half length of the cross that marks a point, view px."""

WIDTH_PX = 2.0
LONGEST_WORDS = 60


def paint_sr_marks(
    painter: QPainter, view_from_image: Affine2D, marks: Sequence[DrawnMark]
) -> None:
    """Lines first, then labels, each beside its own shape and clear of those before."""
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    tops = [_paint_lines(painter, view_from_image, mark) for mark in marks]
    taken: list[QRectF] = []
    for mark, top in zip(marks, tops, strict=True):
        taken.append(_paint_label(painter, top, mark_words(mark), taken))
    painter.restore()


def mark_words(mark: DrawnMark) -> str:
    """That it is from a report, whether of a program, and what the report calls it."""
    badge = _("AI  SR") if mark.by_program else _("SR")
    label = mark.mark.label
    short = label if len(label) <= LONGEST_WORDS else f"{label[: LONGEST_WORDS - 1]}…"
    return f"{badge}  {short}".strip()


def _paint_lines(painter: QPainter, affine: Affine2D, mark: DrawnMark) -> QPointF:
    """Draw the shape; its highest point in the view."""
    style = Qt.PenStyle.DashLine if mark.by_program else Qt.PenStyle.SolidLine
    on_view = [_points(affine, line) for line in mark.lines]

    def draw() -> None:
        for line, points in zip(mark.lines, on_view, strict=True):
            _paint_line(painter, line, points)

    with_halo(painter, QColor(theme.REPORTED), WIDTH_PX, draw, style)
    return min((point for points in on_view for point in points), key=lambda point: point.y())


def _points(affine: Affine2D, line: SrLine) -> list[QPointF]:
    return [QPointF(x, y) for x, y in affine.apply(line.points_px).tolist()]


def _paint_line(painter: QPainter, line: SrLine, points: list[QPointF]) -> None:
    if len(points) == 1:
        across, down = QPointF(CROSS_PX, 0), QPointF(0, CROSS_PX)
        painter.drawLine(points[0] - across, points[0] + across)
        painter.drawLine(points[0] - down, points[0] + down)
    else:
        (painter.drawPolygon if line.closed else painter.drawPolyline)(QPolygonF(points))


def _paint_label(painter: QPainter, top: QPointF, words: str, taken: list[QRectF]) -> QRectF:
    metrics = QFontMetricsF(painter.font())
    box = metrics.boundingRect(words).adjusted(-4, -2, 4, 2)
    box.moveCenter(QPointF(top.x(), top.y() - metrics.height() - CROSS_PX))
    while any(box.intersects(other) for other in taken):
        box.translate(0, -box.height() - 1)
    painter.fillRect(box, QColor(0, 0, 0, 170))
    painter.setPen(QColor(theme.REPORTED))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
    return box
