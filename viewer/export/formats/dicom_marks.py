"""DICOM presentation states: marks and measurements, to lay over the images in other viewers."""

from collections.abc import Iterator, Mapping

from pydicom import Dataset

from viewer.export.dicom_format import DicomFormat
from viewer.export.evidence import Evidence, verified_sources
from viewer.export.key_image import NumberedMark, marked_frames, marks_on
from viewer.export.objects.plain_object import PlainObject
from viewer.export.objects.presentation_state import presentation_state
from viewer.review.report import SignedReport

GREYSCALE = ("MONOCHROME1", "MONOCHROME2")
"""A Grayscale Softcopy Presentation State cannot refer to a colour image (PS3.3 A.33.1)."""


def _made(report: SignedReport, evidence: Evidence) -> list[PlainObject]:
    """One state for each greyscale image with a mark; none where nothing is marked."""
    sources = verified_sources(report, evidence)
    return [
        presentation_state(report, sources[uid], marks, number)
        for number, (uid, marks) in enumerate(_marked(report, sources), start=1)
    ]


def _marked(
    report: SignedReport, sources: Mapping[str, Dataset]
) -> Iterator[tuple[str, list[tuple[int, NumberedMark]]]]:
    frames = marked_frames(report)
    for uid in dict.fromkeys(uid for uid, _frame in frames):
        if sources[uid].get("PhotometricInterpretation") in GREYSCALE:
            yield (
                uid,
                [
                    (frame, mark)
                    for marked, frame in frames
                    if marked == uid
                    for mark in marks_on(report, uid, frame)
                ],
            )


PLUGIN = DicomFormat(
    "dicom_marks", "DICOM marks (presentation states)", "marks", _made, whole=False
)
