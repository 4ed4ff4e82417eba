"""What all exported DICOM objects have in common: patient and study as the images have them, times, equipment.

highdicom parses patient and study attributes, and a value that is odd but stored would stop the report;
so its objects are made of skeletons, and identity is copied unparsed afterwards.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone
from io import BytesIO
from typing import TypedDict

from highdicom import ContributingEquipment
from highdicom.base import SOPClass
from highdicom.coding_schemes import CodingSchemeIdentificationItem
from pydicom import DataElement, Dataset
from pydicom.config import RAISE
from pydicom.sr.codedict import codes
from pydicom.tag import Tag
from pydicom.uid import Comprehensive3DSRStorage
from pydicom.valuerep import DA, STR_VR, TM, validate_value

from viewer.dicom.scope import Scope
from viewer.domain.finding import Algorithm
from viewer.export.uids import device_uid, instance_uid, series_uid
from viewer.review.codes import LOCAL_SCHEME, LOCAL_SCHEME_UID
from viewer.review.report import SignedReport

MANUFACTURER = "SecondRead project"
MODEL_NAME = "SecondRead"
NOT_STATED = "Not stated"
"""For attributes that may not be empty and that the viewer does not know."""

RESEARCH = "research use only"
"""In the Series Description of every object (Content Qualification is not part of each IOD)."""

TEXT_LIMIT = 64
"""Characters of an LO value (PS3.5 6.2)."""

UTF8 = "ISO_IR 192"
SOP_CLASS_UID = Tag("SOPClassUID")
_IDENTITY = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID")
_EMPTY_WHERE_UNKNOWN = (
    "PatientID",
    "PatientName",
    "PatientBirthDate",
    "PatientSex",
    "AccessionNumber",
    "StudyID",
    "StudyDate",
    "StudyTime",
    "ReferringPhysicianName",
)
"""Type 2 attributes of the Patient and General Study modules."""


class OfAnyClass(SOPClass):
    """An object of highdicom's that can also be made of images of retired classes."""

    def copy_patient_and_study_information(self, dataset: Dataset) -> None:
        """Copy the Patient and Study modules; their attributes are the same in every IOD.

        `dataset` stays as it is: a Dataset shares its elements with one it was updated from.
        """
        alike = Dataset()
        alike.update({tag: held for tag, held in dataset.items() if tag != SOP_CLASS_UID})
        alike.SOPClassUID = Comprehensive3DSRStorage
        super().copy_patient_and_study_information(alike)


class Heading(TypedDict):
    """Keywords of highdicom's constructors for series, instance, equipment and character set."""

    series_instance_uid: str
    series_number: int
    series_description: str
    sop_instance_uid: str
    instance_number: int
    manufacturer: str
    manufacturer_model_name: str
    software_versions: str
    specific_character_set: str


def heading(
    report: SignedReport,
    kind: str,
    series_number: int,
    description: str,
    number: int,
    part: str = "",
) -> Heading:
    """What every object states of itself.

    kind: tells its UIDs from those of other objects of the report. part: tells instances of one kind
    apart; they share a series. number: Instance Number.
    """
    return Heading(
        series_instance_uid=series_uid(report.report_uid, kind),
        series_number=series_number,
        series_description=f"{description} ({RESEARCH})",
        sop_instance_uid=instance_uid(report.report_uid, kind + part),
        instance_number=number,
        manufacturer=MANUFACTURER,
        manufacturer_model_name=MODEL_NAME,
        software_versions=report.software[:TEXT_LIMIT],
        specific_character_set=UTF8,
    )


def frame_count(source: Dataset) -> int:
    """Number of Frames (0028,0008) of an image; one where it is not stated."""
    return Scope((source,)).integer("NumberOfFrames") or 1


def referenced_frame(source: Dataset, frame: int) -> list[int] | None:
    """Referenced Frame Number (0008,1160) of a frame counted from 0; None where an image has only one."""
    return [frame + 1] if frame_count(source) > 1 else None


def as_bytes(document: Dataset) -> bytes:
    """The file, PS3.10."""
    stream = BytesIO()
    document.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def skeleton(source: Dataset, *more: str) -> Dataset:
    """Identity of an image without patient data; more: keywords that are kept where they are stated."""
    bare = Dataset()
    for keyword in _IDENTITY:
        setattr(bare, keyword, source[keyword].value)
    for keyword in _EMPTY_WHERE_UNKNOWN:
        setattr(bare, keyword, "")
    for keyword in more:
        if keyword in source:
            bare[keyword] = source[keyword]
    return bare


