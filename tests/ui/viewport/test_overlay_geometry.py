"""The overlay stays on its organ: through zoom, pan, turns and flips, on a finer and a coarser grid."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from viewer.domain.display_set import FrameRef
from viewer.domain.geometry import Affine2D
from viewer.domain.image import Frame, Heatmap, Photometric
from viewer.domain.presentation import Presentation, VoiWindow
from viewer.imaging.view_transform import view_transform
from viewer.ui.viewport.heatmap_layer import HeatmapLayer
from viewer.ui.viewport.image_painter import ImagePainter

REF = FrameRef("1.2", 0, Path("file"))
ROWS, COLUMNS, SIDE = 240, 180, 400
SQUARE = (slice(40, 80), slice(20, 60))
"""Off centre on purpose: rows, columns of the image."""

PX = 1.5
"""Largest distance of the two centroids, view pixels: under one pixel of the coarse map."""


def frame() -> Frame:
    stored = np.zeros((ROWS, COLUMNS), np.uint16)
    stored[SQUARE] = 1000
    return Frame(REF, stored, Photometric.MONOCHROME2, 16, False)


def heatmap(factor: int) -> Heatmap:
    values = np.zeros((ROWS // factor, COLUMNS // factor), np.float32)
    rows, columns = (slice(one.start // factor, one.stop // factor) for one in SQUARE)
    values[rows, columns] = 1
    shift = (factor - 1) / 2
    affine = Affine2D.scale_translate(factor, factor, shift, shift)
    return Heatmap(REF, "heart", "Heart", "map", values, affine)


def painted(draw_map: bool, presentation: Presentation, factor: int) -> NDArray[np.float64]:
    """Red minus blue for the map (inferno is warm at the top), grey for the image."""
    canvas = QImage(SIDE, SIDE, QImage.Format.Format_RGB888)
    canvas.fill(0)
    painter = QPainter(canvas)
    transform = view_transform(frame(), presentation, SIDE, SIDE)
    if draw_map:
        HeatmapLayer().paint(painter, transform.view_from_image, (heatmap(factor),), 1.0, "inferno")
    else:
        image = ImagePainter()
        image.set_frame(frame())
        view = QRectF(0, 0, SIDE, SIDE)
        image.paint(painter, transform.view_from_image, transform.zoom, presentation, view)
    painter.end()
    lines = np.frombuffer(canvas.constBits(), np.uint8).reshape(SIDE, canvas.bytesPerLine())
    return lines[:, : 3 * SIDE].reshape(SIDE, SIDE, 3).astype(float).sum(axis=2)


def centroid(values: NDArray[np.float64]) -> NDArray[np.float64]:
    rows, columns = np.nonzero(values > values.max() / 2)
    return np.array([columns.mean(), rows.mean()])


ORIENTATIONS = [(turns, flip) for turns in range(4) for flip in (False, True)]
VIEWS = [{}, {"zoom": 0.7}, {"zoom": 1.0, "pan_view_px": (30.0, -20.0)}, {"zoom": 1.9}]


@pytest.mark.parametrize("factor", [1, 4])
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("turns", "flip"), ORIENTATIONS)
def test_map_and_image_of_one_square_lie_on_each_other(
    qtbot: QtBot, turns: int, flip: bool, view: dict[str, object], factor: int
) -> None:
    presentation = Presentation(
        voi=VoiWindow(500, 1000), quarter_turns=turns, flip_horizontal=flip, **view
    )
    image = centroid(painted(False, presentation, factor))
    overlay = centroid(painted(True, presentation, factor))
    assert np.abs(image - overlay).max() < PX
