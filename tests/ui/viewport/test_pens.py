"""Lines over an image are seen on white and on black, dashed ones with gaps that stay open."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter

from viewer.ui.viewport.pens import with_halo

BLUE = QColor("#56b4e9")
ROW = 10


def drawn(ground: str, style: Qt.PenStyle) -> QImage:
    image = QImage(120, 21, QImage.Format.Format_RGB32)
    image.fill(QColor(ground))
    painter = QPainter(image)
    with_halo(painter, BLUE, 3.0, lambda: painter.drawLine(0, ROW, 119, ROW), style)
    painter.end()
    return image


@pytest.mark.parametrize("ground", ["white", "black", "#c0d0e0"])
def test_a_line_has_its_colour_and_a_dark_edge_on_any_ground(qtbot, ground: str) -> None:
    image = drawn(ground, Qt.PenStyle.SolidLine)
    assert image.pixelColor(60, ROW) == BLUE
    assert image.pixelColor(60, ROW - 2).lightness() < 70


def test_the_gaps_of_a_dashed_line_are_the_ground_not_its_edge(qtbot) -> None:
    image = drawn("white", Qt.PenStyle.DashLine)
    along = [image.pixelColor(x, ROW) for x in range(120)]
    assert along.count(BLUE) > 40
    assert along.count(QColor("white")) > 30
    assert sum(colour.lightness() < 70 for colour in along) < 10
