"""PDF: the report as a hospital files it, on A4, with the key images and the verdict on each finding."""

from dataclasses import dataclass
from pathlib import Path

from viewer.base.i18n import _
from viewer.export.destination import report_name, write_whole
from viewer.export.evidence import Evidence, verified_sources
from viewer.export.pdf.appendix import appendix
from viewer.export.pdf.blocks import patient_and_study, reader_text, signature, title
from viewer.export.pdf.figures import key_images
from viewer.export.pdf.findings import ai_statements, findings
from viewer.export.pdf.measurements import measurements
from viewer.export.pdf.page import print_pages
from viewer.review.report import SignedReport


@dataclass(frozen=True)
class Pdf:
    """One file."""

    key: str = "pdf"
    suffix: str = ".pdf"

    @property
    def title(self) -> str:
        """For the reader."""
        return _("PDF (to print and file)")

    def write(
        self, report: SignedReport, evidence: Evidence, destination: Path
    ) -> tuple[Path, ...]:
        """See Exporter.write; needs the key images."""
        sources = verified_sources(report, evidence)
        stated = (str(source.get("InstitutionName") or "") for source in sources.values())
        story = [
            *title(report),
            *patient_and_study(report),
            *reader_text(report),
            *findings(report),
            *measurements(report),
            *ai_statements(report),
            *signature(report),
            *key_images(report, evidence),
            *appendix(report),
        ]
        content = print_pages(report, next(filter(None, stated), ""), story)
        return (write_whole(destination, report_name(report, self.suffix), content),)


PLUGIN = Pdf()
