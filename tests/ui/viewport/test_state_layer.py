"""What a state draws lies on the same pixels on the screen and in a saved picture, in every turn."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from viewer.app.pictures import picture
from viewer.domain.display_set import FrameRef
from viewer.domain.image import Frame, Photometric
from viewer.domain.overlay import OverlayPlane, Shutter
from viewer.domain.presentation import Presentation, VoiWindow
from viewer.domain.presentation_state import (
    AnnotationUnits,
    GraphicAnnotation,
    GraphicLayer,
    GraphicObject,
    GraphicType,
    GreyTransforms,
    PresentationState,
    SoftcopyVoi,
    TextObject,
)
from viewer.domain.study_object import ObjectReference
from viewer.imaging.laid_over import as_shown
from viewer.imaging.view_transform import view_transform
from viewer.ui.viewport.image_painter import ImagePainter
from viewer.ui.viewport.shutter_layer import paint_shutter
from viewer.ui.viewport.state_layer import StateLayer

ROWS, COLUMNS = 300, 400
COLOUR = (10, 220, 90)
PIXEL = AnnotationUnits.PIXEL
SQUARE = ((60, 40), (140, 40), (140, 100), (60, 100), (60, 40))
TURNS = list(product(range(4), (False, True)))


def frame(**fields: object) -> Frame:
    stored = np.tile(np.arange(COLUMNS, dtype=np.uint16), (ROWS, 1))
    return Frame(
        FrameRef("1.2", 0, Path("f")), stored, Photometric.MONOCHROME2, 16, False, **fields
    )


def state(*annotations: GraphicAnnotation, **fields: object) -> PresentationState:
    grey = GreyTransforms(voi=(SoftcopyVoi((), (VoiWindow(200, 400),)),))
    given = {"references": (ObjectReference("1.2"),), "grey": grey, **fields}
    layers = (GraphicLayer("A", 1, COLOUR),)
    return PresentationState(
        "9", "1", ("", "", "", ""), "L", "", "", annotations=annotations, layers=layers, **given
    )


def shape(
    kind: GraphicType, *points: tuple[float, float], filled: bool = False
) -> GraphicAnnotation:
    return GraphicAnnotation((), "A", (GraphicObject(kind, points, PIXEL, filled),))


def on_screen(view: Presentation) -> np.ndarray:
    """The layer alone at one view pixel for one of the image: ndarray (height, width, 3)."""
    size = (COLUMNS, ROWS) if view.quarter_turns % 2 == 0 else (ROWS, COLUMNS)
    canvas = QImage(*size, QImage.Format.Format_RGB888)
    canvas.fill(0)
    painter = QPainter(canvas)
    transform = view_transform(frame(), view, *size)
    StateLayer().paint(painter, transform.view_from_image, frame(), view)
    painter.end()
    lines = np.frombuffer(canvas.constBits(), np.uint8).reshape(size[1], canvas.bytesPerLine())
    return lines[:, : 3 * size[0]].reshape(size[1], size[0], 3).astype(int)


def inked(shown: np.ndarray) -> np.ndarray:
    """Where the layer's colour is."""
    return (np.abs(shown - COLOUR).max(axis=2)) < 60


def extent(mask: np.ndarray) -> np.ndarray:
    rows, columns = np.nonzero(mask)
    return np.array([columns.min(), rows.min(), columns.max(), rows.max()])


@pytest.mark.parametrize(("turns", "flip"), TURNS)
@pytest.mark.parametrize("filled", [False, True])
def test_lines_lie_alike_on_the_screen_and_in_the_picture(
    qtbot: QtBot, turns: int, flip: bool, filled: bool
) -> None:
    drawn = state(shape(GraphicType.POLYLINE, *SQUARE, filled=filled))
    view = Presentation(state=drawn, quarter_turns=turns, flip_horizontal=flip, zoom=1.0)
    screen, saved = inked(on_screen(view)), inked(np.asarray(picture(frame(), view)).astype(int))
    assert screen.shape == saved.shape
    assert np.abs(extent(screen) - extent(saved)).max() <= 2
    corners = np.array(SQUARE, np.float64)
    size = screen.shape[::-1]
    on_view = view_transform(frame(), view, *size).view_from_image.apply(corners)
    expected = np.array([*on_view.min(axis=0), *on_view.max(axis=0)])
    assert np.abs(extent(screen) - expected).max() <= 2
    assert screen.sum() > (3000 if filled else 200)


