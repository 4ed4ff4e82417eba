"""Shutter and overlays in the pixels of pictures: where the file says, and never over everything."""

import numpy as np
import pytest

from viewer.domain.geometry import PixelSpacing, SpacingEvidence
from viewer.domain.overlay import OverlayPlane, Shutter
from viewer.domain.presentation import Presentation, VoiWindow
from viewer.imaging.laid_over import OVERLAY_RGB, as_shown, covered, overlaid, placed, seen_pixels

SIDE = 12
ROWS, COLUMNS = np.mgrid[:SIDE, :SIDE]
FULL = VoiWindow(128, 256)
SHOWN = Presentation(voi=FULL)


def plane(top: int, left: int, bits: list[list[int]]) -> OverlayPlane:
    mask = np.array(bits, np.bool_)
    packed = np.packbits(mask, bitorder="little").tobytes()
    return OverlayPlane(*mask.shape, top, left, packed)


@pytest.fixture
def image(make_frame):
    def make(**fields):
        return make_frame(np.full((SIDE, SIDE), 100), np.uint8, **fields)

    return make


def test_only_what_all_shapes_leave_is_seen(image) -> None:
    frame = image(shutter=Shutter(rectangle_px=(2, 1, 8, 9), circle_px=(5, 5, 3.5)))
    box = (COLUMNS >= 2) & (COLUMNS <= 8) & (ROWS >= 1) & (ROWS <= 9)
    disc = (COLUMNS - 5) ** 2 + (ROWS - 5) ** 2 <= 3.5**2
    np.testing.assert_array_equal(seen_pixels(frame), box & disc)


def test_a_circle_is_round_in_the_patient(image) -> None:
    spacing = PixelSpacing(2.0, 1.0, SpacingEvidence.PIXEL_SPACING)
    frame = image(shutter=Shutter(circle_px=(5, 5, 4.2)), spacing=spacing)
    expected = (COLUMNS - 5) ** 2 + ((ROWS - 5) * 2) ** 2 <= 4.2**2
    np.testing.assert_array_equal(seen_pixels(frame), expected)


def test_hidden_pixels_take_the_grey_of_the_shutter(image) -> None:
    frame = image(shutter=Shutter(polygon_px=((0, 0), (11, 0), (0, 11)), grey=77))
    values = covered(np.full((SIDE, SIDE), 9, np.uint8), frame)
    assert values[1, 1] == 9
    assert values[11, 11] == 77


def test_a_shutter_that_hides_everything_is_not_believed(image) -> None:
    frame = image(shutter=Shutter(rectangle_px=(100, 100, 200, 200)))
    values = np.full((SIDE, SIDE), 9, np.uint8)
    np.testing.assert_array_equal(covered(values, frame), values)


@pytest.mark.parametrize(("top", "left"), [(2, 3), (-1, -1), (11, 11), (-5, 2), (30, 30)])
def test_a_plane_lies_at_its_origin_and_is_cut_at_the_edges(top: int, left: int) -> None:
    bits = [[1, 0, 1], [0, 1, 1]]
    expected = {
        (top + row, left + column)
        for row in range(2)
        for column in range(3)
        if bits[row][column] and 0 <= top + row < SIDE and 0 <= left + column < SIDE
    }
    mask = placed(plane(top, left, bits), (SIDE, SIDE))
    assert set(zip(*(one.tolist() for one in np.nonzero(mask)), strict=True)) == expected


def test_white_overlays_leave_a_grey_picture_grey() -> None:
    drawn = overlaid(np.zeros((SIDE, SIDE), np.uint8), (plane(0, 0, [[1]]),), 255)
    assert drawn.shape == (SIDE, SIDE)
    assert drawn[0, 0] == 255


def test_as_shown_overlays_lie_over_the_shutter_and_both_can_be_lifted(image) -> None:
    frame = image(shutter=Shutter(rectangle_px=(5, 5, 9, 9)), overlays=(plane(0, 0, [[1]]),))
    both = as_shown(frame, SHOWN)
    assert tuple(both[0, 0]) == OVERLAY_RGB
    assert both[1, 1].tolist() == [0, 0, 0]
    lifted = as_shown(frame, Presentation(voi=FULL, shutter=False, file_overlays=False))
    np.testing.assert_array_equal(lifted, np.full((SIDE, SIDE), 100))
