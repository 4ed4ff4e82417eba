"""The glass: the pixel under the pointer stays there, larger, in the same window; outside nothing changes."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from viewer.domain.display_set import FrameRef
from viewer.domain.image import Frame, Photometric
from viewer.domain.presentation import Presentation, VoiWindow
from viewer.imaging.view_transform import view_transform
from viewer.ui.viewport.image_painter import ImagePainter
from viewer.ui.viewport.magnifier import (
    LARGEST,
    LEAST_LARGER,
    RADIUS_PX,
    SMALLEST,
    glass_transform,
    glass_zoom,
    paint_magnifier,
)

SIDE = 600
POINT = (700.0, 500.0)
VIEW = Presentation(voi=VoiWindow(500, 1000))


def frame() -> Frame:
    """A bright square of 20 px about POINT on grey."""
    stored = np.full((1000, 1200), 300, np.uint16)
    stored[490:510, 690:710] = 900
    ref = FrameRef("1.2", 0, Path("file"))
    return Frame(ref, stored, Photometric.MONOCHROME2, 16, False)


def painted(with_glass: bool, view: Presentation = VIEW) -> np.ndarray:
    image = QImage(SIDE, SIDE, QImage.Format.Format_Grayscale8)
    image.fill(0)
    shown = ImagePainter()
    shown.set_frame(frame())
    transform = view_transform(frame(), view, SIDE, SIDE)
    painter = QPainter(image)
    shown.paint(painter, transform.view_from_image, transform.zoom, view, QRectF(0, 0, SIDE, SIDE))
    if with_glass:
        paint_magnifier(painter, shown, transform, view, POINT)
    painter.end()
    return np.array(image.constBits(), np.uint8).reshape(SIDE, -1)[:, :SIDE]


def place(view: Presentation = VIEW) -> tuple[float, float]:
    transform = view_transform(frame(), view, SIDE, SIDE)
    ((x, y),) = transform.view_from_image.apply(np.array([POINT])).tolist()
    return x, y


@pytest.mark.parametrize("zoom", [0.05, 0.5, 1.0, 1.5, 2.0, 3.0, 8.0])
def test_the_glass_always_enlarges_and_stays_within_two_and_four_where_it_can(zoom: float) -> None:
    inside = glass_zoom(zoom)
    assert inside >= zoom * LEAST_LARGER
    assert inside >= SMALLEST
    assert inside <= max(LARGEST, zoom * LEAST_LARGER)


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("flip", [False, True])
def test_the_point_under_the_pointer_stays_under_it(turns: int, flip: bool) -> None:
    view = Presentation(quarter_turns=turns, flip_horizontal=flip)
    transform = view_transform(frame(), view, SIDE, SIDE)
    larger = glass_transform(transform, POINT)
    at = np.array([POINT])
    np.testing.assert_allclose(
        larger.view_from_image.apply(at), transform.view_from_image.apply(at)
    )
    step = larger.view_from_image.apply(at + 1) - larger.view_from_image.apply(at)
    np.testing.assert_allclose(np.abs(step), glass_zoom(transform.zoom))


def test_the_square_is_as_large_as_the_glass_says_and_as_bright_as_the_window_says(
    qtbot: QtBot,
) -> None:
    plain, glass = painted(False), painted(True)
    x, y = (round(one) for one in place())
    row = glass[y, x - RADIUS_PX + 5 : x + RADIUS_PX - 5] > 150
    assert abs(int(row.sum()) - 20 * SMALLEST) <= 2
    assert glass[y, x] == plain[y, x] == round(900 / 999 * 255)


def test_outside_of_the_glass_the_view_is_the_same(qtbot: QtBot) -> None:
    plain, glass = painted(False), painted(True)
    x, y = place()
    rows, columns = np.mgrid[:SIDE, :SIDE]
    outside = np.hypot(columns - x, rows - y) > RADIUS_PX + 3
    np.testing.assert_array_equal(plain[outside], glass[outside])
    assert (plain != glass).any()


def test_at_the_edge_the_glass_ends_where_the_enlarged_image_ends(qtbot: QtBot) -> None:
    """20 px from the right edge: 40 view px of image to the right in the glass, then black."""
    view = Presentation(voi=VIEW.voi, zoom=0.5, pan_view_px=(-200.0, 0.0))
    image, shown = QImage(SIDE, SIDE, QImage.Format.Format_Grayscale8), ImagePainter()
    image.fill(0)
    shown.set_frame(frame())
    transform = view_transform(frame(), view, SIDE, SIDE)
    point = (1180.0, 500.0)
    painter = QPainter(image)
    paint_magnifier(painter, shown, transform, view, point)
    painter.end()
    values = np.array(image.constBits(), np.uint8).reshape(SIDE, -1)
    ((x, y),) = np.rint(transform.view_from_image.apply(np.array([point]))).astype(int).tolist()
    assert glass_zoom(0.5) == 2.0
    assert values[y, x + 36] == round(300 / 999 * 255)
    assert values[y, x + 44] == 0
