"""Whether a file begins like DICOM: preamble and prefix, or an object without them."""

from pathlib import Path
from typing import Literal

START_BYTES = 132
"""Preamble and "DICM" (PS3.10 7.1)."""

LONGEST_FIRST_ELEMENT = 1024
"""Bytes that the first element of an object without preamble may have, to be believed."""

_FIRST_GROUPS = (b"\x02\x00", b"\x08\x00", b"\x00\x02", b"\x00\x08")


def is_dicom(path: Path) -> bool:
    """Whether the first bytes are those of a DICOM file, with or without preamble."""
    with path.open("rb") as file:
        return looks_like_dicom(file.read(START_BYTES))


def looks_like_dicom(start: bytes) -> bool:
    """Whether these first 132 bytes begin a DICOM file (PS3.10 7.1), or an object without preamble."""
    return start[128:132] == b"DICM" or (start[:2] in _FIRST_GROUPS and _plausible_element(start))


def _plausible_element(start: bytes) -> bool:
    """Explicit VR letters, or an implicit length that a first element can have."""
    if len(start) < 12:
        return False
    order: Literal["little", "big"] = "little" if start[1] == 0 else "big"
    explicit = start[4:6].isalpha() and start[4:6].isupper()
    return explicit or int.from_bytes(start[4:8], order) <= LONGEST_FIRST_ELEMENT
