"""Magnifier: a round glass under the pointer with the image alone, larger; nothing of the view changes."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from viewer.domain.finding import PointPx
from viewer.domain.geometry import Affine2D
from viewer.domain.presentation import Presentation
from viewer.imaging.view_transform import ViewTransform
from viewer.ui import theme
from viewer.ui.viewport.image_painter import ImagePainter
from viewer.ui.viewport.shutter_layer import paint_shutter
from viewer.ui.viewport.text_layer import shadowed

RADIUS_PX = 120
SMALLEST, LARGEST = 2.0, 4.0
"""View pixels per image pixel in the glass, as long as that is larger than the view."""

LARGER = 2.0
LEAST_LARGER = 1.5
"""What the glass does to the view: twice, and never less than one and a half times."""

WORDS_PX = 18


def glass_zoom(zoom: float) -> float:
    """View px per image px in the glass over a view of `zoom`."""
    return max(min(max(zoom * LARGER, SMALLEST), LARGEST), zoom * LEAST_LARGER)


def glass_transform(transform: ViewTransform, point_px: PointPx) -> ViewTransform:
    """The view enlarged about an image point, which stays where it is on the view."""
    x, y = _on_view(transform, point_px)
    zoom = glass_zoom(transform.zoom)
    factor = zoom / transform.zoom
    about = Affine2D.scale_translate(factor, factor, x * (1 - factor), y * (1 - factor))
    return ViewTransform(about @ transform.view_from_image, zoom)


def paint_magnifier(
    painter: QPainter,
    image: ImagePainter,
    transform: ViewTransform,
    presentation: Presentation,
    point_px: PointPx,
) -> None:
    """Draw the glass over an image point, through the same window; without overlay, marks and drawings."""
    centre = QPointF(*_on_view(transform, point_px))
    box = QRectF(0, 0, 2 * RADIUS_PX, 2 * RADIUS_PX)
    box.moveCenter(centre)
    glass = QPainterPath()
    glass.addEllipse(box)
    larger = glass_transform(transform, point_px)
    painter.save()
    painter.setClipPath(glass)
    painter.fillRect(box, Qt.GlobalColor.black)
    image.paint(painter, larger.view_from_image, larger.zoom, presentation, box)
    frame = image.presented(presentation)
    if presentation.shutter and frame is not None:
        paint_shutter(painter, larger.view_from_image, frame)
    painter.restore()
    painter.save()
    painter.setPen(QPen(QColor(theme.MUTED), 1.5))
    painter.drawPath(glass)
    words = QRectF(box.left(), box.bottom() - 2 * WORDS_PX, box.width(), WORDS_PX)
    shadowed(painter, words, Qt.AlignmentFlag.AlignCenter, f"{larger.zoom * 100:.0f} %")
    painter.restore()


def _on_view(transform: ViewTransform, point_px: PointPx) -> tuple[float, float]:
    ((x, y),) = transform.view_from_image.apply(np.array([point_px], np.float64)).tolist()
    return x, y
