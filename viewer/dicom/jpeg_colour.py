"""Colour space of a JPEG codestream: its own markers first, then the header (PS3.5 8.2.1)."""

from collections.abc import Iterator

ADOBE = b"Adobe"
ADOBE_TRANSFORM = {0: "RGB", 1: "YCBCR"}
RGB_COMPONENTS = (b"RGB", b"rgb")
START_OF_SCAN = 0xDA
APP0, APP14 = 0xE0, 0xEE
START_OF_FRAME = (0xC0, 0xC1, 0xC2, 0xC3)
STANDALONE = (0x01, *range(0xD0, 0xD9))


def segments(codestream: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and body of each segment up to the first scan."""
    position = 2
    while position + 4 <= len(codestream):
        marker = codestream[position + 1]
        if codestream[position] != 0xFF or marker == START_OF_SCAN:
            return
        if marker in STANDALONE or marker == 0xFF:
            position += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(codestream[position + 2 : position + 4], "big")
        yield marker, codestream[position + 4 : position + 2 + length]
        position += 2 + length


def colour_space_of(codestream: bytes, photometric: str) -> str:
    """ "RGB" or "YCBCR" of a three-component image.

    Components named R, G, B, then Adobe's and JFIF's markers decide; without them the header does.
    """
    for marker, body in segments(codestream):
        if marker in START_OF_FRAME and body[6::3][:3] in RGB_COMPONENTS:
            return "RGB"
        if marker == APP14 and body.startswith(ADOBE) and len(body) >= 12:
            return ADOBE_TRANSFORM.get(body[11], "YCBCR")
        if marker == APP0 and body.startswith(b"JFIF"):
            return "YCBCR"
    return "RGB" if photometric == "RGB" else "YCBCR"
