"""PDF: the report as a hospital files it, on A4, with the key images and the verdict on each finding."""

from dataclasses import dataclass
from pathlib import Path

from viewer.base.i18n import _
from viewer.export.destination import report_name, write_whole
from viewer.export.evidence import Evidence
from viewer.export.pdf.content import pdf_content
from viewer.review.report import SignedReport


@dataclass(frozen=True)
class Pdf:
    """One file."""

    key: str = "pdf"
    suffix: str = ".pdf"
    whole: bool = True

    @property
    def title(self) -> str:
        """For the reader."""
        return _("PDF (to print and file)")

    def write(
        self, report: SignedReport, evidence: Evidence, destination: Path
    ) -> tuple[Path, ...]:
        """See Exporter.write; needs the key images."""
        content = pdf_content(report, evidence)
        return (write_whole(destination, report_name(report, self.suffix), content),)


PLUGIN = Pdf()
