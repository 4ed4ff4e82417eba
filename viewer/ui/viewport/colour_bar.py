"""Colour bar: the colours of the window from its low to its high end, above the words of the window."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QLinearGradient, QPainter

from viewer.imaging.heatmap import colour_table
from viewer.ui import theme
from viewer.ui.viewport.text_layer import MARGIN_PX

WIDTH_PX, HEIGHT_PX, GAP_PX = 120, 8, 6
STOPS = 32


def paint_colour_bar(
    painter: QPainter, view: QRectF, name: str, lines: int, *, inverse: bool
) -> None:
    """Draw the bar of a colour map. lines: of text below it. inverse: low values are shown as white would be."""
    text = lines * QFontMetricsF(painter.font()).lineSpacing()
    top = view.bottom() - MARGIN_PX - text - GAP_PX - HEIGHT_PX
    bar = QRectF(view.left() + MARGIN_PX, top, WIDTH_PX, HEIGHT_PX)
    ends = (bar.topRight(), bar.topLeft()) if inverse else (bar.topLeft(), bar.topRight())
    painter.fillRect(bar, colour_gradient(*ends, name))
    painter.setPen(QColor(theme.MUTED))
    painter.drawRect(bar)


def colour_gradient(low: QPointF, high: QPointF, name: str) -> QLinearGradient:
    """The colours of a map from its low to its high end, between two points of the view."""
    gradient, table = QLinearGradient(low, high), colour_table(name)
    for stop in range(STOPS + 1):
        red, green, blue = table[round(255 * stop / STOPS)].tolist()
        gradient.setColorAt(stop / STOPS, QColor(red, green, blue))
    return gradient
