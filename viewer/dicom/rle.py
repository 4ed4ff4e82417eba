"""RLE Lossless (PS3.5 annex G): segments of bytes to samples, every length checked before it is believed."""

import struct
from itertools import pairwise

import imagecodecs
import numpy as np
from numpy.typing import NDArray

HEADER_BYTES = 64
MOST_SEGMENTS = 15
LONGEST_PAD = 2
"""Bytes that a pad byte, read as the head of a run, can add."""

PAD = b"\0"


def decode_rle(
    src: bytes, rows: int, columns: int, samples: int, cell_bytes: int
) -> NDArray[np.generic]:
    """Samples of one frame.

    imagecodecs.dicomrle_decode reads beyond its memory where segments are of unequal length, so
    only its PackBits decoder is used, segment by segment.

    Returns
    -------
    ndarray, shape (rows, columns) or (rows, columns, samples), unsigned, `cell_bytes` wide

    Raises ValueError or RuntimeError for segments that do not fit.
    """
    segments = _segments(src, samples * cell_bytes)
    planes = np.empty((samples, rows * columns, cell_bytes), np.uint8)
    for number, segment in enumerate(segments):
        sample, significance = divmod(number, cell_bytes)
        planes[sample, :, cell_bytes - 1 - significance] = _unpacked(segment, rows * columns)
    values = planes.view(f"<u{cell_bytes}").reshape(samples, rows, columns)
    return values[0] if samples == 1 else np.moveaxis(values, 0, -1)


def _segments(src: bytes, wanted: int) -> list[bytes]:
    """The segments of the header's offsets; the most significant byte of a sample comes first."""
    if len(src) < HEADER_BYTES:
        raise ValueError("the RLE header is cut")
    count, *offsets = struct.unpack(f"<{1 + MOST_SEGMENTS}L", src[:HEADER_BYTES])
    if count != wanted or count > MOST_SEGMENTS:
        raise ValueError(f"{count} RLE segments where the header describes {wanted}")
    ends = [*offsets[:count], len(src)]
    if ends[0] < HEADER_BYTES or any(start >= end for start, end in pairwise(ends)):
        raise ValueError("the RLE segments do not follow each other")
    return [src[start:end] for start, end in pairwise(ends)]


def _unpacked(segment: bytes, length: int) -> NDArray[np.uint8]:
    try:
        unpacked = imagecodecs.packbits_decode(segment)
    except RuntimeError:  # a pad byte looks like the head of a run
        unpacked = imagecodecs.packbits_decode(segment.removesuffix(PAD))
    if not length <= len(unpacked) <= length + LONGEST_PAD:
        raise ValueError(f"an RLE segment holds {len(unpacked)} of {length} bytes")
    return np.frombuffer(unpacked, np.uint8, length)
