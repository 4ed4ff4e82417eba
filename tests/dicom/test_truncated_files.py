"""A file cut anywhere gives its whole image or a sentence that names it: never a crash, never other pixels."""

from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.encaps import encapsulate, get_frame

from viewer.base.errors import DecodeError, ViewerError
from viewer.dicom.decoder import decode
from viewer.dicom.indexer import index
from viewer.domain.display_set import FrameRef

CUTS = 60
END_OF_CODESTREAM = b"\xff\xd9"
FILES = (
    "CT_small.dcm",
    "MR_small_RLE.dcm",
    "MR_small_jp2klossless.dcm",
    "MR_small_jpeg_ls_lossless.dcm",
    "MR_small_bigendian.dcm",
    "SC_rgb_jpeg_dcmtk.dcm",
    "JPGLosslessP14SV1_1s_1f_8b.dcm",
    "JPGExtended.dcm",
    "image_dfl.dcm",
    "examples_palette.dcm",
)


@pytest.mark.parametrize("name", FILES)
def test_a_cut_file_is_whole_or_refused(name, real_file, tmp_path) -> None:
    content = real_file(name).read_bytes()
    whole = decode(FrameRef("", 0, real_file(name))).stored
    for number, length in enumerate(np.linspace(0, len(content) - 1, CUTS, dtype=int)):
        cut = tmp_path / f"cut{number}.dcm"
        cut.write_bytes(content[:length])
        try:
            stored = decode(FrameRef("", 0, cut)).stored
        except ViewerError as error:
            assert cut.name in str(error)
        else:
            assert np.array_equal(stored, whole), f"other pixels after a cut at {length}"


def test_the_rest_of_a_study_opens_beside_a_truncated_file(make_dicom) -> None:
    whole, cut = make_dicom("whole.dcm"), make_dicom("cut.dcm")
    cut.write_bytes(cut.read_bytes()[:-40])
    found = index([whole.parent], lambda _: None, lambda _: None)
    (problem,) = found.problems
    assert problem.reason == "cut.dcm is truncated: 88 of 128 bytes of pixels are there."
    assert whole in {instance.path for instance in found.studies[0].series[0].instances}


def test_a_file_cut_inside_its_header_is_listed_with_the_reason(make_dicom) -> None:
    path: Path = make_dicom()
    path.write_bytes(path.read_bytes()[:300])
    found = index([path], lambda _: None, lambda _: None)
    assert len(found.problems) == 1
    assert path.name in found.problems[0].reason


@pytest.mark.parametrize("missing", [1, 100, 2000])
def test_cut_compressed_pixels_are_said_when_the_file_is_found(
    missing, real_file, tmp_path
) -> None:
    content = real_file("MR_small_jp2klossless.dcm").read_bytes()
    path = tmp_path / "cut.dcm"
    path.write_bytes(content[: content.rindex(END_OF_CODESTREAM) + 2 - missing])
    found = index([path], lambda _: None, lambda _: None)
    (problem,) = found.problems
    assert problem.reason == "cut.dcm is truncated: it ends inside its compressed pixels."


def test_a_missing_end_of_sequence_loses_nothing_and_is_forgiven(real_file) -> None:
    path = real_file("emri_small_jpeg_2k_lossless_too_short.dcm")
    assert index([path], lambda _: None, lambda _: None).problems == ()
    last = decode(FrameRef("", 9, path)).stored
    assert np.array_equal(last, decode(FrameRef("", 9, real_file("emri_small.dcm"))).stored)


@pytest.mark.parametrize("share", [0.3, 0.9, 0.99])
@pytest.mark.parametrize(
    "name",
    [
        "SC_rgb_jpeg_dcmtk.dcm",
        "JPGExtended.dcm",
        "JPGLosslessP14SV1_1s_1f_8b.dcm",
        "JPEG-LL.dcm",
        "693_J2KI.dcm",
        "JPEGLSNearLossless_16.dcm",
        "MR_small_RLE.dcm",
    ],
)
def test_a_cut_codestream_in_a_whole_file_is_refused_not_filled_with_grey(
    name, share, real_file, tmp_path
) -> None:
    dataset = dcmread(real_file(name))
    codestream = get_frame(dataset.PixelData, 0, number_of_frames=1)
    dataset.PixelData = encapsulate([codestream[: int(len(codestream) * share)]])
    dataset["PixelData"].is_undefined_length = True
    path = tmp_path / "cut.dcm"
    dataset.save_as(path)
    with pytest.raises(DecodeError, match=r"cut\.dcm"):
        decode(FrameRef("", 0, path))


def test_frames_before_the_cut_are_shown_and_those_after_it_refused(real_file, tmp_path) -> None:
    whole = real_file("emri_small.dcm")
    path = tmp_path / "cut.dcm"
    path.write_bytes(whole.read_bytes()[:-12_000])
    first = decode(FrameRef("", 0, path)).stored
    assert np.array_equal(first, decode(FrameRef("", 0, whole)).stored)
    for frame in (8, 9):
        with pytest.raises(DecodeError, match="truncated"):
            decode(FrameRef("", frame, path))
