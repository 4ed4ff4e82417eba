"""The image and the bar in colours: the same table, low values at the left, turned where low is white."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from viewer.domain.display_set import FrameRef
from viewer.domain.image import Frame, Photometric
from viewer.domain.presentation import Presentation, VoiWindow
from viewer.imaging.display import display_values
from viewer.imaging.heatmap import colour_table
from viewer.imaging.view_transform import view_transform
from viewer.ui.viewport.colour_bar import GAP_PX, HEIGHT_PX, WIDTH_PX, paint_colour_bar
from viewer.ui.viewport.image_painter import ImagePainter
from viewer.ui.viewport.text_layer import MARGIN_PX

SIDE = 256


def canvas() -> QImage:
    image = QImage(SIDE, SIDE, QImage.Format.Format_RGB888)
    image.fill(0)
    return image


def values_of(image: QImage) -> np.ndarray:
    rows = np.array(image.constBits(), np.uint8).reshape(SIDE, -1)
    return rows[:, : SIDE * 3].reshape(SIDE, SIDE, 3)


@pytest.mark.parametrize("inverse", [False, True])
def test_the_bar_runs_from_the_low_end_to_the_high_end(qtbot: QtBot, inverse: bool) -> None:
    image = canvas()
    painter = QPainter(image)
    paint_colour_bar(painter, QRectF(0, 0, SIDE, SIDE), "hot_iron", 0, inverse=inverse)
    painter.end()
    row = values_of(image)[SIDE - MARGIN_PX - GAP_PX - HEIGHT_PX // 2].astype(int)
    low, high = row[MARGIN_PX + 3].sum(), row[MARGIN_PX + WIDTH_PX - 4].sum()
    assert bool(low > high) is inverse
    assert abs(low - high) > 500


@pytest.mark.parametrize("inverted", [False, True])
def test_pixels_have_the_colour_of_their_display_value(qtbot: QtBot, inverted: bool) -> None:
    stored = np.repeat(np.arange(SIDE, dtype=np.uint16)[None], SIDE, axis=0)
    ref = FrameRef("1.2", 0, Path("file"))
    frame = Frame(ref, stored, Photometric.MONOCHROME2, 16, False)
    view = Presentation(voi=VoiWindow(128, 256), inverted=inverted, zoom=1.0, colour_map="hot_iron")
    image, shown = canvas(), ImagePainter()
    shown.set_frame(frame)
    transform = view_transform(frame, view, SIDE, SIDE)
    painter = QPainter(image)
    shown.paint(painter, transform.view_from_image, 1.0, view, QRectF(0, 0, SIDE, SIDE))
    painter.end()
    expected = colour_table("hot_iron")[display_values(frame, view.voi, inverted=inverted)]
    middle = slice(20, -20)
    difference = values_of(image)[middle, middle].astype(int) - expected[middle, middle]
    assert np.abs(difference).max() <= 6, "half a pixel of smoothing at the most"
