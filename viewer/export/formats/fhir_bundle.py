"""FHIR R4 Bundle: the verified report as JSON for a record system or a registry."""

import json
from dataclasses import dataclass
from pathlib import Path

from viewer.base.i18n import _
from viewer.export.destination import report_name, write_whole
from viewer.export.evidence import Evidence
from viewer.export.messages.fhir import bundle
from viewer.export.pdf.content import pdf_content
from viewer.review.report import SignedReport


@dataclass(frozen=True)
class FhirBundle:
    """One file."""

    key: str = "fhir"
    suffix: str = ".fhir.json"
    whole: bool = True

    @property
    def title(self) -> str:
        """For the reader."""
        return _("FHIR R4 bundle (for record systems)")

    def write(
        self, report: SignedReport, evidence: Evidence, destination: Path
    ) -> tuple[Path, ...]:
        """See Exporter.write; needs the key images, for the PDF."""
        made = bundle(report, pdf_content(report, evidence))
        content = json.dumps(made, indent=1, ensure_ascii=False, allow_nan=False)
        return (write_whole(destination, report_name(report, self.suffix), content.encode()),)


PLUGIN = FhirBundle()
