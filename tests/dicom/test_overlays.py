"""Overlay planes come from their own bits or from unused bits of the pixels, for their frames only."""

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from viewer.dicom.decoder import decode
from viewer.dicom.overlays import overlays_of
from viewer.domain.display_set import FrameRef

CROSS = np.zeros((5, 3), np.bool_)
CROSS[2, :] = CROSS[:, 1] = True
CORNER = np.zeros((5, 3), np.bool_)
CORNER[0, 0] = True


def packed(*masks: np.ndarray) -> bytes:
    bits = np.packbits(np.concatenate([mask.ravel() for mask in masks]), bitorder="little")
    return bits.tobytes() + b"\0" * (bits.size % 2)


def plane(data: bytes | None, group: int = 0x6000, **more: object) -> Dataset:
    dataset = Dataset()
    dataset.add_new((group, 0x0010), "US", 5)
    dataset.add_new((group, 0x0011), "US", 3)
    dataset.add_new((group, 0x0040), "CS", "G")
    dataset.add_new((group, 0x0050), "SS", more.get("origin", [1, 1]))
    dataset.add_new((group, 0x0102), "US", more.get("position", 0))
    for element, vr, key in ((0x0015, "IS", "frames"), (0x0051, "US", "first")):
        if key in more:
            dataset.add_new((group, element), vr, more[key])
    if data is not None:
        dataset.add_new((group, 0x3000), more.get("vr", "OW"), data)
    return dataset


def test_a_real_overlay_equals_pydicoms_reading(real_file) -> None:
    path = real_file("examples_overlay.dcm")
    (found,) = decode(FrameRef("1.2", 0, path)).overlays
    assert np.array_equal(found.mask, dcmread(path).overlay_array(0x6000))
    assert found.mask.any()


def test_bits_lie_row_by_row_with_the_origin_as_stated() -> None:
    (found,) = overlays_of(plane(packed(CROSS), origin=[4, -1]), 0, None, little_endian=True).planes
    assert np.array_equal(found.mask, CROSS)
    assert (found.top, found.left) == (3, -2)


def test_words_of_big_endian_files_are_swapped_and_bytes_are_not() -> None:
    swapped = packed(CROSS)[::-1]
    for data, vr in ((swapped, "OW"), (packed(CROSS), "OB")):
        (found,) = overlays_of(plane(data, vr=vr), 0, None, little_endian=False).planes
        assert np.array_equal(found.mask, CROSS)


@pytest.mark.parametrize(
    ("frame", "expected"), [(0, None), (1, CROSS), (2, CORNER), (3, None)], ids=str
)
def test_each_frame_of_a_multiframe_overlay_lies_on_its_own_image_frame(frame, expected) -> None:
    dataset = plane(packed(CROSS, CORNER), frames=2, first=2)
    found = overlays_of(dataset, frame, None, little_endian=True)
    masks = [one.mask.tolist() for one in found.planes]
    assert masks == ([] if expected is None else [expected.tolist()])
    assert found.unreadable == 0


def test_an_overlay_without_a_place_lies_on_every_frame() -> None:
    for frame in (0, 7):
        assert overlays_of(plane(packed(CROSS)), frame, None, little_endian=True).planes


def test_too_few_bits_are_counted_as_unreadable_not_drawn_in_part() -> None:
    found = overlays_of(plane(b"\xff"), 0, None, little_endian=True)
    assert (found.planes, found.unreadable) == ((), 1)


def test_an_overlay_in_unused_bits_is_taken_out_and_the_values_stay(make_dicom) -> None:
    values = np.arange(15, dtype=np.uint16).reshape(5, 3)
    pixels = values | (CROSS.astype(np.uint16) << 12)
    path = make_dicom(pixels=pixels, BitsStored=12, HighBit=11)
    dataset = dcmread(path)
    dataset.update(plane(None, position=12))
    dataset.save_as(path)
    frame = decode(FrameRef("1.2", 0, path))
    assert np.array_equal(frame.overlays[0].mask, CROSS)
    assert np.array_equal(frame.stored, values)


def test_compressed_pixels_keep_no_unused_bits_and_the_loss_is_counted() -> None:
    found = overlays_of(plane(None, position=12), 0, None, little_endian=True)
    assert (found.planes, found.unreadable) == ((), 1)
