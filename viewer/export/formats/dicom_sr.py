"""DICOM SR: the verdicts as a verified Comprehensive 3D SR (TID 1500) in a new series of the same study."""

from viewer.export.dicom_format import DicomFormat
from viewer.export.evidence import Evidence, verified_sources
from viewer.export.highdicom_sr.document import ReaderDocument, reader_document
from viewer.review.report import SignedReport


def _made(report: SignedReport, evidence: Evidence) -> tuple[ReaderDocument]:
    return (reader_document(report, verified_sources(report, evidence)),)


PLUGIN = DicomFormat("dicom_sr", "DICOM structured report (for the PACS)", "sr", _made, whole=True)
