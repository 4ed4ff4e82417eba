"""Files appear whole or not at all, under names that say nothing of the patient."""

import os
from pathlib import Path

import pytest
from signed_reports import film, normal_report

from viewer.base.errors import ExportError
from viewer.export.destination import report_name, write_whole


def test_a_name_is_made_of_the_day_of_signing_and_the_hash() -> None:
    report = normal_report(film())
    assert report_name(report, ".pdf") == f"report_20261122_{report.sha256[:10]}.pdf"


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    written = write_whole(tmp_path / "a" / "b", "x.txt", b"whole")
    assert written.read_bytes() == b"whole"


def test_a_disk_that_fills_up_leaves_the_earlier_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_whole(tmp_path, "x.txt", b"earlier")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ExportError, match=r"x\.txt could not be written: No space left"):
        write_whole(tmp_path, "x.txt", b"later")
    assert [path.name for path in tmp_path.iterdir()] == ["x.txt"]
    assert (tmp_path / "x.txt").read_bytes() == b"earlier"


def test_a_folder_that_is_a_file_is_named_in_the_error(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(ExportError, match="taken"):
        write_whole(tmp_path / "taken", "x.txt", b"")
