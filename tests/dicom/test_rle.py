"""RLE segments are believed only after their number, order and length have been checked."""

import struct

import imagecodecs
import numpy as np
import pytest

from viewer.dicom.rle import decode_rle


def packed(*segments: bytes, count: int | None = None) -> bytes:
    bodies = [imagecodecs.packbits_encode(segment) for segment in segments]
    bodies = [body + b"\0" * (len(body) % 2) for body in bodies]
    offsets = [64 + sum(map(len, bodies[:number])) for number in range(len(bodies))]
    head = [len(bodies) if count is None else count, *offsets, *[0] * (15 - len(offsets))]
    return struct.pack("<16L", *head) + b"".join(bodies)


def test_the_most_significant_byte_comes_first() -> None:
    high, low = bytes([1, 2, 3, 4]), bytes([10, 20, 30, 40])
    assert decode_rle(packed(high, low), 2, 2, 1, 2).tolist() == [[266, 532], [798, 1064]]


def test_samples_come_plane_by_plane() -> None:
    planes = [bytes([value] * 4) for value in (1, 2, 3)]
    assert decode_rle(packed(*planes), 2, 2, 3, 1).tolist() == [[[1, 2, 3]] * 2] * 2


@pytest.mark.parametrize("length", [3, 5, 17])
def test_pad_bytes_of_odd_segments_are_no_runs(length) -> None:
    values = np.arange(length, dtype=np.uint8)
    assert decode_rle(packed(values.tobytes()), 1, length, 1, 1).tolist() == [values.tolist()]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (packed(bytes(100), bytes(50)), "50 of 100 bytes"),
        (packed(bytes(100), count=2), "do not follow"),
        (packed(bytes(100)), "1 RLE segments where the header describes 2"),
        (b"\1\0\0\0", "header is cut"),
    ],
)
def test_segments_that_do_not_fit_are_refused(data, reason) -> None:
    with pytest.raises(ValueError, match=reason):
        decode_rle(data, 10, 10, 1, 2)
