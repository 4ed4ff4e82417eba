"""Every kind of codestream tells its size before it is decoded."""

import imagecodecs
import numpy as np
import pytest

from viewer.dicom.codestream_size import stated_size

IMAGE = np.zeros((30, 50), np.uint8)
ENCODERS = {
    "JPEG": imagecodecs.jpeg8_encode,
    "JPEG lossless": imagecodecs.ljpeg_encode,
    "JPEG-LS": imagecodecs.jpegls_encode,
    "JPEG 2000": lambda image: imagecodecs.jpeg2k_encode(image, codecformat="j2k"),
    "HTJ2K": imagecodecs.htj2k_encode,
}


@pytest.mark.parametrize("name", ENCODERS)
def test_the_size_is_rows_then_columns(name) -> None:
    assert stated_size(bytes(ENCODERS[name](IMAGE))) == (30, 50)


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"\xff\x4f\xff\x51\x00", b"garbage" * 9])
def test_what_is_no_codestream_states_no_size(data) -> None:
    assert stated_size(data) is None
