"""Frames are decoded alone and truthfully, or refused in a sentence."""

from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread

from viewer.base.errors import DecodeError, FileProblem
from viewer.dicom.decoder import decode
from viewer.domain.display_set import FrameRef
from viewer.domain.geometry import NO_SPACING
from viewer.domain.image import Frame, Photometric
from viewer.domain.presentation import Rescale


def frame_of(path: Path, frame: int = 0) -> Frame:
    return decode(FrameRef("1.2", frame, path))


COMPRESSED = {
    "MR_small_RLE.dcm": "MR_small.dcm",
    "MR_small_jp2klossless.dcm": "MR_small.dcm",
    "MR_small_jpeg_ls_lossless.dcm": "MR_small.dcm",
    "MR_small_bigendian.dcm": "MR_small.dcm",
    "MR_small_implicit.dcm": "MR_small.dcm",
    "MR2_J2KR.dcm": "MR2_UNCR.dcm",
    "RG3_J2KR.dcm": "RG3_UNCR.dcm",
    "US1_J2KR.dcm": "US1_UNCR.dcm",
    "OBXXXX1A_rle.dcm": "OBXXXX1A.dcm",
    "OBXXXX1A_expb.dcm": "OBXXXX1A.dcm",
    "SC_rgb_rle.dcm": "SC_rgb.dcm",
    "SC_rgb_rle_16bit.dcm": "SC_rgb_16bit.dcm",
    "SC_rgb_rle_32bit.dcm": "SC_rgb_32bit.dcm",
    "SC_rgb_expb_32bit.dcm": "SC_rgb_32bit.dcm",
    "emri_small_RLE.dcm": "emri_small.dcm",
    "emri_small_jpeg_ls_lossless.dcm": "emri_small.dcm",
    "emri_small_jpeg_2k_lossless.dcm": "emri_small.dcm",
    "rtdose_expb.dcm": "rtdose.dcm",
    "rtdose_rle.dcm": "rtdose.dcm",
    "liver_expb.dcm": "liver.dcm",
    "gdcm-US-ALOKA-16_big.dcm": "gdcm-US-ALOKA-16.dcm",
    "color-pl.dcm": "color-px.dcm",
}
"""Files that hold the same pixels in two encodings."""


@pytest.mark.parametrize("name", sorted(COMPRESSED))
def test_every_encoding_of_an_image_gives_the_same_stored_values(name, real_file) -> None:
    encoded, plain = frame_of(real_file(name)), frame_of(real_file(COMPRESSED[name]))
    assert np.array_equal(encoded.stored, plain.stored)
    assert encoded.stored.dtype == plain.stored.dtype


def test_the_demo_radiograph_is_monochrome1_without_spacing(real_file) -> None:
    frame = frame_of(real_file("RG1_J2KI.dcm"))
    assert frame.stored.shape == (1955, 1841)
    assert frame.photometric is Photometric.MONOCHROME1
    assert frame.spacing == NO_SPACING
    assert frame.plane is None
    assert frame.fidelity.lossy_ratio is not None


def test_signed_values_of_an_unsigned_jpeg_2000_stream_get_their_sign_back(real_file) -> None:
    frame = frame_of(real_file("J2K_pixelrep_mismatch.dcm"))
    assert frame.stored.dtype == np.int16
    assert frame.stored.min() == -2000


def test_twelve_bit_jpeg_with_a_broken_scan_header_is_still_decoded(real_file) -> None:
    frame = frame_of(real_file("JPEG-lossy.dcm"))
    assert frame.stored.shape == (1024, 256)
    assert frame.fidelity.lossy_ratio is not None


def test_each_frame_of_a_multiframe_object_is_its_own(real_file) -> None:
    path = real_file("emri_small.dcm")
    whole = dcmread(path).pixel_array
    for number in range(len(whole)):
        assert np.array_equal(frame_of(path, number).stored, whole[number])


def test_enhanced_multiframe_takes_position_spacing_and_rescale_of_its_own_frame(real_file) -> None:
    path = real_file("eCT_Supplemental.dcm")
    groups = dcmread(path).PerFrameFunctionalGroupsSequence
    for number in (0, 1):
        stated = groups[number].PlanePositionSequence[0].ImagePositionPatient
        plane = frame_of(path, number).plane
        assert plane is not None
        assert plane.position_lps_mm == pytest.approx(tuple(stated))
    frame = frame_of(path)
    assert frame.modality == Rescale(1.0, -1024.0)
    assert frame.unit == "", "Rescale Type US is no unit"


def test_bits_above_bits_stored_are_ignored(make_dicom) -> None:
    cells = np.array([[0x0FFF, 0xF001], [0x8800, 0x0123]], np.uint16)
    path = make_dicom(pixels=cells, BitsStored=12, HighBit=11)
    assert frame_of(path).stored.tolist() == [[0x0FFF, 0x001], [0x800, 0x123]]


def test_signed_values_are_extended_from_bits_stored(make_dicom) -> None:
    cells = np.array([[0x0FFF, 0x0800], [0x07FF, 0xF000]], np.uint16)
    path = make_dicom(pixels=cells, BitsStored=12, HighBit=11, PixelRepresentation=1)
    assert frame_of(path).stored.tolist() == [[-1, -2048], [2047, 0]]


def test_a_high_bit_at_the_top_of_the_cell_is_obeyed(make_dicom) -> None:
    cells = np.array([[0x1230, 0xFFFF], [0x000F, 0x8000]], np.uint16)
    path = make_dicom(pixels=cells, BitsStored=12, HighBit=15)
    assert frame_of(path).stored.tolist() == [[0x123, 0xFFF], [0, 0x800]]


