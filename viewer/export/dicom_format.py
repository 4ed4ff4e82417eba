"""DicomFormat: an export format whose files are DICOM objects, made by one function."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydicom import Dataset

from viewer.base.i18n import _
from viewer.export.destination import report_name, write_whole
from viewer.export.dicom_object import as_bytes
from viewer.export.evidence import Evidence
from viewer.review.report import SignedReport

Make = Callable[[SignedReport, Evidence], Sequence[Dataset]]
"""The objects of a report; raises ExportError. The same report gives the same objects, UIDs included."""


@dataclass(frozen=True)
class DicomFormat:
    """One file for each object. stem: in the file name. See export.exporter.Exporter."""

    key: str
    source_title: str
    stem: str
    make: Make
    whole: bool
    suffix: str = ".dcm"

    @property
    def title(self) -> str:
        """For the reader."""
        return _(self.source_title)

    def write(
        self, report: SignedReport, evidence: Evidence, destination: Path
    ) -> tuple[Path, ...]:
        """See Exporter.write; needs the source images, which give patient and study."""
        contents = [as_bytes(document) for document in self.make(report, evidence)]
        names = [
            report_name(report, f"_{self.stem}{_number(number, len(contents))}{self.suffix}")
            for number in range(1, len(contents) + 1)
        ]
        return tuple(
            write_whole(destination, name, content)
            for name, content in zip(names, contents, strict=True)
        )


def _number(number: int, count: int) -> str:
    return f"_{number}" if count > 1 else ""
