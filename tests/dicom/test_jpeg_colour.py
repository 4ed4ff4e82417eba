"""The colour space of a JPEG is read from its markers before the header is believed."""

import pytest

from viewer.dicom.jpeg_colour import colour_space_of

START = b"\xff\xd8"
SCAN = b"\xff\xda\x00\x02"


def adobe(transform: int) -> bytes:
    body = b"Adobe\x00\x64\x00\x00\x00\x00" + bytes([transform])
    return b"\xff\xee" + (len(body) + 2).to_bytes(2, "big") + body


def frame_header(names: bytes) -> bytes:
    body = b"\x08\x00\x04\x00\x04\x03" + b"".join(bytes([name, 0x11, 0]) for name in names)
    return b"\xff\xc0" + (len(body) + 2).to_bytes(2, "big") + body


JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"


@pytest.mark.parametrize(
    ("segments", "photometric", "space"),
    [
        (adobe(0), "YBR_FULL_422", "RGB"),
        (adobe(1), "RGB", "YCBCR"),
        (JFIF, "RGB", "YCBCR"),
        (frame_header(b"RGB"), "YBR_FULL_422", "RGB"),
        (frame_header(b"\1\2\3"), "RGB", "RGB"),
        (frame_header(b"\1\2\3"), "YBR_FULL_422", "YCBCR"),
        (b"", "YBR_FULL", "YCBCR"),
    ],
)
def test_markers_outrank_the_header_and_the_header_decides_without_them(
    segments, photometric, space
) -> None:
    assert colour_space_of(START + segments + SCAN, photometric) == space
