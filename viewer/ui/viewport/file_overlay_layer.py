"""FileOverlayLayer: overlay planes of the file (60xx), drawn where they lie on the image, never into it."""

from math import floor, log2

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from viewer.domain.geometry import Affine2D
from viewer.domain.overlay import OverlayPlane
from viewer.imaging.laid_over import OVERLAY_RGB
from viewer.ui.viewport.image_painter import HALF_PIXEL, q_transform

OPAQUE = 255
KEPT = 16
"""Coloured planes kept, at most."""

Kept = tuple[OverlayPlane, QImage]


class FileOverlayLayer:
    """Draws planes; keeps the coloured image of each."""

    def __init__(self) -> None:
        self._images: dict[tuple[int, int], Kept] = {}

    def paint(
        self,
        painter: QPainter,
        view_from_image: Affine2D,
        zoom: float,
        planes: tuple[OverlayPlane, ...],
    ) -> None:
        """Draw each plane; thin lines stay whole when the view is smaller than the image."""
        factor = 1 if zoom >= 1 else 2 ** max(0, floor(log2(1 / zoom)))
        for plane in planes:
            image = self._coloured(plane, factor)
            target = QRectF(
                plane.left - HALF_PIXEL,
                plane.top - HALF_PIXEL,
                image.width() * factor,
                image.height() * factor,
            )
            painter.save()
            painter.setTransform(q_transform(view_from_image), True)
            painter.drawImage(target, image)
            painter.restore()

    def _coloured(self, plane: OverlayPlane, factor: int) -> QImage:
        key = (id(plane), factor)
        if key not in self._images:
            if len(self._images) >= KEPT:
                self._images.clear()
            self._images[key] = (plane, mask_image(any_of_blocks(plane.mask, factor), OVERLAY_RGB))
        return self._images[key][1]


def any_of_blocks(mask: NDArray[np.bool_], factor: int) -> NDArray[np.bool_]:
    """A smaller mask: set where any pixel of a `factor` x `factor` block is, the last ones cut short."""
    rows = np.logical_or.reduceat(mask, np.arange(0, mask.shape[0], factor), axis=0)
    return np.logical_or.reduceat(rows, np.arange(0, mask.shape[1], factor), axis=1)


def mask_image(mask: NDArray[np.bool_], colour: tuple[int, int, int]) -> QImage:
    """An image of one colour where the mask is set, transparent elsewhere."""
    rgba = np.zeros((*mask.shape, 4), np.uint8)
    rgba[mask] = (*colour, OPAQUE)
    rows, columns = mask.shape
    return QImage(rgba.data, columns, rows, columns * 4, QImage.Format.Format_RGBA8888).copy()
