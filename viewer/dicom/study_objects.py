"""Headers of instances that are no images to StudyObjects: reports, documents, segmentations, states."""

from collections.abc import Iterator
from pathlib import Path

from pydicom.dataset import Dataset
from pydicom.uid import UID

from viewer.dicom.header import patient_of
from viewer.dicom.reader import read_header
from viewer.dicom.scope import Scope
from viewer.domain.study_object import ObjectKind, ObjectReference, StudyObject

STORAGE = "1.2.840.10008.5.1.4.1.1."
IMAGE_CLASS_NAME = "Image Storage"
KIND_OF_CLASS = {
    f"{STORAGE}88.59": ObjectKind.KEY_OBJECTS,
    f"{STORAGE}104.1": ObjectKind.DOCUMENT,
    f"{STORAGE}66.4": ObjectKind.SEGMENTATION,
    f"{STORAGE}66.7": ObjectKind.SEGMENTATION,
}
"""Storage classes of one kind (PS3.4 B.5): 66.4 is Segmentation, 66.7 Label Map Segmentation."""

KIND_OF_FAMILY = {
    f"{STORAGE}88.": ObjectKind.REPORT,
    f"{STORAGE}11.": ObjectKind.PRESENTATION_STATE,
}
"""Families of classes that are numbered alike."""

OBJECT_TAGS = [
    "SOPInstanceUID",
    "SOPClassUID",
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "SeriesNumber",
    "SeriesDescription",
    "Modality",
    "PatientName",
    "PatientID",
    "IssuerOfPatientID",
    "PatientBirthDate",
    "ContentDate",
    "ContentTime",
    "SeriesDate",
    "SeriesTime",
    "InstanceCreationDate",
    "InstanceCreationTime",
    "PresentationCreationDate",
    "PresentationCreationTime",
    "ContentLabel",
    "ContentDescription",
    "DocumentTitle",
    "ConceptNameCodeSequence",
    "ReferencedSeriesSequence",
    "CurrentRequestedProcedureEvidenceSequence",
    "SourceInstanceSequence",
]
"""All that a list of objects needs."""

DATES = ("ContentDate", "PresentationCreationDate", "SeriesDate", "InstanceCreationDate")
"""The first that is stated says when the content was made; each has its time."""

REFERENCES = ("ReferencedImageSequence", "ReferencedInstanceSequence", "ReferencedSOPSequence")
"""Where a referenced series names its instances: presentation states, segmentations, reports."""


def object_kind(sop_class_uid: str, *, has_pixels: bool) -> ObjectKind | None:
    """What an instance is, or None for an image (also for one that lacks its pixels)."""
    if sop_class_uid in KIND_OF_CLASS:
        return KIND_OF_CLASS[sop_class_uid]
    for family, kind in KIND_OF_FAMILY.items():
        if sop_class_uid.startswith(family):
            return kind
    is_image = has_pixels or UID(sop_class_uid).name.endswith(IMAGE_CLASS_NAME)
    return None if is_image else ObjectKind.OTHER


def read_object(path: Path, kind: ObjectKind) -> StudyObject:
    """The object of one file; raises FileProblem."""
    scope = Scope((read_header(path, OBJECT_TAGS).dataset,))
    date = next((keyword for keyword in DATES if scope.text(keyword)), "")
    return StudyObject(
        kind=kind,
        sop_instance_uid=scope.text("SOPInstanceUID"),
        sop_class_uid=scope.text("SOPClassUID"),
        path=path,
        study_uid=scope.text("StudyInstanceUID"),
        patient_key=patient_of(scope).key,
        series_uid=scope.text("SeriesInstanceUID"),
        series_number=scope.integer("SeriesNumber"),
        modality=scope.text("Modality"),
        title=_title(scope),
        date=scope.text(date),
        time=scope.text(date.replace("Date", "Time")),
        references=tuple(_references(scope)),
    )


def _title(scope: Scope) -> str:
    """The document's own title, else the label of its content, else the description of its series."""
    concept = Scope(scope.items("ConceptNameCodeSequence")[:1]).text("CodeMeaning")
    keywords = ("DocumentTitle", "ContentDescription", "SeriesDescription", "ContentLabel")
    return next(filter(None, (concept, *map(scope.text, keywords))), "")


def _references(scope: Scope) -> Iterator[ObjectReference]:
    studies = scope.items("CurrentRequestedProcedureEvidenceSequence")
    for holder in (scope, *(Scope((study,)) for study in studies)):
        for series in holder.items("ReferencedSeriesSequence"):
            for keyword in REFERENCES:
                yield from map(reference_of, Scope((series,)).items(keyword))


def reference_of(item: Dataset) -> ObjectReference:
    """The instance and frames that an item of a reference sequence names (PS3.3 10.3)."""
    scope = Scope((item,))
    return ObjectReference(
        scope.text("ReferencedSOPInstanceUID"),
        scope.text("ReferencedSOPClassUID"),
        tuple(int(number) - 1 for number in scope.numbers("ReferencedFrameNumber")),
    )
