"""The shutter covers what lies outside of all its shapes, in every turn, and never the whole image."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from viewer.domain.display_set import FrameRef
from viewer.domain.geometry import Affine2D, PixelSpacing, SpacingEvidence
from viewer.domain.image import Frame, Photometric
from viewer.domain.overlay import Shutter
from viewer.imaging.laid_over import seen_pixels
from viewer.ui.viewport.shutter_layer import paint_shutter

SIDE, SCALE = 20, 5
RECTANGLE = (2.0, 4.0, 9.0, 17.0)


def frame(shutter: Shutter, between_rows: float = 1.0) -> Frame:
    return Frame(
        FrameRef("1.2", 0, Path("file")),
        np.zeros((SIDE, SIDE), np.uint8),
        Photometric.MONOCHROME2,
        8,
        False,
        spacing=PixelSpacing(between_rows, 1.0, SpacingEvidence.PIXEL_SPACING),
        shutter=shutter,
    )


def uncovered(shown: Frame) -> np.ndarray:
    """Which image pixels stay white at their centre, ndarray (SIDE, SIDE), bool."""
    canvas = QImage(SIDE * SCALE, SIDE * SCALE, QImage.Format.Format_Grayscale8)
    canvas.fill(255)
    painter = QPainter(canvas)
    middle = (SCALE - 1) / 2 + 0.5
    paint_shutter(painter, Affine2D.scale_translate(SCALE, SCALE, middle, middle), shown)
    painter.end()
    lines = np.frombuffer(canvas.constBits(), np.uint8).reshape(-1, canvas.bytesPerLine())
    return lines[SCALE // 2 :: SCALE, SCALE // 2 : SIDE * SCALE : SCALE] == 255


ROWS, COLUMNS = np.mgrid[:SIDE, :SIDE]


def test_pixels_on_the_edges_are_seen_and_those_beyond_are_not(qtbot: QtBot) -> None:
    expected = (COLUMNS >= 2) & (COLUMNS <= 9) & (ROWS >= 4) & (ROWS <= 17)
    assert np.array_equal(uncovered(frame(Shutter(rectangle_px=RECTANGLE))), expected)


@pytest.mark.parametrize("between_rows", [1.0, 2.0])
def test_a_circle_is_round_in_the_patient_with_its_radius_along_a_row(
    qtbot: QtBot, between_rows: float
) -> None:
    seen = uncovered(frame(Shutter(circle_px=(10, 10, 6.3)), between_rows))
    expected = (COLUMNS - 10) ** 2 + ((ROWS - 10) * between_rows) ** 2 <= 6.3**2
    assert np.array_equal(seen, expected)


def test_only_what_all_shapes_leave_is_seen(qtbot: QtBot) -> None:
    rectangle, circle = Shutter(rectangle_px=RECTANGLE), Shutter(circle_px=(10, 10, 6.3))
    both = uncovered(frame(Shutter(RECTANGLE, (10, 10, 6.3))))
    assert np.array_equal(both, uncovered(frame(rectangle)) & uncovered(frame(circle)))


def test_a_triangle_hides_its_outside(qtbot: QtBot) -> None:
    seen = uncovered(frame(Shutter(polygon_px=((0, -0.5), (19.5, -0.5), (0, 19)))))
    assert seen[1, 1]
    assert not seen[18, 18]


def test_a_shutter_beside_the_image_is_not_believed(qtbot: QtBot) -> None:
    assert uncovered(frame(Shutter(rectangle_px=(100, 100, 200, 200)))).all()


@pytest.mark.parametrize(
    "shutter",
    [
        Shutter(rectangle_px=RECTANGLE),
        Shutter(circle_px=(9, 11, 6.3)),
        Shutter(polygon_px=((1.2, 0.7), (18.4, 3.3), (9.1, 18.2), (4.3, 12.6))),
        Shutter(RECTANGLE, (10, 10, 6.3), ((0, -0.5), (19.5, -0.5), (0.3, 19))),
    ],
)
def test_saved_pictures_hide_the_same_pixels_as_the_screen(qtbot: QtBot, shutter: Shutter) -> None:
    shown = frame(shutter)
    np.testing.assert_array_equal(uncovered(shown), seen_pixels(shown))
