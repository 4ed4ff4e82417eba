"""Whatever is wrong with a file, it is named and refused, or shown as it is with a warning; nothing hangs."""

import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import imagecodecs
import numpy as np
import pydicom
import pytest
from broken_files import cut_at_every_tag, lying, with_wrong_lengths
from pydicom import dcmread
from pydicom.encaps import encapsulate, encapsulate_extended, generate_frames
from pydicom.uid import HTJ2KLossless

from viewer.base.errors import DecodeError, FileProblem, ViewerError
from viewer.dicom import reader
from viewer.dicom.decoder import decode
from viewer.dicom.indexer import index
from viewer.domain.display_set import FrameRef
from viewer.domain.image import Frame
from viewer.domain.study import StudyIndex

FAMILIES = (
    "CT_small.dcm",
    "MR_small_implicit.dcm",
    "MR_small_bigendian.dcm",
    "MR_small_RLE.dcm",
    "MR_small_jp2klossless.dcm",
    "MR_small_jpeg_ls_lossless.dcm",
    "SC_rgb_jpeg_dcmtk.dcm",
    "JPGExtended.dcm",
    "JPGLosslessP14SV1_1s_1f_8b.dcm",
    "image_dfl.dcm",
    "emri_small_RLE.dcm",
    "emri_small.dcm",
    "examples_palette.dcm",
)
"""One small file of each way to encode header and pixels."""

HEADERS = (
    "MR_small_implicit.dcm",
    "MR_small_bigendian.dcm",
    "SC_rgb_jpeg_dcmtk.dcm",
    "image_dfl.dcm",
    "examples_palette.dcm",
)
MULTI_FRAME = ("emri_small_RLE.dcm", "emri_small_jpeg_2k_lossless.dcm")
FRAMES = 10


def problems(path: Path) -> list[str]:
    """What the index says of the file."""
    return [problem.reason for problem in found_in(path).problems]


def found_in(path: Path) -> StudyIndex:
    return index([path], lambda _: None, lambda _: None)


def what_differs(shown: Frame, whole: Frame) -> str:
    if not np.array_equal(shown.stored, whole.stored):
        return "pixels"
    facts = ("photometric", "bits_stored", "signed", "padding", "unit", "plane", "spacing", "edges")
    others = [fact for fact in facts if getattr(shown, fact) != getattr(whole, fact)]
    return ", ".join([*others, *(["values"] if shown.modality != whole.modality else [])])


def never_silently_wrong(path: Path, whole: Frame, case: str) -> bool:
    """Refused by name, or as the whole file is, or said by the index; returns whether it is shown."""
    told = problems(path)
    try:
        shown = decode(FrameRef("", 0, path))
    except ViewerError as error:
        assert path.name in str(error), case
        return False
    assert told or not what_differs(shown, whole), case
    return True


@pytest.mark.parametrize("name", FAMILIES)
def test_a_file_cut_at_any_tag_is_refused_or_whole(name, real_file, tmp_path) -> None:
    whole, path = decode(FrameRef("", 0, real_file(name))), tmp_path / "cut.dcm"
    cuts = list(cut_at_every_tag(real_file(name)))
    assert len(cuts) > 40
    for content in cuts:
        path.write_bytes(content)
        never_silently_wrong(path, whole, f"cut after {len(content)} bytes")


@pytest.mark.parametrize("name", HEADERS)
def test_a_wrong_length_never_shows_other_pixels_unsaid(name, real_file, tmp_path) -> None:
    whole, path, cases = decode(FrameRef("", 0, real_file(name))), tmp_path / "long.dcm", 0
    for tag, content in with_wrong_lengths(real_file(name)):
        path.write_bytes(content)
        never_silently_wrong(path, whole, f"length of {tag:08X}")
        cases += 1
    assert cases > 100


@pytest.mark.parametrize("name", FAMILIES)
def test_a_header_that_lies_about_its_pixels_is_refused_or_said(name, real_file, tmp_path) -> None:
    whole, path = decode(FrameRef("", 0, real_file(name))), tmp_path / "lying.dcm"
    shown = []
    for lie, dataset in lying(real_file(name)):
        dataset.save_as(path)
        shown.append(never_silently_wrong(path, whole, lie))
    assert shown.count(False) > len(shown) / 2


def high_throughput(real_file, target: Path) -> Path:
    """A real slice as HTJ2K."""
    dataset = dcmread(real_file("MR_small.dcm"))
    codestream = imagecodecs.htj2k_encode(dataset.pixel_array, reversible=True)
    dataset.file_meta.TransferSyntaxUID = HTJ2KLossless
    dataset.PixelData = encapsulate([codestream])
    dataset["PixelData"].VR = "OB"
    dataset.save_as(target)
    return target


