"""Slices become a volume only where their geometry leaves nothing to guess."""

from dataclasses import replace

import numpy as np
import pytest
from phantom_series import Stack, frames

from viewer.base.errors import VolumeError
from viewer.dicom.volume_builder import build_volume
from viewer.domain.geometry import NO_SPACING, ImagePlane
from viewer.domain.image import Frame, Photometric

STACK = Stack(6, 8, 10, 2.5, 0.8, 0.6, origin_lps_mm=(-20.0, 7.0, 100.0))


@pytest.fixture
def slices() -> list[Frame]:
    return frames(STACK, [np.full((8, 10), i) for i in range(6)])


def _moved(frame: Frame, *shift_mm: float) -> Frame:
    assert frame.plane is not None
    x, y, z = (a + b for a, b in zip(frame.plane.position_lps_mm, shift_mm, strict=True))
    return replace(frame, plane=replace(frame.plane, position_lps_mm=(x, y, z)))


def test_slices_are_sorted_by_place_whatever_order_they_come_in(slices: list[Frame]) -> None:
    shuffled = [slices[i] for i in (3, 0, 5, 1, 4, 2)]
    volume = build_volume(shuffled)
    assert [frame.ref for frame in volume.frames] == [frame.ref for frame in slices]
    assert volume.spacing_mm == pytest.approx((2.5, 0.8, 0.6))
    assert [volume.number(i) for i in range(6)] == [2, 4, 6, 1, 5, 3]


def test_a_voxel_lies_where_its_file_says(slices: list[Frame]) -> None:
    volume = build_volume(slices[::-1])
    np.testing.assert_allclose(volume.lps_mm((4, 3, 9)), (-20 + 9 * 0.6, 7 + 3 * 0.8, 110))
    np.testing.assert_allclose(volume.lps_mm((1.5, 0, 0)), (-20, 7, 103.75))


def test_a_missing_slice_is_refused_not_bridged(slices: list[Frame]) -> None:
    with pytest.raises(VolumeError, match=r"5\.00 mm after slice 3, 2\.50 mm elsewhere"):
        build_volume(slices[:3] + slices[4:])


def test_two_thicknesses_in_one_series_are_refused(slices: list[Frame]) -> None:
    thicker = [_moved(frame, 0, 0, 2.5 * i) for i, frame in enumerate(slices[3:], start=1)]
    with pytest.raises(VolumeError, match="not evenly apart"):
        build_volume(slices[:3] + thicker)


def test_two_images_at_one_place_are_refused(slices: list[Frame]) -> None:
    with pytest.raises(VolumeError, match=r"several images at one place \(slice 2\)"):
        build_volume([*slices, slices[1]])


def test_a_tilted_gantry_is_refused_with_its_angle(slices: list[Frame]) -> None:
    tilted = [_moved(frame, 0, 0.5 * i, 0) for i, frame in enumerate(slices)]
    with pytest.raises(VolumeError, match=r"tilted by 11\.3°"):
        build_volume(tilted)


def test_slices_that_are_not_parallel_are_refused(slices: list[Frame]) -> None:
    turned = ImagePlane((0, 0, 130), (1, 0, 0), (0, np.cos(0.1), np.sin(0.1)), "2.25.1")
    with pytest.raises(VolumeError, match="not parallel"):
        build_volume([*slices, replace(slices[0], plane=turned)])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"stored": np.zeros((9, 10), np.uint16)}, "several sizes"),
        ({"spacing": NO_SPACING}, "mixes pixel spacings"),
        ({"unit": "US"}, "mixes units"),
        ({"photometric": Photometric.RGB}, "colour"),
        ({"plane": None}, "does not state where all of its slices lie"),
    ],
)
def test_what_is_not_alike_is_refused_by_name(
    slices: list[Frame], change: dict, words: str
) -> None:
    with pytest.raises(VolumeError, match=words):
        build_volume([*slices[:-1], replace(slices[-1], **change)])


def test_positions_rounded_to_a_tenth_are_still_regular() -> None:
    stack = Stack(8, 4, 4, 1.25, 1, 1)
    rounded = [
        replace(
            f, plane=replace(f.plane, position_lps_mm=(0, 0, round(f.plane.position_lps_mm[2], 1)))
        )
        for f in frames(stack, [np.zeros((4, 4))] * 8)
        if f.plane
    ]
    assert build_volume(rounded).slice_mm == pytest.approx(1.25, abs=0.02)


def test_slices_of_several_frames_of_reference_are_read_with_a_caution(slices: list[Frame]) -> None:
    assert slices[0].plane is not None
    other = replace(slices[0].plane, frame_of_reference_uid="2.25.2")
    volume = build_volume([replace(slices[0], plane=other), *slices[1:]])
    assert any("different frames of reference" in words for words in volume.cautions)
    assert build_volume(slices).cautions == ()


def test_a_single_slice_takes_its_thickness_and_no_slice_none(slices: list[Frame]) -> None:
    assert build_volume(slices[:1], thickness_mm=5.0).spacing_mm == (5.0, 0.8, 0.6)
    assert build_volume(slices[:1]).spacing_mm is None
    with pytest.raises(VolumeError, match="holds no image"):
        build_volume([])


def test_pixels_without_a_spacing_make_no_millimetres(slices: list[Frame]) -> None:
    bare = [replace(frame, spacing=NO_SPACING) for frame in slices]
    volume = build_volume(bare)
    assert volume.pixel_mm is None and volume.spacing_mm is None
    assert volume.lps_mm((0, 0, 0)) is None
