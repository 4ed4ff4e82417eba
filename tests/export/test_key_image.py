"""Printed pictures: each mark on the pixel it belongs to, dashed by the AI and solid by the reader."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from signed_reports import corrected_report, film, full_report

from viewer.domain.display_set import FrameRef
from viewer.domain.finding import Mark, Source
from viewer.domain.geometry import Affine2D, EdgeLetters, PixelSpacing, SpacingEvidence
from viewer.domain.image import Frame, Heatmap, Photometric
from viewer.domain.overlay import OverlayPlane, Shutter
from viewer.export.key_image import (
    LONGEST_SIDE_PX,
    MARK_COLOURS,
    NumberedMark,
    heat_picture,
    marks_on,
    plain_picture,
    printed_size,
)
from viewer.imaging.heatmap import colour_table
from viewer.imaging.laid_over import OVERLAY_RGB

REF = FrameRef("1.2.3", 0, Path("film.dcm"))
ROWS, COLUMNS = 300, 600
SCALE = LONGEST_SIDE_PX / COLUMNS


def frame(**changed: object) -> Frame:
    """Black, wider than high, with one bright corner so that the window is not empty."""
    stored = np.zeros((ROWS, COLUMNS), np.uint8)
    stored[-1, -1] = 255
    return Frame(REF, stored, Photometric.MONOCHROME2, 8, False, **changed)  # type: ignore[arg-type]


def mark(source: Source, *points: tuple[float, float], closed: bool = False) -> NumberedMark:
    return NumberedMark("1", Mark("", points, closed), source)


def near(picture: Image.Image, source: Source) -> NDArray[np.bool_]:
    """Where the picture has the colour of the marks of `source`; shape (rows, columns)."""
    difference = np.abs(np.asarray(picture, np.int32) - MARK_COLOURS[source]).sum(axis=2)
    return np.asarray(difference < 60)


def test_a_line_lies_on_the_pixels_of_its_points() -> None:
    drawn = near(
        plain_picture(frame(), [mark(Source.READER, (100, 200), (500, 200))]), Source.READER
    )
    row = round((200 + 0.5) * SCALE)
    start, end = ((column + 0.5) * SCALE for column in (100, 500))
    columns = np.flatnonzero(drawn[row])
    assert columns.min() == pytest.approx(start, abs=2)
    assert columns.max() == pytest.approx(end, abs=2)
    assert not drawn[row + 8 :].any()


def test_the_line_of_the_ai_has_gaps_and_that_of_the_reader_has_none() -> None:
    row = round((200 + 0.5) * SCALE)
    inside = slice(round(110 * SCALE), round(490 * SCALE))
    for source, whole in ((Source.READER, True), (Source.AI, False)):
        drawn = near(plain_picture(frame(), [mark(source, (100, 200), (500, 200))]), source)
        assert drawn[row, inside].any()
        assert drawn[row, inside].all() == whole


def test_a_closed_outline_is_drawn_to_its_beginning() -> None:
    corners = ((100, 100), (300, 100), (300, 250), (100, 250))
    drawn = near(
        plain_picture(frame(), [mark(Source.READER, *corners, closed=True)]), Source.READER
    )
    left = round((100 + 0.5) * SCALE)
    assert drawn[round(150 * SCALE) : round(200 * SCALE), left].all()


def test_a_single_point_is_a_cross_around_it() -> None:
    drawn = near(plain_picture(frame(), [mark(Source.READER, (300, 200))]), Source.READER)
    row, column = (round((value + 0.5) * SCALE) for value in (200, 300))
    assert drawn[row, column - 12 : column + 12].all()
    assert drawn[row - 12 : row + 12, column].all()


def test_pixels_that_are_not_square_are_printed_in_their_true_shape() -> None:
    spacing = PixelSpacing(2.0, 0.5, SpacingEvidence.PIXEL_SPACING)
    width, height = printed_size(frame(spacing=spacing))
    assert (width, height) == (600, 1200)


def test_without_a_stated_spacing_a_pixel_is_square() -> None:
    assert printed_size(frame()) == (1200, 600)


def test_letters_stand_at_the_edges_only_where_the_file_states_them() -> None:
    bare = np.asarray(plain_picture(frame(), []))
    lettered = np.asarray(plain_picture(frame(edges=EdgeLetters("R", "L", "H", "F")), []))
    assert not bare[:, :100].any()
    assert lettered[250:350, :100].max() > 200


def test_the_heat_lies_where_the_map_says_and_nowhere_else() -> None:
    values = np.zeros((3, 6), np.float32)
    values[1, 4] = 1.0
    heat = Heatmap(REF, "m", "Heart", "Map", values, Affine2D.scale_translate(100, 100, 49.5, 49.5))
    hot = np.asarray(heat_picture(frame(), heat, colour_table("inferno"), [])).sum(axis=2)
    row, column = np.unravel_index(np.argmax(hot[:-20]), hot[:-20].shape)
    assert (row, column) == pytest.approx((149.5 * SCALE, 449.5 * SCALE), abs=2 * SCALE)
    assert not hot[:500, : round(345 * SCALE)].any()


def test_marks_carry_the_number_of_their_finding_and_who_drew_them() -> None:
    of = film()
    marks = marks_on(full_report(of), of.sop_instance_uid, 0)
    assert [(each.number, each.source) for each in marks] == [
        ("1", Source.AI),
        ("1", Source.AI),
        ("2", Source.AI),
        ("3", Source.READER),
    ]


def test_marks_of_another_frame_are_not_drawn() -> None:
    of = film()
    assert marks_on(full_report(of), of.sop_instance_uid, 1) == ()
    assert len(marks_on(corrected_report(of), of.sop_instance_uid, 0)) == 1


def test_words_at_the_edge_are_moved_into_the_picture() -> None:
    blank = Frame(REF, np.zeros((400, 800), np.uint8), Photometric.MONOCHROME2, 8, False)
    far_right = NumberedMark("2", Mark("Lung mass", ((780.0, 200.0),)), Source.READER)
    picture = np.asarray(plain_picture(blank, (far_right,)))
    coloured = (np.abs(picture.astype(int) - MARK_COLOURS[Source.READER]) < 40).all(axis=2)
    columns = np.nonzero(coloured.any(axis=0))[0] * 800 / picture.shape[1]
    assert columns.min() < 700
    assert columns.max() < 799


def test_shutter_and_overlays_of_the_file_are_printed() -> None:
    plane = OverlayPlane(60, 60, 100, 100, b"\xff" * 450)
    shutter = Shutter(rectangle_px=(0, 80, COLUMNS - 1, ROWS - 1), grey=90)
    printed = np.asarray(plain_picture(frame(shutter=shutter, overlays=(plane,)), []))
    assert tuple(printed[round(130 * SCALE), round(130 * SCALE)]) == OVERLAY_RGB
    assert printed[round(40 * SCALE), round(300 * SCALE)].tolist() == [90, 90, 90]
    assert printed[round(200 * SCALE), round(300 * SCALE)].tolist() == [0, 0, 0]
