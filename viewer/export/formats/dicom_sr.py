"""DICOM SR: the verdicts as a verified Comprehensive 3D SR (TID 1500) in a new series of the same study."""

from dataclasses import dataclass
from pathlib import Path

from viewer.base.i18n import _
from viewer.export.destination import report_name, write_whole
from viewer.export.evidence import Evidence, verified_sources
from viewer.export.highdicom_sr.document import as_bytes, reader_document
from viewer.review.report import SignedReport


@dataclass(frozen=True)
class DicomSr:
    """One file. A report exported twice gives the same instance, UIDs included."""

    key: str = "dicom_sr"
    suffix: str = ".dcm"

    @property
    def title(self) -> str:
        """For the reader."""
        return _("DICOM structured report (for the PACS)")

    def write(
        self, report: SignedReport, evidence: Evidence, destination: Path
    ) -> tuple[Path, ...]:
        """See Exporter.write; needs the source images, which give patient and study."""
        document = reader_document(report, verified_sources(report, evidence))
        name = report_name(report, f"_sr{self.suffix}")
        return (write_whole(destination, name, as_bytes(document)),)


PLUGIN = DicomSr()
