"""Where a study lies: its own folders and files, never a whole disk, and archives by their own name."""

from pathlib import Path

import pytest

from viewer.app.opened_places import MOST_PLACES, places_of
from viewer.domain.display_set import Acquisition, DisplaySet, FrameRef
from viewer.domain.study import Patient, Series, Study


def lying_in(*files: Path) -> Study:
    frames = tuple(FrameRef(str(place), 0, path) for place, path in enumerate(files))
    shown = DisplaySet("set", "1.2", "1.2.3", 1, "", Acquisition("CT"), frames)
    series = Series("1.2.3", "CT", 1, "", (), (shown,))
    return Study("1.2", Patient("1", "A"), "", "", "", "", "", (series,))


def test_below_an_opened_folder_the_folders_of_the_files_are_kept(tmp_path: Path) -> None:
    study = lying_in(
        tmp_path / "a" / "s1" / "1", tmp_path / "a" / "s1" / "2", tmp_path / "a" / "s2" / "1"
    )
    found = places_of(study, [tmp_path])
    assert found == (str(tmp_path / "a" / "s1"), str(tmp_path / "a" / "s2"))


def test_a_file_that_was_opened_by_itself_stays_one_file(tmp_path: Path) -> None:
    file, other = tmp_path / "film.dcm", tmp_path / "other.dcm"
    assert places_of(lying_in(file), [file, other]) == (str(file),)


def test_what_came_out_of_an_archive_is_found_by_the_archive(tmp_path: Path) -> None:
    archive = tmp_path / "study.zip"
    archive.write_bytes(b"PK")
    study = lying_in(Path("/tmp/secondread_x/1.dcm"))
    assert places_of(study, [archive]) == (str(archive),)


def test_very_many_folders_become_the_one_around_them(tmp_path: Path) -> None:
    files = [tmp_path / "deep" / str(number) / "1" for number in range(MOST_PLACES + 1)]
    assert places_of(lying_in(*files), [tmp_path]) == (str(tmp_path / "deep"),)


@pytest.mark.parametrize("opened", [[], [Path("/elsewhere")]])
def test_what_lies_below_nothing_that_was_opened_has_no_place(opened: list[Path]) -> None:
    assert places_of(lying_in(Path("/tmp/a/1")), opened) == ()
