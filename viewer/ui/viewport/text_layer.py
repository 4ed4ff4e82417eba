"""Text around the image: corners, orientation letters, scale bar."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from viewer.base.i18n import _
from viewer.domain.geometry import EdgeLetters, PixelSpacing, SpacingEvidence
from viewer.domain.image import Frame
from viewer.ui import theme
from viewer.ui.viewport.corner_text import Corners

MARGIN_PX = 10
SCALE_BAR_MM = (500, 200, 100, 50, 20, 10, 5, 2, 1)
SCALE_BAR_LARGEST_PX = 220
"""The scale bar is the longest of SCALE_BAR_MM that fits into this many view pixels."""


def paint_corners(painter: QPainter, view: QRectF, corners: Corners) -> None:
    """Write the four corners."""
    inner = view.adjusted(MARGIN_PX, MARGIN_PX, -MARGIN_PX, -MARGIN_PX)
    left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
    top, bottom = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignBottom
    for lines, place in (
        (corners.top_left, left | top),
        (corners.top_right, right | top),
        (corners.bottom_left, left | bottom),
        (corners.bottom_right, right | bottom),
    ):
        shadowed(painter, inner, place, "\n".join(lines))


def mark_box(word: str, metrics: QFontMetricsF, view: QRectF) -> QRectF:
    """Where the fidelity mark stands: the last line of the bottom right corner."""
    corner = view.bottomRight() - QPointF(MARGIN_PX, MARGIN_PX)
    width, height = metrics.horizontalAdvance(word), metrics.height()
    return QRectF(corner.x() - width, corner.y() - height, width, height)


def shadowed(painter: QPainter, box: QRectF, place: Qt.AlignmentFlag, text: str) -> None:
    """Text that stays legible on any image."""
    painter.setPen(QColor(0, 0, 0))
    for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        painter.drawText(box.translated(dx, dy), place, text)
    painter.setPen(QColor(theme.TEXT))
    painter.drawText(box, place, text)


def paint_edges(painter: QPainter, view: QRectF, edges: EdgeLetters | None) -> None:
    """Orientation letters, only where the file says the orientation."""
    if edges is None:
        return
    painter.save()
    font = QFont(painter.font())
    font.setBold(True)
    font.setPointSizeF(font.pointSizeF() * 1.3)
    painter.setFont(font)
    inner = view.adjusted(MARGIN_PX, MARGIN_PX, -MARGIN_PX, -MARGIN_PX)
    middle, centre = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignHCenter
    shadowed(painter, inner, Qt.AlignmentFlag.AlignLeft | middle, edges.left)
    shadowed(painter, inner, Qt.AlignmentFlag.AlignRight | middle, edges.right)
    shadowed(painter, inner, Qt.AlignmentFlag.AlignTop | centre, edges.top)
    shadowed(painter, inner, Qt.AlignmentFlag.AlignBottom | centre, edges.bottom)
    painter.restore()


_BAR_WORDS = {
    SpacingEvidence.IMAGER_PIXEL_SPACING: "{length} mm at detector",
    SpacingEvidence.ULTRASOUND_REGION: "{length} mm in the calibrated region",
}


def bar_spacing(frame: Frame) -> PixelSpacing:
    """What the bar stands on: the image's spacing, or the one that all its regions with lengths share."""
    sized = {
        region.spacing
        for region in frame.regions
        if region.spacing.evidence is not SpacingEvidence.NONE
    }
    return sized.pop() if len(sized) == 1 else frame.spacing


def paint_scale_bar(painter: QPainter, view: QRectF, frame: Frame, zoom: float) -> None:
    """A bar of a round length, only where the file gives the spacing."""
    spacing = bar_spacing(frame)
    if spacing.evidence is SpacingEvidence.NONE:
        return
    finer = min(spacing.between_columns, spacing.between_rows)
    px_per_mm = zoom / finer
    fitting = (mm for mm in SCALE_BAR_MM if mm * px_per_mm <= SCALE_BAR_LARGEST_PX)
    length_mm = next(fitting, None)
    if length_mm is None:
        return
    length = length_mm * px_per_mm
    y = view.bottom() - MARGIN_PX - QFontMetricsF(painter.font()).height() - 8
    start, end = (QPointF(view.center().x() + side * length / 2, y) for side in (-1, 1))
    painter.setPen(QPen(QColor(theme.TEXT), 1.5))
    painter.drawLine(start, end)
    for point in (start, end):
        painter.drawLine(point - QPointF(0, 4), point + QPointF(0, 4))
    words = _BAR_WORDS.get(spacing.evidence, "{length} mm")
    box = QRectF(view.center().x() - 150, y - 22, 300, 18)
    shadowed(painter, box, Qt.AlignmentFlag.AlignCenter, _(words).format(length=length_mm))
