"""Size that a compressed image states itself, read before a decoder spends time and memory on it."""

from viewer.dicom.jpeg_colour import START_OF_FRAME, segments

JPEG_2000_START = b"\xff\x4f\xff\x51"
"""Start of codestream and the SIZ marker (ISO 15444-1 A.5.1)."""

JPEG_LS_FRAME = 0xF7
FRAMES = (*START_OF_FRAME, JPEG_LS_FRAME)

Size = tuple[int, int]


def stated_size(codestream: bytes) -> Size | None:
    """(rows, columns) of a JPEG, JPEG-LS or JPEG 2000 codestream; None where it cannot be told."""
    if codestream[:4] == JPEG_2000_START:
        return _of_siz(codestream)
    bodies = (body for marker, body in segments(codestream) if marker in FRAMES)
    body = next(bodies, b"")
    if len(body) < 5:
        return None
    return int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")


def _of_siz(codestream: bytes) -> Size | None:
    """Extent less offset of the reference grid."""
    words = [int.from_bytes(codestream[at : at + 4], "big") for at in range(8, 24, 4)]
    width, height, left, top = words
    return (height - top, width - left) if len(codestream) >= 24 else None
