"""Every photometric interpretation of the standard that is shown, from a written file to RGB or grey."""

from collections.abc import Callable
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from pydicom import dcmread
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000, JPEG2000Lossless

from viewer.base.errors import DecodeError
from viewer.dicom.decoder import decode
from viewer.domain.display_set import FrameRef
from viewer.imaging.display import display_values

MakeDicom = Callable[..., Path]
RGB = np.stack(np.meshgrid(np.arange(0, 256, 8), np.arange(0, 256, 8)), axis=-1)
COLOURS = np.concatenate([RGB, 255 - RGB[..., :1]], axis=-1).astype(np.uint8)
"""32 x 32 colours, smooth along rows and columns."""


def stored(path: Path) -> np.ndarray:
    return decode(FrameRef("1.2", 0, path)).stored


def compressed(make_dicom: MakeDicom, codestream: bytes, syntax: str, photometric: str) -> Path:
    path = make_dicom(pixels=COLOURS, PhotometricInterpretation=photometric)
    dataset = dcmread(path)
    dataset.PixelData = encapsulate([codestream])
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.save_as(path, enforce_file_format=True)
    return path


def test_reversible_colour_of_jpeg_2000_comes_back_exactly(make_dicom: MakeDicom) -> None:
    codestream = imagecodecs.jpeg2k_encode(COLOURS, reversible=True, mct=True, codecformat="J2K")
    path = compressed(make_dicom, codestream, JPEG2000Lossless, "YBR_RCT")
    np.testing.assert_array_equal(stored(path), COLOURS)


def test_irreversible_colour_of_jpeg_2000_comes_back_nearly(make_dicom: MakeDicom) -> None:
    codestream = imagecodecs.jpeg2k_encode(
        COLOURS, level=60, reversible=False, mct=True, codecformat="J2K"
    )
    path = compressed(make_dicom, codestream, JPEG2000, "YBR_ICT")
    assert np.abs(stored(path).astype(int) - COLOURS).max() <= 4


def ybr(rgb: np.ndarray) -> np.ndarray:
    """YBR_FULL of 8 bits by the formula of PS3.3 C.7.6.3.1.2."""
    to_ybr = np.array([[0.2990, 0.5870, 0.1140], [-0.1687, -0.3313, 0.5], [0.5, -0.4187, -0.0813]])
    return np.clip(np.rint(rgb @ to_ybr.T + [0, 128, 128]), 0, 255).astype(np.uint8)


def test_uncompressed_subsampled_colour_is_shown_in_its_places(make_dicom: MakeDicom) -> None:
    pairs = COLOURS[:, ::2].repeat(2, axis=1)
    full = ybr(pairs)
    packed = np.stack(
        [full[:, ::2, 0], full[:, 1::2, 0], full[:, ::2, 1], full[:, ::2, 2]], axis=-1
    )
    path = make_dicom(
        pixels=COLOURS, data=packed.tobytes(), PhotometricInterpretation="YBR_FULL_422"
    )
    assert np.abs(stored(path).astype(int) - pairs).max() <= 2


def words(*values: int) -> bytes:
    return np.array(values, "<u2").tobytes()


def test_a_segmented_palette_colours_the_pixels(make_dicom: MakeDicom) -> None:
    ramp = words(0, 1, 0, 1, 3, 0x3000)
    path = make_dicom(
        pixels=np.arange(4, dtype=np.uint8).reshape(2, 2),
        PhotometricInterpretation="PALETTE COLOR",
        **{
            f"{colour}PaletteColorLookupTableDescriptor": [4, 0, 16]
            for colour in ("Red", "Green", "Blue")
        },
        SegmentedRedPaletteColorLookupTableData=ramp,
        SegmentedGreenPaletteColorLookupTableData=words(0, 1, 0x1000, 1, 3, 0x1000),
        SegmentedBluePaletteColorLookupTableData=words(0, 4, 1, 2, 3, 4),
    )
    found = stored(path).reshape(4, 3)
    assert found[:, 0].tolist() == [0, 0x1000, 0x2000, 0x3000]
    assert found[:, 1].tolist() == [0x1000] * 4
    assert found[:, 2].tolist() == [1, 2, 3, 4]


def test_real_numbers_in_their_padding_are_black_and_do_not_move_the_window(
    make_dicom: MakeDicom,
) -> None:
    values = np.array([[-1e30, -5e29], [0.25, 0.75]], np.float32)
    path = make_dicom(
        pixels=values.view(np.uint32),
        PixelData=None,
        FloatPixelData=values.tobytes(),
        FloatPixelPaddingValue=-1e30,
        FloatPixelPaddingRangeLimit=-1e29,
    )
    frame = decode(FrameRef("1.2", 0, path))
    np.testing.assert_array_equal(frame.stored, values)
    shown = display_values(frame, None)
    assert shown[0].tolist() == [0, 0]
    assert shown[1, 0] < shown[1, 1]


@pytest.mark.parametrize("photometric", ["HSV", "CMYK", "YBR_PARTIAL_422", "XYB"])
def test_what_is_not_shown_is_named(make_dicom: MakeDicom, photometric: str) -> None:
    path = make_dicom(pixels=COLOURS, PhotometricInterpretation=photometric)
    with pytest.raises(DecodeError, match=f"{photometric} with 3 samples per pixel"):
        stored(path)