@pytest.mark.parametrize("kind", [np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32])
def test_integers_of_every_width_keep_their_extremes(kind, make_dicom) -> None:
    limits = np.iinfo(kind)
    pixels = np.array([[limits.min, limits.max], [0, 1]], kind)
    stored = frame_of(make_dicom(pixels=pixels)).stored
    assert stored.dtype == kind
    assert np.array_equal(stored, pixels)


@pytest.mark.parametrize(
    ("keyword", "kind"), [("FloatPixelData", np.float32), ("DoubleFloatPixelData", np.float64)]
)
def test_floating_point_pixels_are_kept_as_they_are(keyword, kind, make_dicom) -> None:
    pixels = np.array([[0.25, -1e6], [3.5, 2.0]], kind)
    path = make_dicom(pixels=pixels, PixelData=None, **{keyword: pixels.tobytes()})
    stored = frame_of(path).stored
    assert stored.dtype == kind
    assert np.array_equal(stored, pixels)


def test_both_planar_configurations_give_one_image(make_dicom) -> None:
    rgb = np.random.default_rng(1).integers(0, 256, (4, 6, 3), dtype=np.uint8)
    planes = np.ascontiguousarray(np.moveaxis(rgb, -1, 0)).tobytes()
    by_pixel = frame_of(make_dicom("a.dcm", pixels=rgb))
    by_plane = frame_of(make_dicom("b.dcm", pixels=rgb, data=planes, PlanarConfiguration=1))
    assert np.array_equal(by_pixel.stored, rgb)
    assert np.array_equal(by_plane.stored, rgb)


def test_ybr_full_becomes_rgb_by_the_formula_of_the_standard(make_dicom) -> None:
    ybr = np.array([[[76, 85, 255], [128, 128, 128]]], np.uint8)
    frame = frame_of(make_dicom(pixels=ybr, PhotometricInterpretation="YBR_FULL"))
    assert frame.photometric is Photometric.RGB
    assert frame.stored.tolist() == [[[254, 0, 0], [128, 128, 128]]]


def test_a_palette_of_16_bits_gives_16_bit_rgb(real_file) -> None:
    frame = frame_of(real_file("OBXXXX1A.dcm"))
    assert frame.photometric is Photometric.RGB
    assert (frame.stored.dtype, frame.bits_stored) == (np.uint16, 16)


def test_a_jpeg_of_untransformed_rgb_is_not_transformed(real_file) -> None:
    encoded = frame_of(real_file("SC_jpeg_no_color_transform.dcm"))
    plain = frame_of(real_file("SC_rgb_jpeg_dcmd.dcm"))
    assert np.array_equal(encoded.stored, plain.stored)


def refusal(path: Path, frame: int = 0) -> str:
    with pytest.raises(DecodeError) as caught:
        frame_of(path, frame)
    words = str(caught.value)
    assert path.name in words
    assert "Transfer syntax: " in words
    return words


def test_a_missing_frame_is_refused_by_number(make_dicom) -> None:
    assert "it has 1 frames, not 3" in refusal(make_dicom(), 2)


def test_an_object_without_pixels_is_refused(make_dicom) -> None:
    assert "holds no pixels" in refusal(make_dicom(PixelData=None))


def test_an_unknown_transfer_syntax_is_refused_by_name(make_dicom) -> None:
    words = refusal(make_dicom(syntax="1.2.3.4.5.6"))
    assert "no decoder knows this transfer syntax" in words
    assert "1.2.3.4.5.6" in words


def test_more_rows_than_there_are_pixels_are_refused(make_dicom) -> None:
    words = refusal(make_dicom(Rows=9))
    assert "128 bytes of pixels where its header describes 144" in words


def test_a_compressed_image_of_another_size_than_stated_is_refused(real_file, tmp_path) -> None:
    dataset = dcmread(real_file("MR_small_jp2klossless.dcm"))
    dataset.Rows = 128
    path = tmp_path / "lying.dcm"
    dataset.save_as(path)
    assert "64 x 64" in refusal(path)


def test_uncompressed_pixels_under_a_compressed_label_are_refused(make_dicom) -> None:
    assert "not stored in the way" in refusal(make_dicom(syntax="1.2.840.10008.1.2.4.90"))


def test_samples_that_do_not_fit_the_interpretation_are_refused(make_dicom) -> None:
    assert "HSV" in refusal(make_dicom(PhotometricInterpretation="HSV"))


def test_values_that_may_or_may_not_be_signed_are_refused(make_dicom) -> None:
    assert "whether its values are signed" in refusal(make_dicom(PixelRepresentation=None))


def test_impossible_bits_are_refused(make_dicom) -> None:
    assert "bits" in refusal(make_dicom(BitsStored=24))


def test_a_palette_image_without_palette_is_refused(make_dicom) -> None:
    path = make_dicom(pixels=np.zeros((2, 2), np.uint8), PhotometricInterpretation="PALETTE COLOR")
    assert "palette is missing" in refusal(path)


def test_a_missing_file_is_named(tmp_path) -> None:
    with pytest.raises(FileProblem, match=r"gone\.dcm does not exist"):
        frame_of(tmp_path / "gone.dcm")


def test_a_changed_file_is_read_again(make_dicom) -> None:
    first = frame_of(make_dicom(pixels=np.zeros((2, 2), np.uint16)))
    second = frame_of(make_dicom(pixels=np.ones((2, 3), np.uint16)))
    assert first.stored.shape == (2, 2)
    assert second.stored.shape == (2, 3)
