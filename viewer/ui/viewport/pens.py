"""Pens for lines over an image: a dark edge lets them be seen on white as well as on black."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen

HALO = QColor(0, 0, 0, 190)
HALO_PX = 1.2
"""Dark edge at each side of a line, view px."""


DASH, GAP = 4.0, 3.0
"""Of a dashed line, in widths of its coloured part."""


def with_halo(
    painter: QPainter,
    colour: QColor,
    width: float,
    draw: Callable[[], None],
    style: Qt.PenStyle = Qt.PenStyle.SolidLine,
) -> None:
    """Draw twice: broad and dark, then in the colour, which stays the pen."""
    for ink, wide in ((HALO, width + 2 * HALO_PX), (colour, width)):
        painter.setPen(_pen(ink, wide, width, style))
        draw()


def _pen(ink: QColor, wide: float, width: float, style: Qt.PenStyle) -> QPen:
    """Qt counts dashes in widths of the pen: those of both must lie on each other."""
    pen = QPen(ink, wide, style)
    if style is Qt.PenStyle.DashLine:
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([DASH * width / wide, GAP * width / wide])
    return pen
