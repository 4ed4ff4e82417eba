"""DICOM AI result: what each network proposed, as UNVERIFIED structured reports beside the reader's."""

from viewer.export.dicom_format import DicomFormat
from viewer.export.evidence import Evidence, verified_sources
from viewer.export.highdicom_sr.ai_document import AiDocument, ai_document, runs_with_findings
from viewer.review.report import SignedReport


def _made(report: SignedReport, evidence: Evidence) -> list[AiDocument]:
    """A document for each run with a finding; none where no network found anything."""
    sources = verified_sources(report, evidence)
    return [
        ai_document(report, run, sources, number)
        for number, run in enumerate(runs_with_findings(report), start=1)
    ]


PLUGIN = DicomFormat(
    "dicom_ai_sr", "DICOM AI result, unverified (what the AI proposed)", "ai", _made, whole=False
)
