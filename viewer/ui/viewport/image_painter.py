"""ImagePainter: draws the visible part of a frame through its display table, at the scale it is seen."""

from math import floor, log2

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QTransform

from viewer.domain.geometry import Affine2D
from viewer.domain.image import Frame, StoredValues
from viewer.domain.presentation import Presentation, Voi
from viewer.domain.presentation_state import PresentationState
from viewer.imaging.colour_map import coloured
from viewer.imaging.display import DisplayTable, display_table, voi_in_force
from viewer.imaging.presented import presented
from viewer.imaging.pyramid import reduced

HALF_PIXEL = 0.5
"""From the centre of a pixel to its edge: Qt draws from edges."""


def q_transform(affine: Affine2D) -> QTransform:
    """The same affine for Qt (which multiplies row vectors from the left)."""
    return QTransform(affine.a, affine.c, affine.b, affine.d, affine.tx, affine.ty)


class ImagePainter:
    """Holds the frame on the screen, its reduced copies and its display table."""

    def __init__(self) -> None:
        self.frame: Frame | None = None
        self._levels: dict[int, StoredValues] = {}
        self._table: DisplayTable | None = None
        self._table_key: tuple[Voi | None, bool] | None = None
        self._presented: tuple[PresentationState | None, Frame] | None = None

    def set_frame(self, frame: Frame | None) -> None:
        """Show another frame."""
        if frame is not self.frame:
            self.frame = frame
            self._levels = {}
            self._table = None
            self._presented = None

    def presented(self, presentation: Presentation) -> Frame | None:
        """The frame as the applied presentation state wants it shown; itself without one."""
        if self.frame is None:
            return None
        if self._presented is None or self._presented[0] is not presentation.state:
            self._presented = (presentation.state, presented(self.frame, presentation.state))
            self._table = None
        return self._presented[1]

    def voi(self, presentation: Presentation) -> Voi | None:
        """The window or LUT in force; None for colour."""
        frame = self.presented(presentation)
        return None if frame is None else voi_in_force(frame, presentation)

    def paint(
        self,
        painter: QPainter,
        transform: Affine2D,
        zoom: float,
        presentation: Presentation,
        view: QRectF,
    ) -> None:
        """Draw what of the frame lies in `view` (view px)."""
        if self.frame is None:
            return
        factor = 1 if zoom >= 1 else 2 ** max(0, floor(log2(1 / zoom)))
        rows, columns = self._visible(transform, view, factor)
        if rows[0] >= rows[1] or columns[0] >= columns[1]:
            return
        part = self._level(factor)[slice(*rows), slice(*columns)]
        values = self._display_table(presentation).apply(part)
        shown = np.ascontiguousarray(coloured(values, presentation.colour_map))
        target = QRectF(
            columns[0] * factor - HALF_PIXEL,
            rows[0] * factor - HALF_PIXEL,
            shown.shape[1] * factor,
            shown.shape[0] * factor,
        )
        painter.save()
        painter.setTransform(q_transform(transform), True)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        edges = QRectF(-HALF_PIXEL, -HALF_PIXEL, self.frame.columns, self.frame.rows)
        painter.setClipRect(edges, Qt.ClipOperation.IntersectClip)
        painter.drawImage(target, grey_or_rgb_image(shown))
        painter.restore()

    def _display_table(self, presentation: Presentation) -> DisplayTable:
        frame = self.presented(presentation)
        assert frame is not None
        key = (self.voi(presentation), presentation.inverted)
        if self._table is None or self._table_key != key:
            self._table = display_table(frame, key[0], key[1])
            self._table_key = key
        return self._table

    def _level(self, factor: int) -> StoredValues:
        assert self.frame is not None
        if factor not in self._levels:
            self._levels[factor] = reduced(self.frame.stored, factor)
        return self._levels[factor]

    def _visible(
        self, transform: Affine2D, view: QRectF, factor: int
    ) -> tuple[tuple[int, int], tuple[int, int]]:
        """Row and column ranges (of the level) that show in the view, one pixel more at each side."""
        corners = np.array(
            [
                (view.left(), view.top()),
                (view.right(), view.top()),
                (view.left(), view.bottom()),
                (view.right(), view.bottom()),
            ]
        )
        points = transform.inverse().apply(corners) / factor
        shape = self._level(factor).shape
        first = np.floor(points.min(axis=0)).astype(int) - 1
        last = np.ceil(points.max(axis=0)).astype(int) + 2
        columns = (max(int(first[0]), 0), min(int(last[0]), shape[1]))
        rows = (max(int(first[1]), 0), min(int(last[1]), shape[0]))
        return rows, columns


def grey_or_rgb_image(values: NDArray[np.uint8]) -> QImage:
    """A QImage over display values; it keeps their memory alive.

    values : ndarray, shape (rows, columns) grey or (rows, columns, 3) RGB, uint8, contiguous
    """
    kind = QImage.Format.Format_Grayscale8 if values.ndim == 2 else QImage.Format.Format_RGB888
    rows, columns = values.shape[:2]
    image = QImage(values.data, columns, rows, values.strides[0], kind)
    image._values = values  # type: ignore[attr-defined]  # keeps the memory alive with the image
    return image