def test_words_are_written_in_their_box_on_screen_and_in_the_picture(qtbot: QtBot) -> None:
    words = GraphicAnnotation(
        (), "A", (), (TextObject("Mass", box=((200, 100), (300, 130)), justification="RIGHT"),)
    )
    view = Presentation(state=state(words), zoom=1.0)
    for shown in (on_screen(view), np.asarray(picture(frame(), view)).astype(int)):
        left, top, right, bottom = extent(inked(shown))
        assert 200 <= left < right <= 302
        assert 98 <= top < bottom <= 136
        assert right > 290


def test_a_dot_marks_a_point(qtbot: QtBot) -> None:
    view = Presentation(state=state(shape(GraphicType.POINT, (99.5, 49.5))), zoom=1.0)
    for shown in (on_screen(view), np.asarray(picture(frame(), view)).astype(int)):
        left, top, right, bottom = extent(inked(shown))
        assert (left + right) / 2 == pytest.approx(99.5, abs=1)
        assert (top + bottom) / 2 == pytest.approx(49.5, abs=1)


def test_graphics_go_with_the_overlays_of_the_file(qtbot: QtBot) -> None:
    drawn = state(shape(GraphicType.POLYLINE, *SQUARE))
    without = picture(frame(), Presentation(state=drawn, file_overlays=False))
    np.testing.assert_array_equal(
        np.asarray(without), as_shown(frame(), Presentation(state=drawn, file_overlays=False))
    )


def test_the_painter_shows_the_grey_levels_of_the_state_and_of_the_image_after_it(
    qtbot: QtBot,
) -> None:
    painter_of_image = ImagePainter()
    painter_of_image.set_frame(frame(voi=(VoiWindow(20, 40),)))
    for given in (None, state(), None):
        view = Presentation(state=given, zoom=1.0)
        canvas = QImage(COLUMNS, ROWS, QImage.Format.Format_Grayscale8)
        canvas.fill(0)
        painter = QPainter(canvas)
        affine = view_transform(frame(), view, COLUMNS, ROWS).view_from_image
        painter_of_image.paint(painter, affine, 1.0, view, QRectF(0, 0, COLUMNS, ROWS))
        painter.end()
        lines = np.frombuffer(canvas.constBits(), np.uint8).reshape(ROWS, canvas.bytesPerLine())
        assert painter_of_image.frame is not None
        expected = as_shown(painter_of_image.frame, view)
        assert np.abs(lines[:, :COLUMNS].astype(int) - expected).max() <= 1


def test_a_bitmap_shutter_covers_its_bits_and_not_everything(qtbot: QtBot) -> None:
    mask = np.zeros((ROWS, COLUMNS), bool)
    mask[50:80, 100:150] = True

    def covered(bits: np.ndarray) -> np.ndarray:
        packed = np.packbits(bits, bitorder="little").tobytes()
        shutter = Shutter(grey=90, hidden=OverlayPlane(ROWS, COLUMNS, 0, 0, packed))
        canvas = QImage(COLUMNS, ROWS, QImage.Format.Format_Grayscale8)
        canvas.fill(255)
        painter = QPainter(canvas)
        affine = view_transform(frame(), Presentation(zoom=1.0), COLUMNS, ROWS).view_from_image
        paint_shutter(painter, affine, frame(shutter=shutter))
        painter.end()
        lines = np.frombuffer(canvas.constBits(), np.uint8).reshape(ROWS, canvas.bytesPerLine())
        return lines[:, :COLUMNS].copy()

    np.testing.assert_array_equal(covered(mask), np.where(mask, 90, 255))
    assert covered(np.ones_like(mask)).min() == 255
