"""DICOM Key Object Selection: which images the reader marked, for the PACS and other viewers."""

from viewer.export.dicom_format import DicomFormat
from viewer.export.evidence import Evidence, verified_sources
from viewer.export.objects.key_objects import KeyObjects, key_objects
from viewer.review.report import SignedReport


def _made(report: SignedReport, evidence: Evidence) -> list[KeyObjects]:
    """None where no image is marked."""
    sources = verified_sources(report, evidence)
    return [key_objects(report, sources)] if report.key_frames else []


PLUGIN = DicomFormat(
    "dicom_key_images", "DICOM key images (key object selection)", "keys", _made, whole=False
)