def test_codestreams_in_pieces_neither_crash_nor_hang_nor_eat_the_memory(
    real_file, tmp_path
) -> None:
    names = (
        "MR_small_RLE.dcm",
        "MR_small_jp2klossless.dcm",
        "MR_small_jpeg_ls_lossless.dcm",
        "JPEGLSNearLossless_16.dcm",
        "SC_rgb_jpeg_dcmtk.dcm",
        "JPGExtended.dcm",
        "JPGLosslessP14SV1_1s_1f_8b.dcm",
    )
    script = Path(__file__).resolve().parents[1] / "torment_codecs.py"
    if not sys.platform.startswith("linux"):
        pytest.skip("the limit on memory is Linux's")
    htj2k = high_throughput(real_file, tmp_path / "htj2k.dcm")
    assert decode(FrameRef("", 0, htj2k)).stored.shape == (64, 64)
    ended = subprocess.run(
        [sys.executable, str(script), *map(str, (*map(real_file, names), htj2k))],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(("tests", "."))},
        cwd=script.parents[1],
        timeout=120,
        check=False,
    )
    *_others, last = ended.stdout.splitlines()
    assert (ended.returncode, last) == (0, "all done"), ended.stderr[-2000:]


def many(real_file, name: str, data: bytes, target: Path, **changes: object) -> Path:
    """The multi-frame object with other encapsulated pixels."""
    dataset = dcmread(real_file(name))
    dataset.PixelData = data
    dataset["PixelData"].is_undefined_length = True
    for keyword, value in changes.items():
        setattr(dataset, keyword, value)
    dataset.save_as(target)
    return target


def frames_of(real_file, name: str) -> list[bytes]:
    return list(generate_frames(dcmread(real_file(name)).PixelData, number_of_frames=FRAMES))


@pytest.mark.parametrize(
    "lie",
    [
        lambda right: right[::-1],
        lambda right: [right[0], right[2], right[1], *right[3:]],
        lambda right: [*right[1:], right[-1]],
        lambda right: [at + 2 for at in right],
        lambda right: [10**9] * FRAMES,
        lambda right: [0] * FRAMES,
        lambda right: right[:5],
    ],
    ids=["reversed", "swapped", "one on", "beside", "beyond", "all first", "half"],
)
@pytest.mark.parametrize("name", MULTI_FRAME)
def test_a_lying_offset_table_never_brings_another_frame(name, lie, real_file, tmp_path) -> None:
    good = encapsulate(frames_of(real_file, name), has_bot=True)
    table = 4 * FRAMES
    offsets = lie(list(struct.unpack_from(f"<{FRAMES}L", good, 8)))
    head = good[:4] + struct.pack(f"<{1 + len(offsets)}L", 4 * len(offsets), *offsets)
    path = many(real_file, name, head + good[8 + table :], tmp_path / "table.dcm")
    for frame in range(FRAMES):
        shown, whole = (decode(FrameRef("", frame, file)) for file in (path, real_file(name)))
        assert np.array_equal(shown.stored, whole.stored)


@pytest.mark.parametrize("offset", [2**62, 2])
def test_a_lying_extended_offset_table_never_brings_another_frame(
    offset, real_file, tmp_path
) -> None:
    name = MULTI_FRAME[0]
    data, table, lengths = encapsulate_extended(frames_of(real_file, name))
    wrong = struct.pack("<Q", offset) + table[8:]
    path = many(
        real_file,
        name,
        data,
        tmp_path / "table.dcm",
        ExtendedOffsetTable=wrong,
        ExtendedOffsetTableLengths=lengths,
    )
    shown, whole = (decode(FrameRef("", 0, file)) for file in (path, real_file(name)))
    assert np.array_equal(shown.stored, whole.stored)


@pytest.mark.parametrize("name", MULTI_FRAME)
def test_a_missing_frame_is_said_and_none_is_taken_for_its_neighbour(
    name, real_file, tmp_path
) -> None:
    codestreams = frames_of(real_file, name)
    data = encapsulate(codestreams[:4] + codestreams[5:], has_bot=False)
    path = many(real_file, name, data, tmp_path / "nine.dcm")
    assert problems(path) == ["nine.dcm says that it has 10 frames, but it holds only 9."]
    with pytest.raises(DecodeError, match=r"nine\.dcm .* holds only 9"):
        decode(FrameRef("", 5, path))


@pytest.mark.parametrize("has_table", [True, False])
@pytest.mark.parametrize("name", MULTI_FRAME)
def test_frames_beyond_the_stated_number_are_said(name, has_table, real_file, tmp_path) -> None:
    data = encapsulate(frames_of(real_file, name), has_bot=has_table)
    for stated in (1, 5):
        path = many(real_file, name, data, tmp_path / "few.dcm", NumberOfFrames=stated)
        words = f"few.dcm says that it has {stated} frames, but it holds 10"
        assert [reason.startswith(words) for reason in problems(path)] == [True]


