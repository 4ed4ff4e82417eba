"""The display shutter: covers what the file wants unseen; the pixel values below stay as they are."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPolygonF

from viewer.domain.geometry import Affine2D
from viewer.domain.image import Frame
from viewer.domain.overlay import Shutter
from viewer.imaging.laid_over import row_stretch
from viewer.ui.viewport.image_painter import HALF_PIXEL, q_transform


def paint_shutter(painter: QPainter, view_from_image: Affine2D, frame: Frame) -> None:
    """Cover the image outside of its shutter; one that would hide all of it is not believed."""
    if frame.shutter is None:
        return
    whole = QPainterPath()
    whole.addRect(QRectF(-HALF_PIXEL, -HALF_PIXEL, frame.columns, frame.rows))
    seen = whole.intersected(seen_path(frame.shutter, row_stretch(frame)))
    if seen.isEmpty():
        return
    painter.save()
    painter.setTransform(q_transform(view_from_image), True)
    grey = frame.shutter.grey
    painter.fillPath(whole.subtracted(seen), QColor(grey, grey, grey))
    painter.restore()


def seen_path(shutter: Shutter, row_stretch: float) -> QPainterPath:
    """What is seen, image px: the part common to all shapes, the least that any of them leaves."""
    paths = []
    if shutter.rectangle_px is not None:
        left, top, right, bottom = shutter.rectangle_px
        path = QPainterPath()
        path.addRect(
            QRectF(left - HALF_PIXEL, top - HALF_PIXEL, right - left + 1, bottom - top + 1)
        )
        paths.append(path)
    if shutter.circle_px is not None:
        column, row, radius = shutter.circle_px
        path = QPainterPath()
        path.addEllipse(QPointF(column, row), radius, radius * row_stretch)
        paths.append(path)
    if shutter.polygon_px:
        path = QPainterPath()
        path.addPolygon(QPolygonF([QPointF(*corner) for corner in shutter.polygon_px]))
        path.closeSubpath()
        paths.append(path)
    common = paths[0]
    for path in paths[1:]:
        common = common.intersected(path)
    return common
