"""JSON: the canonical text of the signed report, whose SHA-256 the report carries."""

from dataclasses import dataclass
from pathlib import Path

from viewer.base.i18n import _
from viewer.export.destination import report_name, write_whole
from viewer.export.evidence import Evidence
from viewer.review.canonical import canonical_json, to_plain
from viewer.review.report import SignedReport


@dataclass(frozen=True)
class JsonReport:
    """One file; `sha256` in it is of the same text without that field (review.canonical)."""

    key: str = "json"
    suffix: str = ".json"
    whole: bool = True

    @property
    def title(self) -> str:
        """For the reader."""
        return _("JSON (for archives and programs)")

    def write(
        self, report: SignedReport, evidence: Evidence, destination: Path
    ) -> tuple[Path, ...]:
        """See Exporter.write; the images are not needed."""
        text = canonical_json(to_plain(report))
        name = report_name(report, self.suffix)
        return (write_whole(destination, name, text.encode("utf-8")),)


PLUGIN = JsonReport()
