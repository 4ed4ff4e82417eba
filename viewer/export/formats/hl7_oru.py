"""HL7 v2.5.1 ORU^R01: the verified report, with the PDF in it, for a RIS or a record system."""

from dataclasses import dataclass
from pathlib import Path

from viewer.base.i18n import _
from viewer.export.destination import report_name, write_whole
from viewer.export.evidence import Evidence
from viewer.export.messages.hl7 import oru_message
from viewer.export.pdf.content import pdf_content
from viewer.review.report import SignedReport


@dataclass(frozen=True)
class Hl7Oru:
    """One message in one file, UTF-8."""

    key: str = "hl7_oru"
    suffix: str = ".hl7"
    whole: bool = True

    @property
    def title(self) -> str:
        """For the reader."""
        return _("HL7 v2 message (for the RIS or record system)")

    def write(
        self, report: SignedReport, evidence: Evidence, destination: Path
    ) -> tuple[Path, ...]:
        """See Exporter.write; needs the key images, for the PDF."""
        message = oru_message(report, pdf_content(report, evidence))
        name = report_name(report, self.suffix)
        return (write_whole(destination, name, message.encode("utf-8")),)


PLUGIN = Hl7Oru()
