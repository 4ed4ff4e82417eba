"""A state's transforms replace the image's own, on the frames it names and on no other (PS3.4 N.2)."""

from dataclasses import replace

import numpy as np
import pytest

from viewer.domain.image import Photometric
from viewer.domain.overlay import OverlayPlane, Shutter
from viewer.domain.presentation import (
    LookupTable,
    Presentation,
    Rescale,
    VoiLutFunction,
    VoiWindow,
)
from viewer.domain.presentation_state import GreyTransforms, PresentationState, SoftcopyVoi
from viewer.domain.study_object import ObjectReference
from viewer.imaging.display import display_values
from viewer.imaging.laid_over import as_shown
from viewer.imaging.presented import presented

HERE = ObjectReference("1.2")
WHOLE = VoiWindow(128, 256)


def state(grey: GreyTransforms | None = None, **fields: object) -> PresentationState:
    given = {"references": (HERE,), "grey": grey or GreyTransforms(), **fields}
    return PresentationState("9", "1", ("", "", "", ""), "L", "", "", **given)


def window(voi: VoiWindow, *references: ObjectReference) -> GreyTransforms:
    return GreyTransforms(voi=(SoftcopyVoi(references, (voi,)),))


def shown(frame, given: PresentationState) -> list[list[int]]:
    return display_values(presented(frame, given), None).tolist()


def test_a_frame_it_does_not_name_stays_as_it_is(make_frame) -> None:
    frame = make_frame([[0, 255]], np.uint8)
    other = state(references=(ObjectReference("1.3"), ObjectReference("1.2", frames=(1,))))
    assert presented(frame, other) is frame


def test_without_a_window_the_whole_range_of_the_bits_is_shown(make_frame) -> None:
    frame = make_frame([[0, 2048, 4095]], bits_stored=12, voi=(VoiWindow(10, 5),))
    assert shown(frame, state()) == [[0, 128, 255]]


def test_the_images_own_rescale_window_and_polarity_are_not_used(make_frame) -> None:
    frame = make_frame(
        [[0, 255]],
        np.uint8,
        modality=Rescale(1, -1000),
        photometric=Photometric.MONOCHROME1,
        voi=(VoiWindow(-900, 2),),
    )
    assert shown(frame, state(window(WHOLE))) == [[0, 255]]


def test_inverse_shape_inverts(make_frame) -> None:
    frame = make_frame([[0, 255]], np.uint8)
    assert shown(frame, state(replace(window(WHOLE), inverse=True))) == [[255, 0]]


def test_a_window_for_another_image_is_not_used(make_frame) -> None:
    mine, other = VoiWindow(10, 20), VoiWindow(200, 20)
    grey = GreyTransforms(
        voi=(SoftcopyVoi((ObjectReference("1.3"),), (other,)), SoftcopyVoi((HERE,), (mine,)))
    )
    assert presented(make_frame([[0]]), state(grey)).voi == (mine,)


def test_the_presentation_lut_spans_the_output_of_the_window(make_frame) -> None:
    """1024 entries over black to white; the middle of the window meets the middle entry."""
    curve = LookupTable(0, np.rint(1023 * np.linspace(0, 1, 1024) ** 2).astype(np.uint16), 10)
    frame = make_frame([[0, 100, 200]])
    grey = replace(window(VoiWindow(100.5, 201)), lut=curve)
    assert shown(frame, state(grey)) == [[0, 64, 255]]


def test_a_sigmoid_window_of_the_state_is_a_sigmoid(make_frame) -> None:
    grey = window(VoiWindow(100, 50, VoiLutFunction.SIGMOID))
    by_hand = round(255 / (1 + np.exp(-4 * (125 - 100) / 50)))
    assert shown(make_frame([[100, 125]]), state(grey)) == [[128, by_hand]]


def test_a_lut_read_unsigned_over_negative_values_begins_below_zero(make_frame) -> None:
    table = LookupTable(65536 - 10, np.arange(256, dtype=np.uint16), 8)
    frame = make_frame([[0, 100]], np.int16)
    grey = GreyTransforms(voi=(SoftcopyVoi((), (table,)),))
    assert shown(frame, state(grey)) == [[10, 110]]


def test_the_unit_is_the_images_only_with_its_own_rescale(make_frame) -> None:
    frame = make_frame([[0]], modality=Rescale(1, -1024), unit="HU")
    assert presented(frame, state(GreyTransforms(Rescale(1, -1024)))).unit == "HU"
    assert presented(frame, state(GreyTransforms(Rescale(2, 0)))).unit == ""


@pytest.fixture
def laid(make_frame):
    own = OverlayPlane(1, 1, 0, 0, b"\1", group=0x6000)
    other = replace(own, left=1, group=0x6002)
    return make_frame(
        np.full((4, 4), 9), np.uint8, overlays=(own, other), shutter=Shutter((0, 0, 0, 0))
    )


def test_overlays_of_the_image_are_drawn_where_activated_and_its_shutter_is_not_used(laid) -> None:
    plane = OverlayPlane(1, 1, 3, 3, b"\1", group=0x6004)
    given = presented(laid, state(image_overlays=frozenset({0x6002}), overlays=(plane,)))
    assert [one.group for one in given.overlays] == [0x6002, 0x6004]
    assert given.shutter is None


def test_the_bits_of_a_bitmap_shutter_hide_pixels(laid) -> None:
    bits = OverlayPlane(4, 4, 0, 0, np.packbits(np.eye(4, dtype=bool), bitorder="little").tobytes())
    given = state(window(WHOLE), shutter=Shutter(grey=50, hidden=bits))
    expected = np.where(np.eye(4, dtype=bool), 50, 9)
    np.testing.assert_array_equal(as_shown(laid, Presentation(state=given)), expected)


def test_a_colour_image_keeps_its_pixels(make_frame) -> None:
    frame = make_frame(np.full((2, 2, 3), 9), np.uint8)
    assert (
        display_values(presented(frame, state(window(WHOLE))), None).tolist()
        == [[[9, 9, 9], [9, 9, 9]]] * 2
    )
