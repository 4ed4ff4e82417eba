"""Folders, DICOMDIRs and ZIP archives hand over their files; what is missing or closed is named."""

import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file

from viewer.base.errors import Cancelled
from viewer.dicom.decoder import decode
from viewer.dicom.indexer import index
from viewer.dicom.source import fetch, known_sources
from viewer.domain.study import StudyIndex

MakeDicom = Callable[..., Path]


def ignore(_fraction: float) -> None:
    pass


def opened(*paths: Path) -> StudyIndex:
    return index(paths, lambda _found: None, ignore)


def reasons(found: StudyIndex) -> list[str]:
    return [problem.reason for problem in found.problems]


@pytest.fixture
def disc(tmp_path: Path) -> Path:
    """A copy of pydicom's small DICOM disc: a DICOMDIR and the files it lists."""
    listing = Path(str(get_testdata_file("dicomdirtests/DICOMDIR", download=False)))
    shutil.copytree(listing.parent, tmp_path / "disc")
    return tmp_path / "disc"


def count(found: StudyIndex) -> int:
    return sum(len(series.instances) for study in found.studies for series in study.series)


def test_a_dicomdir_opens_the_files_it_lists(disc: Path) -> None:
    found = opened(disc / "DICOMDIR")
    assert count(found) == 31
    assert found.problems == ()
    assert {study.patient.patient_id for study in found.studies} == {"77654033", "98890234"}


def test_a_file_that_the_dicomdir_lists_and_the_disc_has_not_is_named(disc: Path) -> None:
    first = fetch([disc / "DICOMDIR"], ignore).files[0]
    first.unlink()
    lost = first.relative_to(disc).as_posix()
    said = [f"{lost} is named by the DICOMDIR but is not there. Copy the whole disc again."]
    for way in (disc / "DICOMDIR", disc):
        found = opened(way)
        assert reasons(found)[: len(said)] == said
    assert count(opened(disc / "DICOMDIR")) == 30


def test_many_missing_files_are_counted(disc: Path) -> None:
    for folder in [path for path in disc.iterdir() if path.is_dir()]:
        shutil.rmtree(folder)
    found = opened(disc / "DICOMDIR")
    assert found.studies == ()
    assert len(found.problems) == 21
    assert reasons(found)[-1] == "11 more files of the DICOMDIR are not there."


def test_a_disc_copied_in_small_letters_or_with_versions_is_found(disc: Path) -> None:
    for path in sorted(disc.rglob("*"), key=lambda path: len(path.parts), reverse=True):
        name = path.name.lower() + (";1" if path.is_file() else "")
        if path.name != "DICOMDIR":
            path.rename(path.with_name(name))
    found = opened(disc / "DICOMDIR")
    assert (count(found), found.problems) == (31, ())


def test_a_dicomdir_never_leads_out_of_its_folder(make_dicom: MakeDicom, tmp_path: Path) -> None:
    outside = make_dicom("secret.dcm")
    folder = tmp_path / "disc"
    folder.mkdir()
    listing = dcmread(str(get_testdata_file("dicomdirtests/DICOMDIR", download=False)))
    images = [item for item in listing.DirectoryRecordSequence if "ReferencedFileID" in item]
    for item in images:
        item.ReferencedFileID = ["..", outside.name.upper()]
    listing.save_as(folder / "DICOMDIR", enforce_file_format=False)
    assert opened(folder / "DICOMDIR").studies == ()


def test_what_is_called_dicomdir_and_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "DICOMDIR").write_text("Dear colleague, " * 50)
    assert reasons(opened(tmp_path / "DICOMDIR")) == ["DICOMDIR is not a DICOM file."]


def packed(archive: Path, *members: Path) -> Path:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for member in members:
            file.write(member, f"DOE_JANE/{member.name}")
    return archive


@pytest.fixture
def two_images(make_dicom: MakeDicom) -> tuple[Path, Path]:
    return make_dicom("one.dcm", InstanceNumber=1), make_dicom("two.dcm", InstanceNumber=2)


