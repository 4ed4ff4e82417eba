"""The reader's SR document: header, verification and evidence around the content tree."""

from collections.abc import Mapping

from highdicom.sr import Comprehensive3DSR
from pydicom import Dataset
from pydicom.uid import Comprehensive3DSRStorage

from viewer.export.dicom_object import (
    NOT_STATED,
    OfAnyClass,
    finished,
    heading,
    local_scheme,
    skeleton,
)
from viewer.export.highdicom_sr.ai_document import ai_result_references
from viewer.export.highdicom_sr.tree import report_tree
from viewer.export.sr_content import groups_of
from viewer.export.uids import date_time, instance_uid, person_name, series_uid
from viewer.review.report import SignedReport

KIND = "reader SR"
"""Tells this object's UIDs from those of other objects of the same report."""

SERIES_NUMBER = 990
"""Series 9xx are made by programs, after those of any scanner."""

SERIES_DESCRIPTION = "Reader second read"


class ReaderDocument(OfAnyClass, Comprehensive3DSR):
    """highdicom's document."""


def reader_document(report: SignedReport, sources: Mapping[str, Dataset]) -> ReaderDocument:
    """The verified Comprehensive 3D SR of a report.

    sources: headers by SOP Instance UID; the first gives patient and study, copied as they stand.
    The evidence lists the images and the AI results that the reader answers.
    """
    first = next(iter(sources.values()))
    answered = ai_result_references(report)
    document = ReaderDocument(
        evidence=[*map(skeleton, sources.values()), *answered.values()],
        content=report_tree(report, groups_of(report), sources, answered),
        is_complete=True,
        is_final=True,
        is_verified=True,
        verifying_observer_name=person_name(report.signature.reader),
        verifying_organization=NOT_STATED,
        **heading(report, KIND, SERIES_NUMBER, SERIES_DESCRIPTION, report.version),
        coding_schemes=[local_scheme()],
        previous_versions=predecessors(report, KIND, Comprehensive3DSRStorage),
    )
    finished(document, report, first)
    document.VerifyingObserverSequence[0].VerificationDateTime = date_time(report.signature.at)
    return document


def predecessors(report: SignedReport, kind: str, sop_class: str) -> list[Dataset] | None:
    """The object of `kind` of the version this report replaces (Predecessor Documents Sequence)."""
    if not report.predecessor_uid:
        return None
    earlier = Dataset()
    earlier.StudyInstanceUID = report.study.uid
    earlier.SeriesInstanceUID = series_uid(report.predecessor_uid, kind)
    earlier.SOPInstanceUID = instance_uid(report.predecessor_uid, kind)
    earlier.SOPClassUID = sop_class
    return [earlier]
