"""The SR document: header, verification and evidence around the content tree."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from io import BytesIO

from highdicom import ContributingEquipment
from highdicom.coding_schemes import CodingSchemeIdentificationItem
from highdicom.sr import Comprehensive3DSR
from pydicom import DataElement, Dataset
from pydicom.config import RAISE
from pydicom.sr.codedict import codes
from pydicom.uid import Comprehensive3DSRStorage
from pydicom.valuerep import DA, STR_VR, TM, validate_value

from viewer.domain.finding import Algorithm
from viewer.export.highdicom_sr.tree import report_tree
from viewer.export.sr_content import groups_of
from viewer.export.uids import date_time, device_uid, instance_uid, person_name, series_uid
from viewer.review.codes import LOCAL_SCHEME, LOCAL_SCHEME_UID
from viewer.review.report import SignedReport

KIND = "reader SR"
"""Tells this object's UIDs from those of other objects of the same report."""

SERIES_NUMBER = 990
"""Series 9xx are made by programs, after those of any scanner."""

SERIES_DESCRIPTION = "Reader second read (research use only)"
MANUFACTURER = "SecondRead project"
MODEL_NAME = "SecondRead"
NOT_STATED = "Not stated"
"""Verifying Organization (0040,A027) may not be empty, and the viewer does not know it."""

TEXT_LIMIT = 64
"""Characters of an LO value (PS3.5 6.2)."""

UTF8 = "ISO_IR 192"
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


class ReaderDocument(Comprehensive3DSR):
    """highdicom's document, which can also be made of images of retired classes."""

    def copy_patient_and_study_information(self, dataset: Dataset) -> None:
        """Copy the Patient and Study modules; their attributes are the same in every IOD."""
        alike = Dataset()
        alike.update(dataset)
        alike.SOPClassUID = Comprehensive3DSRStorage
        super().copy_patient_and_study_information(alike)


def reader_document(report: SignedReport, sources: Mapping[str, Dataset]) -> ReaderDocument:
    """The verified Comprehensive 3D SR of a report.

    sources: headers by SOP Instance UID; the first gives patient and study, copied as they stand.
    """
    first = next(iter(sources.values()))
    document = ReaderDocument(
        evidence=[_skeleton(source) for source in sources.values()],
        content=report_tree(report, groups_of(report), sources),
        series_instance_uid=series_uid(report.report_uid, KIND),
        series_number=SERIES_NUMBER,
        sop_instance_uid=instance_uid(report.report_uid, KIND),
        instance_number=report.version,
        manufacturer=MANUFACTURER,
        manufacturer_model_name=MODEL_NAME,
        software_versions=report.software[:TEXT_LIMIT],
        is_complete=True,
        is_final=True,
        is_verified=True,
        verifying_observer_name=person_name(report.signature.reader),
        verifying_organization=NOT_STATED,
        series_description=SERIES_DESCRIPTION,
        specific_character_set=UTF8,
        coding_schemes=[_local_scheme()],
        previous_versions=_predecessors(report),
    )
    _copy_identity(document, first)
    _set_times(document, report, first)
    _set_equipment(document, report)
    return document


def as_bytes(document: ReaderDocument) -> bytes:
    """The file, PS3.10."""
    stream = BytesIO()
    document.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def _skeleton(source: Dataset) -> Dataset:
    """Identity of an image without patient data, which is copied unparsed afterwards."""
    bare = Dataset()
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID"):
        setattr(bare, keyword, source[keyword].value)
    for keyword in _EMPTY_WHERE_UNKNOWN:
        setattr(bare, keyword, "")
    return bare


def _copy_identity(document: ReaderDocument, source: Dataset) -> None:
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


def _state_deidentification(document: ReaderDocument) -> None:
    """De-identification Method (0012,0063) is Type 1C; many images leave it out."""
    methods = ("DeidentificationMethod", "DeidentificationMethodCodeSequence")
    if not any(document.get(keyword) for keyword in methods):
        document.DeidentificationMethod = NOT_STATED


def _set_times(document: ReaderDocument, report: SignedReport, source: Dataset) -> None:
    """Content and creation are the moment of signing, in the zone the study's times are in."""
    at = report.signature.at
    local = at.astimezone(_zone(source, at))
    document.ContentDate = document.InstanceCreationDate = DA(local.date())
    document.ContentTime = document.InstanceCreationTime = TM(local.time())
    document.VerifyingObserverSequence[0].VerificationDateTime = date_time(at)


def _zone(source: Dataset, at: datetime) -> timezone:
    """Timezone Offset From UTC (0008,0201) where the study states it, else the signer's."""
    stated = str(source.get("TimezoneOffsetFromUTC") or "") or at.strftime("%z")
    sign = -1 if stated.startswith("-") else 1
    hours, minutes = int(stated[-4:-2]), int(stated[-2:])
    return timezone(sign * timedelta(hours=hours, minutes=minutes))


def _local_scheme() -> CodingSchemeIdentificationItem:
    item = CodingSchemeIdentificationItem(
        designator=LOCAL_SCHEME,
        name="SecondRead reader assessment",
        version="1",
        responsible_organization=MANUFACTURER,
    )
    item.CodingSchemeUID = LOCAL_SCHEME_UID
    return item


def _set_equipment(document: ReaderDocument, report: SignedReport) -> None:
    """Contributing Equipment (0018,A001): each algorithm, as IHE AIR asks."""
    used = dict.fromkeys(run.algorithm for run in report.runs)
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


def _predecessors(report: SignedReport) -> list[Dataset] | None:
    if not report.predecessor_uid:
        return None
    earlier = Dataset()
    earlier.StudyInstanceUID = report.study.uid
    earlier.SeriesInstanceUID = series_uid(report.predecessor_uid, KIND)
    earlier.SOPInstanceUID = instance_uid(report.predecessor_uid, KIND)
    earlier.SOPClassUID = Comprehensive3DSRStorage
    return [earlier]
