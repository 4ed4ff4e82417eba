"""DICOM Basic Text SR: the report in words, for receivers that read no measurements."""

from viewer.export.dicom_format import DicomFormat
from viewer.export.evidence import Evidence, verified_sources
from viewer.export.objects.basic_text import TextDocument, text_document
from viewer.review.report import SignedReport


def _made(report: SignedReport, evidence: Evidence) -> tuple[TextDocument]:
    return (text_document(report, verified_sources(report, evidence)),)


PLUGIN = DicomFormat("dicom_text", "DICOM text report (basic text SR)", "text", _made, whole=True)
