"""DICOM is told from other files by its first bytes, with or without preamble."""

import pytest

from viewer.dicom.file_start import looks_like_dicom


@pytest.mark.parametrize(
    "start",
    [
        b"\0" * 128 + b"DICM",
        b"\x08\x00\x05\x00CS\x0a\x00ISO_IR 100",
        b"\x08\x00\x00\x00\x04\x00\x00\x00\x36\x01\x00\x00",
        b"\x00\x08\x00\x05CS\x00\x0aISO_IR 100",
        b"\x02\x00\x00\x00UL\x04\x00\xbe\x00\x00\x00",
    ],
)
def test_preamble_explicit_implicit_and_big_endian_starts_are_known(start) -> None:
    assert looks_like_dicom(start)


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"\x08\x00",
        b"Dear colleague, this is a letter. " * 4,
        b"\x89PNG\r\n\x1a\n" + b"\0" * 124,
        b"PK\x03\x04" + b"\0" * 128,
        b"\x08\x00\x05\x00\xff\xff\xff\x7fgarbage",
    ],
)
def test_texts_pictures_and_archives_are_not(start) -> None:
    assert not looks_like_dicom(start)
