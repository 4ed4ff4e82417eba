"""DICOMDIR: the files a disc lists, with a problem for each that is missing."""

from pathlib import Path

from viewer.dicom.dicomdir import DICOMDIR, missing, present
from viewer.dicom.source import Fetched, Report


class DicomdirSource:
    """A file of that name, opened itself."""

    key = "dicomdir"

    def takes(self, path: Path) -> bool:
        """By the name that PS3.10 8.6 gives it."""
        return path.name.upper() == DICOMDIR and path.is_file()

    def fetch(self, path: Path, report: Report) -> Fetched:
        """What is listed and there."""
        report(0.0)
        return Fetched(present(path), missing(path))


PLUGIN = DicomdirSource()
