"""The printed report as bytes: A4, with the key images and the verdict on each finding."""

from viewer.export.evidence import Evidence, verified_sources
from viewer.export.pdf.appendix import appendix
from viewer.export.pdf.blocks import patient_and_study, reader_text, signature, title
from viewer.export.pdf.figures import key_images
from viewer.export.pdf.findings import ai_statements, findings
from viewer.export.pdf.measurements import measurements
from viewer.export.pdf.page import print_pages, report_page
from viewer.review.report import SignedReport


def pdf_content(report: SignedReport, evidence: Evidence) -> bytes:
    """The whole file; raises ExportError where an image of the report is missing or has changed."""
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
    return print_pages(report_page(report, next(filter(None, stated), "")), story)
