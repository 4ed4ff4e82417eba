"""Folder: all files below it, and what a DICOMDIR in it names but is not there."""

import os
from collections.abc import Iterator
from pathlib import Path

from viewer.base.errors import FileProblem
from viewer.dicom.dicomdir import DICOMDIR, missing
from viewer.dicom.source import Fetched, Report
from viewer.domain.study import Problem

LISTED_BETWEEN_REPORTS = 512


class FolderSource:
    """Links to folders are not followed (they may go round); hidden folders are left out."""

    key = "folder"

    def takes(self, path: Path) -> bool:
        """Any folder."""
        return path.is_dir()

    def fetch(self, path: Path, report: Report) -> Fetched:
        """All files, by name; `report` may stop a walk through a large tree."""
        files: list[Path] = []
        report(0.0)
        for file in _below(path):
            files.append(file)
            if len(files) % LISTED_BETWEEN_REPORTS == 0:
                report(0.0)
        listings = (file for file in files if file.name.upper() == DICOMDIR)
        problems = tuple(problem for listing in listings for problem in _missing(listing))
        return Fetched(tuple(files), problems)


def _missing(listing: Path) -> tuple[Problem, ...]:
    """What a DICOMDIR misses; one that cannot be read is no loss where all files are found anyway."""
    try:
        return missing(listing)
    except FileProblem:
        return ()


def _below(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        folders.sort()
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(parent) / name for name in sorted(files))


PLUGIN = FolderSource()
