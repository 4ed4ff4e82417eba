"""DICOM Encapsulated PDF: the printed report in the patient's study."""

from viewer.export.dicom_format import DicomFormat
from viewer.export.evidence import Evidence, verified_sources
from viewer.export.objects.encapsulated_pdf import encapsulated_pdf
from viewer.export.objects.plain_object import PlainObject
from viewer.export.pdf.content import pdf_content
from viewer.review.report import SignedReport


def _made(report: SignedReport, evidence: Evidence) -> tuple[PlainObject]:
    sources = verified_sources(report, evidence)
    return (encapsulated_pdf(report, sources, pdf_content(report, evidence)),)


PLUGIN = DicomFormat(
    "dicom_pdf", "DICOM PDF (the printed report in the PACS)", "pdf", _made, whole=True
)
