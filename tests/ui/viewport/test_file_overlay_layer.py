"""Overlay planes of the file lie on their pixels, and thin lines survive a small view."""

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from viewer.domain.geometry import Affine2D
from viewer.domain.overlay import OverlayPlane
from viewer.ui.viewport.file_overlay_layer import FileOverlayLayer, any_of_blocks


def plane(mask: np.ndarray, top: int = 0, left: int = 0) -> OverlayPlane:
    packed = np.packbits(mask, bitorder="little").tobytes()
    return OverlayPlane(*mask.shape, top, left, packed)


def painted(affine: Affine2D, zoom: float, one: OverlayPlane) -> np.ndarray:
    canvas = QImage(100, 100, QImage.Format.Format_RGB888)
    canvas.fill(0)
    painter = QPainter(canvas)
    FileOverlayLayer().paint(painter, affine, zoom, (one,))
    painter.end()
    lines = np.frombuffer(canvas.constBits(), np.uint8).reshape(100, canvas.bytesPerLine())
    return lines[:, :300].reshape(100, 100, 3).any(axis=2)


@pytest.mark.parametrize(("top", "left"), [(0, 0), (3, 1)])
def test_a_set_bit_colours_its_own_pixel_and_no_other(qtbot: QtBot, top: int, left: int) -> None:
    mask = np.zeros((4, 6), np.bool_)
    mask[2, 5] = True
    shown = painted(Affine2D.scale_translate(10, 10, 4.5, 4.5), 10.0, plane(mask, top, left))
    expected = np.zeros((100, 100), np.bool_)
    row, column = 2 + top, 5 + left
    expected[row * 10 : row * 10 + 10, column * 10 : column * 10 + 10] = True
    assert np.count_nonzero(shown != expected) <= 40, "more than an edge line differs"


def test_a_thin_line_survives_a_view_smaller_than_the_image(qtbot: QtBot) -> None:
    mask = np.zeros((800, 800), np.bool_)
    mask[:, 401] = True
    shown = painted(Affine2D.scale_translate(0.125, 0.125), 0.125, plane(mask))
    assert shown[1:99].any(axis=1).all()


def test_blocks_cut_short_at_the_border_count() -> None:
    mask = np.zeros((5, 5), np.bool_)
    mask[4, 4] = True
    assert any_of_blocks(mask, 4).tolist() == [[False, False], [False, True]]
