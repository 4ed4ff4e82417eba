"""The display shutter: covers what the file wants unseen; the pixel values below stay as they are."""

from dataclasses import replace
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPolygonF

from viewer.domain.geometry import Affine2D
from viewer.domain.image import Frame
from viewer.domain.overlay import OverlayPlane, Shutter
from viewer.imaging.laid_over import row_stretch
from viewer.ui.viewport.file_overlay_layer import mask_image
from viewer.ui.viewport.image_painter import HALF_PIXEL, q_transform

BITMAPS_KEPT = 4


def paint_shutter(painter: QPainter, view_from_image: Affine2D, frame: Frame) -> None:
    """Cover the image outside of its shutter; one that would hide all of it is not believed."""
    if frame.shutter is None:
        return
    whole = QPainterPath()
    whole.addRect(QRectF(-HALF_PIXEL, -HALF_PIXEL, frame.columns, frame.rows))
    seen = _seen(whole, frame)
    if seen.isEmpty():
        return
    grey = frame.shutter.grey
    painter.save()
    painter.setTransform(q_transform(view_from_image), True)
    painter.fillPath(whole.subtracted(seen), QColor(grey, grey, grey))
    painter.setClipPath(whole, Qt.ClipOperation.IntersectClip)
    _paint_hidden(painter, frame.shutter)
    painter.restore()


def _seen(whole: QPainterPath, frame: Frame) -> QPainterPath:
    """What the shapes of the shutter leave of the image; all of it where there are none."""
    shutter = frame.shutter
    if shutter is None or replace(shutter, hidden=None, grey=0) == Shutter():
        return whole
    return whole.intersected(seen_path(shutter, row_stretch(frame)))


def _paint_hidden(painter: QPainter, shutter: Shutter) -> None:
    """The bits of a bitmap shutter, in image px."""
    plane = shutter.hidden
    bits = None if plane is None else _hidden_image(plane, shutter.grey)
    if plane is None or bits is None:
        return
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    left, top = plane.left - HALF_PIXEL, plane.top - HALF_PIXEL
    painter.drawImage(QRectF(left, top, plane.columns, plane.rows), bits)


@lru_cache(maxsize=BITMAPS_KEPT)
def _hidden_image(plane: OverlayPlane, grey: int) -> QImage | None:
    """The hidden pixels in their grey; None where they are all, which is not believed."""
    return None if plane.mask.all() else mask_image(plane.mask, (grey, grey, grey))


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
