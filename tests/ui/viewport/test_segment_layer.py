"""Segments colour their own pixels, in every view; a program's line is dashed, a person's solid."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from viewer.app.segments import DrawnSegment, DrawnSegments
from viewer.domain.geometry import NO_SPACING, Affine2D
from viewer.domain.segment_place import PlacedFrame
from viewer.domain.segmentation import (
    Segment,
    Segmentation,
    SegmentFrame,
    SegmentKind,
    SegmentMaker,
)
from viewer.ui.viewport import segment_layer
from viewer.ui.viewport.segment_layer import SegmentLayer, legend_lines, paint_segment_legend

GREEN = (0, 200, 0)
SIDE = 200
SCALE = 10.0
"""View pixels of one pixel of the segment; its centre is at 5 of them."""


def drawn(
    mask: np.ndarray,
    maker: SegmentMaker = SegmentMaker.MANUAL,
    kind: SegmentKind = SegmentKind.LABEL_MAP,
    place: Affine2D | None = None,
    *,
    by_position: bool = False,
) -> DrawnSegments:
    segment = Segment(1, "Nodule", maker, GREEN)
    frame = SegmentFrame(None, mask.astype(np.uint8), *mask.shape, None, NO_SPACING)
    whole = Segmentation(
        "1", "2", ("", "", "", ""), "Lung", kind, (segment,), (frame,), largest=255
    )
    placed = PlacedFrame(frame, place or Affine2D(), by_position)
    return DrawnSegments((DrawnSegment(whole, segment, placed),))


def painted(found: DrawnSegments, view: Affine2D, opacity: float = 1.0) -> np.ndarray:
    image = QImage(SIDE, SIDE, QImage.Format.Format_RGB888)
    image.fill(0)
    painter = QPainter(image)
    SegmentLayer().paint(painter, view, found, opacity)
    painter.end()
    return (
        np.array(image.constBits(), np.uint8)
        .reshape(SIDE, -1)[:, : SIDE * 3]
        .reshape(SIDE, SIDE, 3)
    )


@pytest.fixture
def no_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment_layer, "MOST_LABELS", 0)


ZOOM = Affine2D.scale_translate(SCALE, SCALE, SCALE / 2, SCALE / 2)
FLIP = Affine2D.scale_translate(-SCALE, SCALE, SIDE - SCALE / 2, SCALE / 2)
TURN = Affine2D(0, -SCALE, SCALE, 0, SIDE - SCALE / 2, SCALE / 2)


@pytest.mark.parametrize("view", [ZOOM, FLIP, TURN])
def test_a_pixel_is_coloured_where_the_image_shows_it(qtbot: QtBot, no_labels, view) -> None:
    mask = np.zeros((20, 20), bool)
    mask[3:6, 4] = True
    mask[3, 5:9] = True
    pixels = painted(drawn(mask), view)
    for row in range(20):
        for column in range(20):
            ((x, y),) = np.rint(view.apply(np.array([[column, row]], float))).astype(int).tolist()
            assert (tuple(pixels[y, x]) == GREEN) is bool(mask[row, column])


def test_a_frame_placed_elsewhere_on_the_image_is_drawn_there(qtbot: QtBot, no_labels) -> None:
    mask = np.zeros((4, 4), bool)
    mask[1, 2] = True
    place = Affine2D.scale_translate(1, 1, 10, 5)
    pixels = painted(drawn(mask, place=place), ZOOM)
    assert tuple(pixels[65, 125]) == GREEN
    assert pixels[15, 25].sum() == 0


def test_a_probability_fills_as_strongly_as_it_is_high(qtbot: QtBot, no_labels) -> None:
    share = np.zeros((20, 20), np.uint8)
    share[5, 5], share[5, 6] = 255, 64
    found = drawn(share, kind=SegmentKind.PROBABILITY)
    pixels = painted(found, ZOOM)
    assert tuple(pixels[55, 55]) == GREEN
    assert 40 < pixels[55, 65, 1] < 60


def line_share(maker: SegmentMaker) -> float:
    """Part of the outline that is drawn, with no fill."""
    mask = np.zeros((20, 20), bool)
    mask[4:16, 4:16] = True
    pixels = painted(drawn(mask, maker), ZOOM, opacity=0.0)
    return float((pixels[40, 45:155, 1] > 40).mean())


def test_a_programs_outline_is_dashed_and_a_persons_solid(qtbot: QtBot, no_labels) -> None:
    assert line_share(SegmentMaker.MANUAL) == 1.0
    assert 0.3 < line_share(SegmentMaker.AUTOMATIC) < 0.9
    assert 0.3 < line_share(SegmentMaker.SEMIAUTOMATIC) < 0.95


@pytest.mark.parametrize(
    ("maker", "words"),
    [
        (SegmentMaker.AUTOMATIC, "AI  Nodule"),
        (SegmentMaker.SEMIAUTOMATIC, "semi-automatic  Nodule"),
        (SegmentMaker.MANUAL, "Nodule"),
    ],
)
def test_the_legend_says_who_made_a_segment(maker: SegmentMaker, words: str) -> None:
    ((colour, said),) = legend_lines(drawn(np.ones((2, 2), bool), maker))
    assert said == words
    assert colour is not None and colour.getRgb()[:3] == GREEN


def test_the_legend_says_what_was_placed_by_position_and_what_does_not_fit() -> None:
    placed = drawn(np.ones((2, 2), bool), by_position=True)
    lines = [words for _colour, words in legend_lines(DrawnSegments(placed.segments, ("Lung",)))]
    assert "placed by position" in lines[1]
    assert "“Lung” does not fit" in lines[2]


def test_the_legend_stands_at_the_left(qtbot: QtBot) -> None:
    image = QImage(SIDE, SIDE, QImage.Format.Format_RGB888)
    image.fill(0)
    painter = QPainter(image)
    paint_segment_legend(painter, QRectF(0, 0, SIDE, SIDE), drawn(np.ones((2, 2), bool)))
    painter.end()
    assert any(
        image.pixelColor(x, y).getRgb()[:3] == GREEN for x in range(10, 24) for y in range(SIDE)
    )


def test_shapes_that_take_too_long_wait_for_the_next_painting(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segment_layer, "LONGEST_SHAPING_SECONDS", -1.0)
    layer, found = SegmentLayer(), drawn(np.ones((4, 4), bool))
    image = QImage(SIDE, SIDE, QImage.Format.Format_RGB888)
    image.fill(0)
    painter = QPainter(image)
    assert layer.paint(painter, ZOOM, found, 1.0) is False
    monkeypatch.setattr(segment_layer, "LONGEST_SHAPING_SECONDS", 1.0)
    assert layer.paint(painter, ZOOM, found, 1.0) is True
    painter.end()
    assert image.pixelColor(25, 35).getRgb()[:3] == GREEN


def test_the_name_of_a_segment_at_the_edge_of_the_view_stays_in_it(qtbot: QtBot) -> None:
    mask = np.zeros((20, 20), bool)
    mask[0:20, 0:20] = True
    pixels = painted(drawn(mask), ZOOM, opacity=0.0)
    assert (pixels[2:18, 2:60, 1] > 150).sum() > 40
