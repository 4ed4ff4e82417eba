"""A StudyQuery as attributes of a query, and what is answered as values: for DIMSE and DICOMweb alike."""

from collections.abc import Callable, Mapping, Sequence

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from viewer.domain.pacs import InstanceRef, ScheduledStep, StudyMatch, StudyQuery

STUDY_KEYS = (
    "PatientName",
    "PatientID",
    "PatientBirthDate",
    "PatientSex",
    "StudyInstanceUID",
    "StudyDate",
    "StudyTime",
    "StudyDescription",
    "AccessionNumber",
    "ModalitiesInStudy",
    "NumberOfStudyRelatedSeries",
    "NumberOfStudyRelatedInstances",
)
"""What is asked for of a study (PS3.4 table C.6-5)."""

Get = Callable[[str], str]


def contains(text: str) -> str:
    """A wild card match for text that may stand anywhere; words may have others between them."""
    words = text.replace("^", " ").split()
    return "*" + "*".join(words) + "*" if words and "*" not in text and "?" not in text else text


def study_matching(query: StudyQuery) -> dict[str, str]:
    """The matching keys that are not empty, by DICOM keyword."""
    wanted = {
        "PatientName": contains(query.patient_name),
        "PatientID": query.patient_id,
        "AccessionNumber": query.accession_number,
        "StudyDescription": contains(query.description),
        "ModalitiesInStudy": query.modality,
        "StudyDate": query.date_range,
        "StudyInstanceUID": query.study_uid,
    }
    return {keyword: value for keyword, value in wanted.items() if value}


def identifier(level: str, keys: Sequence[str], matching: Mapping[str, str]) -> Dataset:
    """The identifier of a C-FIND: `keys` universally matched but for those in `matching`."""
    asked = Dataset()
    if level:
        asked.QueryRetrieveLevel = level
    for keyword in dict.fromkeys((*keys, *matching)):
        setattr(asked, keyword, matching.get(keyword, ""))
    return asked


def text_of(answer: Dataset, keyword: str) -> str:
    """An attribute as text, values parted by a backslash; "" where it is absent or unreadable."""
    try:
        value = answer.get(keyword)
    except (ValueError, TypeError, KeyError, AttributeError, NotImplementedError):
        return ""
    if value is None:
        return ""
    return "\\".join(str(one) for one in value) if isinstance(value, MultiValue) else str(value)


def study_match(get: Get) -> StudyMatch:
    """An answer as a StudyMatch; `get` gives an attribute as text."""
    return StudyMatch(
        uid=get("StudyInstanceUID"),
        patient_name=get("PatientName"),
        patient_id=get("PatientID"),
        birth_date=get("PatientBirthDate"),
        sex=get("PatientSex"),
        date=get("StudyDate"),
        time=get("StudyTime"),
        description=get("StudyDescription"),
        accession_number=get("AccessionNumber"),
        modalities=tuple(filter(None, get("ModalitiesInStudy").split("\\"))),
        series=_count(get("NumberOfStudyRelatedSeries")),
        instances=_count(get("NumberOfStudyRelatedInstances")),
    )


def instance_ref(get: Get, series_uid: str) -> InstanceRef:
    """An answer as an InstanceRef of that series."""
    return InstanceRef(get("SOPInstanceUID"), get("SOPClassUID"), series_uid)


def scheduled_step(answer: Dataset) -> ScheduledStep:
    """An answer of a Modality Worklist as a ScheduledStep."""
    steps = answer.get("ScheduledProcedureStepSequence") or [Dataset()]
    step = steps[0]
    return ScheduledStep(
        patient_name=text_of(answer, "PatientName"),
        patient_id=text_of(answer, "PatientID"),
        birth_date=text_of(answer, "PatientBirthDate"),
        sex=text_of(answer, "PatientSex"),
        accession_number=text_of(answer, "AccessionNumber"),
        procedure=text_of(answer, "RequestedProcedureDescription")
        or text_of(step, "ScheduledProcedureStepDescription"),
        modality=text_of(step, "Modality"),
        start_date=text_of(step, "ScheduledProcedureStepStartDate"),
        start_time=text_of(step, "ScheduledProcedureStepStartTime"),
        station=text_of(step, "ScheduledStationAETitle"),
        study_uid=text_of(answer, "StudyInstanceUID"),
    )


def _count(text: str) -> int | None:
    return int(text) if text.isdecimal() else None