def test_an_archive_opens_like_its_folder(two_images: tuple[Path, Path], tmp_path: Path) -> None:
    note = tmp_path / "readme.txt"
    note.write_text("hello " * 100)
    archive = packed(tmp_path / "study.zip", *two_images, note)
    found = opened(archive)
    assert (count(found), found.skipped, found.problems) == (2, 1, ())
    frames = found.studies[0].display_sets[0].frames
    expected = {decode(ref).stored.tobytes() for ref in frames}
    assert len(expected) == 1
    assert (decode(frames[0]).stored == decode(frames[1]).stored).all()


def test_nothing_unpacked_carries_a_name_or_is_open_to_others(
    two_images: tuple[Path, Path], tmp_path: Path
) -> None:
    files = fetch([packed(tmp_path / "DOE_JANE.zip", *two_images)], ignore).files
    assert len(files) == 2
    assert not any("DOE" in str(file) for file in files)
    assert stat.S_IMODE(files[0].parent.stat().st_mode) == 0o700


def test_an_archive_is_unpacked_once_and_again_when_it_changed(
    two_images: tuple[Path, Path], tmp_path: Path
) -> None:
    archive = packed(tmp_path / "study.zip", two_images[0])
    first = fetch([archive], ignore).files
    assert fetch([archive], ignore).files == first
    packed(archive, *two_images)
    assert len(fetch([archive], ignore).files) == 2


def test_an_archive_is_known_by_its_bytes_not_its_name(
    two_images: tuple[Path, Path], tmp_path: Path
) -> None:
    assert count(opened(packed(tmp_path / "export.bin", *two_images))) == 2


def encrypted(archive: Path) -> None:
    """Set the flag in each header, as an encrypted archive has it."""
    content = bytearray(archive.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(mark)
        while start >= 0:
            content[start + offset] |= 1
            start = content.find(mark, start + 1)
    archive.write_bytes(content)


def test_an_encrypted_archive_says_so(two_images: tuple[Path, Path], tmp_path: Path) -> None:
    archive = packed(tmp_path / "study.zip", *two_images)
    encrypted(archive)
    assert reasons(opened(archive)) == [
        "study.zip is encrypted. Unpack it with its password, then open the folder."
    ]


@pytest.mark.parametrize("kept", [30, 400])
def test_a_cut_archive_says_so(two_images: tuple[Path, Path], tmp_path: Path, kept: int) -> None:
    archive = packed(tmp_path / "study.zip", *two_images)
    archive.write_bytes(archive.read_bytes()[:kept])
    (said,) = reasons(opened(archive))
    assert said.startswith("study.zip cannot be unpacked")


def test_an_archive_larger_than_the_disk_is_not_begun(
    two_images: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = packed(tmp_path / "study.zip", *two_images)
    usage = shutil.disk_usage(tmp_path)._replace(free=100)
    monkeypatch.setattr("shutil.disk_usage", lambda _path: usage)
    (said,) = reasons(opened(archive))
    assert "the disk has not enough room" in said


def test_giving_up_while_unpacking_leaves_nothing(
    two_images: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = tmp_path / "room"
    room.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(room))

    def give_up(fraction: float) -> None:
        if fraction > 0:
            raise Cancelled

    with pytest.raises(Cancelled):
        opened_with = packed(tmp_path / "study.zip", *two_images)
        index([opened_with], lambda _found: None, give_up)
    assert list(room.iterdir()) == []


def test_a_damaged_archive_among_others_does_not_hide_them(
    two_images: tuple[Path, Path], tmp_path: Path
) -> None:
    archive = tmp_path / "bad.zip"
    archive.write_bytes(b"PK\x03\x04" + b"\0" * 100)
    found = opened(archive, two_images[0])
    assert count(found) == 1
    assert len(found.problems) == 1


def test_no_path_is_of_two_kinds(disc: Path, two_images: tuple[Path, Path], tmp_path: Path) -> None:
    archive = packed(tmp_path / "study.zip", *two_images)
    for path in (disc, disc / "DICOMDIR", archive, two_images[0]):
        takers = [one.key for one in known_sources().values() if one.takes(path)]
        assert len(takers) == (path not in two_images)
