"""HeatmapLayer: a network's own map over the image, in the image's geometry, with its legend."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from viewer.base.i18n import _
from viewer.domain.geometry import Affine2D
from viewer.domain.image import Heatmap
from viewer.imaging.heatmap import colour_table
from viewer.ui import theme
from viewer.ui.viewport.colour_bar import colour_gradient
from viewer.ui.viewport.image_painter import HALF_PIXEL, q_transform
from viewer.ui.viewport.text_layer import shadowed

LEGEND_HEIGHT_PX = 150
LEGEND_WIDTH_PX = 12
BACKDROP = QColor(0, 0, 0, 120)
"""Behind the legend's words, so that they read on a bright film."""


class HeatmapLayer:
    """Draws maps; keeps the coloured image of each until map, opacity or colours change."""

    def __init__(self) -> None:
        self._images: dict[tuple[int, float, str], tuple[Heatmap, QImage]] = {}

    def paint(
        self,
        painter: QPainter,
        view_from_image: Affine2D,
        heatmaps: tuple[Heatmap, ...],
        opacity: float,
        colour_map: str,
    ) -> None:
        """Draw each map where it lies on the image."""
        for heatmap in heatmaps:
            image = self._coloured(heatmap, opacity, colour_map)
            painter.save()
            painter.setTransform(q_transform(view_from_image @ heatmap.image_from_map_px), True)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            target = QRectF(-HALF_PIXEL, -HALF_PIXEL, image.width(), image.height())
            painter.drawImage(target, image)
            painter.restore()

    def _coloured(self, heatmap: Heatmap, opacity: float, colour_map: str) -> QImage:
        key = (id(heatmap), opacity, colour_map)
        if key not in self._images:
            if len(self._images) > 16:
                self._images.clear()
            self._images[key] = (heatmap, coloured(heatmap.values, opacity, colour_map))
        return self._images[key][1]


def coloured(values: NDArray[np.float32], opacity: float, colour_map: str) -> QImage:
    """The map in colours of a fixed scale 0 to 1; the lower a value, the more transparent."""
    steps = np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)
    rgba = np.empty((*steps.shape, 4), np.uint8)
    rgba[..., :3] = colour_table(colour_map)[steps]
    rgba[..., 3] = np.rint(steps * opacity)
    rows, columns = steps.shape
    return QImage(rgba.data, columns, rows, columns * 4, QImage.Format.Format_RGBA8888).copy()


def paint_legend(
    painter: QPainter, view: QRectF, heatmaps: tuple[Heatmap, ...], colour_map: str
) -> None:
    """The colour scale with 0 and 1, the method's name, and what it does not mean."""
    if not heatmaps:
        return
    height = min(LEGEND_HEIGHT_PX, view.height() / 5)
    bar = QRectF(view.right() - 56, view.center().y() + 34, LEGEND_WIDTH_PX, height)
    painter.fillRect(bar, colour_gradient(bar.bottomLeft(), bar.topLeft(), colour_map))
    painter.setPen(QColor(theme.TEXT))
    painter.drawRect(bar)
    left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    for text, y in (("1.0", bar.top()), ("0.5", bar.center().y()), ("0.0", bar.bottom())):
        shadowed(painter, QRectF(bar.right() + 5, y - 10, 40, 20), left, text)
    _paint_words(painter, view, bar, heatmaps)


def _paint_words(
    painter: QPainter, view: QRectF, bar: QRectF, heatmaps: tuple[Heatmap, ...]
) -> None:
    labels = ", ".join(dict.fromkeys(heatmap.label for heatmap in heatmaps))
    method = "\n".join(dict.fromkeys(heatmap.method for heatmap in heatmaps))
    words = f"{method}\n{labels}\n" + _("Shows influence, not a lesion outline.")
    free = QRectF(view.center().x(), bar.bottom() + 14, view.width() / 2 - 14, 80)
    place = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
    painter.fillRect(painter.boundingRect(free, place, words).adjusted(-6, -3, 6, 3), BACKDROP)
    shadowed(painter, free, place, words)
