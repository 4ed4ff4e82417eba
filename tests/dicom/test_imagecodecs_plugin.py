"""Encoded frames of every codec come back bit by bit, in the sign and layout of the header."""

import imagecodecs
import numpy as np
import pytest
from pydicom import dcmread
from pydicom.encaps import encapsulate
from pydicom.uid import HTJ2K, UID, HTJ2KLossless, JPEG2000Lossless, JPEGLosslessSV1, JPEGLSLossless

from viewer.dicom.decoder import decode
from viewer.dicom.decoders import decoder_states
from viewer.domain.display_set import FrameRef

RNG = np.random.default_rng(5)
GREY = RNG.integers(0, 4096, (40, 50), dtype=np.uint16)
SIGNED = (GREY.astype(np.int16) - 2000).astype(np.int16)
COLOUR = RNG.integers(0, 256, (40, 50, 3), dtype=np.uint8)
ENCODERS = {
    HTJ2KLossless: lambda values: imagecodecs.htj2k_encode(values, reversible=True),
    HTJ2K: lambda values: imagecodecs.htj2k_encode(values, reversible=True),
    JPEG2000Lossless: lambda values: imagecodecs.jpeg2k_encode(values, level=0, reversible=True),
    JPEGLSLossless: lambda values: imagecodecs.jpegls_encode(
        values.view(f"u{values.dtype.itemsize}")
    ),
}


def encoded(make_dicom, values: np.ndarray, syntax: UID, frames: int = 1):
    path = make_dicom(pixels=values)
    dataset = dcmread(path)
    pieces = [bytes(ENCODERS[syntax](np.ascontiguousarray(values + n))) for n in range(frames)]
    dataset.PixelData = encapsulate(pieces)
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    dataset.NumberOfFrames = frames
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.save_as(path)
    return path


@pytest.mark.parametrize("syntax", ENCODERS, ids=lambda syntax: syntax.name)
@pytest.mark.parametrize("values", [GREY, SIGNED, COLOUR], ids=["grey", "signed", "colour"])
def test_what_was_encoded_comes_back(syntax, values, make_dicom) -> None:
    stored = decode(FrameRef("", 0, encoded(make_dicom, values, syntax))).stored
    assert stored.dtype == values.dtype
    assert np.array_equal(stored, values)


def test_any_frame_of_a_compressed_object_is_found_without_the_others(make_dicom) -> None:
    path = encoded(make_dicom, GREY, JPEGLSLossless, frames=5)
    for frame in (4, 0, 2):
        assert np.array_equal(decode(FrameRef("", frame, path)).stored, GREY + frame)


def test_every_transfer_syntax_of_the_issue_has_a_decoder() -> None:
    able = {state.uid for state in decoder_states() if state.can_decode}
    common = ["50", "51", "57", "70", "80", "81", "90", "91", "201", "202", "203"]
    needed = {f"1.2.840.10008.1.2.4.{number}" for number in common} | {
        "1.2.840.10008.1.2",
        "1.2.840.10008.1.2.1",
        "1.2.840.10008.1.2.1.99",
        "1.2.840.10008.1.2.2",
        "1.2.840.10008.1.2.5",
    }
    assert needed <= able


def test_imagecodecs_is_asked_before_decoders_that_hold_the_interpreter() -> None:
    assert all(state.plugins[0] == "imagecodecs" for state in decoder_states() if state.plugins)


@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
def test_lossless_jpeg_of_every_depth_comes_back(bits, make_dicom) -> None:
    kind = np.uint8 if bits == 8 else np.uint16
    values = RNG.integers(0, 1 << bits, (40, 50)).astype(kind)
    path = make_dicom(pixels=values, BitsStored=bits, HighBit=bits - 1)
    dataset = dcmread(path)
    dataset.PixelData = encapsulate([imagecodecs.ljpeg_encode(values, bitspersample=bits)])
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    dataset.file_meta.TransferSyntaxUID = JPEGLosslessSV1
    dataset.save_as(path)
    assert np.array_equal(decode(FrameRef("", 0, path)).stored, values)