def test_a_number_of_frames_beyond_all_measure_is_not_believed(make_dicom) -> None:
    found = found_in(make_dicom("film.dcm", NumberOfFrames=2_000_000_000))
    assert [len(shown.frames) for shown in found.studies[0].display_sets] == [1]
    assert "film.dcm cannot be shown" in found.problems[0].reason


@pytest.mark.parametrize("empty", [b"", b"\0\0"])
def test_empty_pixels_are_said_and_refused(empty, make_dicom) -> None:
    path = make_dicom("empty.dcm", data=empty)
    assert problems(path)
    with pytest.raises(DecodeError, match=r"empty\.dcm"):
        decode(FrameRef("", 0, path))


def test_compressed_pixels_without_any_item_are_said_and_refused(real_file, tmp_path) -> None:
    path = many(real_file, "MR_small_RLE.dcm", b"\xfe\xff\x00\xe0\0\0\0\0", tmp_path / "empty.dcm")
    assert problems(path) == ["empty.dcm says that it has 1 frames, but it holds only 0."]
    with pytest.raises(DecodeError, match=r"empty\.dcm"):
        decode(FrameRef("", 0, path))


def test_a_deflated_object_that_would_fill_the_memory_is_refused(
    real_file, tmp_path, monkeypatch
) -> None:
    assert reader.LARGEST_INFLATED <= 1 << 30
    monkeypatch.setattr(reader, "LARGEST_INFLATED", 1 << 24)
    content = real_file("image_dfl.dcm").read_bytes()
    (meta_bytes,) = struct.unpack_from("<L", content, 140)
    deflater, bomb = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS), tmp_path / "bomb.dcm"
    deflated = deflater.compress(bytes(1 << 25)) + deflater.flush()
    bomb.write_bytes(content[: 144 + meta_bytes] + deflated)
    assert bomb.stat().st_size < 1 << 16
    with pytest.raises(FileProblem, match=r"bomb\.dcm .* inflates to more than 16 MB"):
        reader.read_header(bomb)


NO_DICOM = "scan.dcm is not a DICOM file."
OTHERS = {
    "nothing": (b"", "scan.dcm is empty."),
    "zip": (b"PK\x03\x04" + bytes(400), "scan.dcm cannot be unpacked"),
    "web page": (b"<!DOCTYPE html><html>" + b" " * 400, NO_DICOM),
    "two bytes": (b"\x08\x00", NO_DICOM),
    "zeros": (bytes(500), NO_DICOM),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_other_files_called_dcm_are_named_when_they_were_asked_for(kind, tmp_path) -> None:
    content, words = OTHERS[kind]
    path = tmp_path / "scan.dcm"
    path.write_bytes(content)
    (reason,) = problems(path)
    assert reason.startswith(words)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_file_that_may_not_be_read_is_named(make_dicom) -> None:
    path = make_dicom("secret.dcm")
    path.chmod(0)
    assert problems(path) == ["secret.dcm cannot be opened: Permission denied."]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_links_that_go_round_end_and_are_said(make_dicom) -> None:
    folder = make_dicom("image.dcm").parent
    (folder / "round").symlink_to(folder, target_is_directory=True)
    (folder / "itself.dcm").symlink_to(folder / "itself.dcm")
    found = found_in(folder)
    assert len(found.studies[0].series[0].instances) == 1
    assert [problem.path.name for problem in found.problems] == ["itself.dcm"]


def test_the_other_slices_of_a_series_show_beside_a_broken_one(make_dicom) -> None:
    place = {"ImageOrientationPatient": [1, 0, 0, 0, 1, 0]}
    paths = [
        make_dicom(
            f"{number}.dcm", ImagePositionPatient=[0, 0, number], InstanceNumber=number, **place
        )
        for number in range(5)
    ]
    paths[2].write_bytes(paths[2].read_bytes()[:-100])
    found = found_in(paths[0].parent)
    (shown,) = found.studies[0].display_sets
    assert [reason.startswith("2.dcm is truncated") for reason in problems(paths[2])] == [True]
    assert [problem.path for problem in found.problems] == [paths[2]]
    for ref in shown.frames:
        if ref.path == paths[2]:
            with pytest.raises(DecodeError, match=r"2\.dcm"):
                decode(ref)
        else:
            assert decode(ref).stored.shape == (8, 8)


def test_every_file_of_pydicom_shows_or_says_why_within_seconds(real_file) -> None:
    folders = (Path(pydicom.__file__).parent / "data", real_file("693_J2KI.dcm").parent)
    refs = [
        ref
        for folder in folders
        for study in found_in(folder).studies
        for shown in study.display_sets
        for ref in (shown.frames[0], shown.frames[-1])
    ]
    assert len(refs) > 150
    for ref in refs:
        try:
            decode(ref)
        except ViewerError as error:
            assert ref.path.name in str(error)