def finished(document: OfAnyClass, report: SignedReport, source: Dataset) -> None:
    """Identity of `source`, the moment of signing, the algorithms, and the private scheme where it is used."""
    copy_identity(document, source)
    set_times(document, report.signature.at, source)
    set_equipment(document, (run.algorithm for run in report.runs))
    declare_schemes(document)


def declare_schemes(document: Dataset) -> None:
    """Coding Scheme Identification (0008,0110): every private scheme that a code in it is of (PS3.16 8.2)."""
    used = sorted({scheme for scheme in _schemes(document) if scheme.startswith(PRIVATE)})
    if used:
        items = [local_scheme() if one == LOCAL_SCHEME else _model_scheme(one) for one in used]
        document.CodingSchemeIdentificationSequence = items


def _schemes(document: Dataset) -> Iterator[str]:
    for element in document.iterall():
        if element.keyword == "CodingSchemeDesignator" and element.value:
            yield str(element.value)


def _model_scheme(designator: str) -> CodingSchemeIdentificationItem:
    """A scheme that a model package brought; what its codes mean, their meanings say."""
    return CodingSchemeIdentificationItem(
        designator=designator, name=f"{designator}: labels of AI models, private to their makers"
    )


def copy_identity(document: OfAnyClass, source: Dataset) -> None:
    """Patient and study as the image has them; a value that breaks its VR only where it must be there."""
    required = set(document.keys())
    source.decode()
    document.copy_patient_and_study_information(source)
    for tag in set(document.keys()) - required:
        if not _is_legal(document[tag]):
            del document[tag]
    if document.get("PatientIdentityRemoved") == "YES":
        _state_deidentification(document)
    if "TimezoneOffsetFromUTC" in source:
        document.TimezoneOffsetFromUTC = source.TimezoneOffsetFromUTC


def _is_legal(element: DataElement) -> bool:
    """Whether each value that is text fits its Value Representation (PS3.5 6.2)."""
    if element.VR not in STR_VR:
        return True
    values = element.value if element.VM > 1 else [element.value]
    try:
        for value in values:
            validate_value(element.VR, str(value), RAISE)
    except ValueError:
        return False
    return True


def _state_deidentification(document: Dataset) -> None:
    """De-identification Method (0012,0063) is Type 1C; many images leave it out."""
    methods = ("DeidentificationMethod", "DeidentificationMethodCodeSequence")
    if not any(document.get(keyword) for keyword in methods):
        document.DeidentificationMethod = NOT_STATED


def set_times(document: Dataset, at: datetime, source: Dataset) -> None:
    """Content and creation are the moment `at`, in the zone the study's times are in."""
    local = at.astimezone(_zone(source, at))
    document.ContentDate = document.InstanceCreationDate = DA(local.date())
    document.ContentTime = document.InstanceCreationTime = TM(local.time())


def _zone(source: Dataset, at: datetime) -> timezone:
    """Timezone Offset From UTC (0008,0201) where the study states it, else the signer's."""
    stated = str(source.get("TimezoneOffsetFromUTC") or "") or at.strftime("%z")
    sign = -1 if stated.startswith("-") else 1
    hours, minutes = int(stated[-4:-2]), int(stated[-2:])
    return timezone(sign * timedelta(hours=hours, minutes=minutes))


PRIVATE = "99"
"""How the designators of private coding schemes begin (PS3.16 section 8.2)."""


def local_scheme() -> CodingSchemeIdentificationItem:
    """Declares the private coding scheme (PS3.16 section 8)."""
    item = CodingSchemeIdentificationItem(
        designator=LOCAL_SCHEME,
        name="SecondRead reader assessment",
        version="1",
        responsible_organization=MANUFACTURER,
    )
    item.CodingSchemeUID = LOCAL_SCHEME_UID
    return item


def set_equipment(document: Dataset, algorithms: Iterable[Algorithm]) -> None:
    """Contributing Equipment (0018,A001): each algorithm, as IHE AIR asks."""
    used = dict.fromkeys(algorithms)
    document.ContributingEquipmentSequence = [_equipment(algorithm) for algorithm in used]
    if not used:
        del document.ContributingEquipmentSequence


def _equipment(algorithm: Algorithm) -> ContributingEquipment:
    item = ContributingEquipment(
        manufacturer=algorithm.manufacturer[:TEXT_LIMIT] or NOT_STATED,
        purpose_of_reference=codes.DCM.ProcessingEquipment,
        manufacturer_model_name=algorithm.name[:TEXT_LIMIT],
        software_versions=algorithm.version[:TEXT_LIMIT],
    )
    item.DeviceUID = device_uid(algorithm.sha256)
    return item
