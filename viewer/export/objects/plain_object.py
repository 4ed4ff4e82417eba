"""PlainObject: the header of an exported object that highdicom has no class for, or none that fits."""

from pydicom import Dataset
from pydicom.uid import ExplicitVRLittleEndian

from viewer.export.dicom_object import (
    MANUFACTURER,
    MODEL_NAME,
    RESEARCH,
    TEXT_LIMIT,
    UTF8,
    OfAnyClass,
    finished,
)
from viewer.export.uids import instance_uid, series_uid
from viewer.review.report import SignedReport


class PlainObject(OfAnyClass):
    """Patient, study, series, equipment and SOP Common modules; the rest is its maker's."""


def plain_object(
    report: SignedReport,
    source: Dataset,
    *,
    kind: str,
    sop_class: str,
    modality: str,
    series_number: int,
    description: str,
    part: str = "",
    number: int = 1,
) -> PlainObject:
    """A new object in a new series of the study of `source`.

    kind: tells its UIDs from those of other objects of the report. part: tells instances of one kind
    apart; they share a series. number: Instance Number.
    """
    made = PlainObject(
        study_instance_uid=report.study.uid,
        series_instance_uid=series_uid(report.report_uid, kind),
        series_number=series_number,
        sop_instance_uid=instance_uid(report.report_uid, kind + part),
        sop_class_uid=sop_class,
        instance_number=number,
        modality=modality,
        manufacturer=MANUFACTURER,
        manufacturer_model_name=MODEL_NAME,
        software_versions=report.software[:TEXT_LIMIT],
        series_description=f"{description} ({RESEARCH})",
        transfer_syntax_uid=ExplicitVRLittleEndian,
        specific_character_set=UTF8,
    )
    finished(made, report, source)
    _set_body_part(made, source)
    return made


def _set_body_part(made: Dataset, source: Dataset) -> None:
    """Laterality (0020,0060) is Type 2C: of a body part that may be paired, empty where not stated."""
    if source.get("BodyPartExamined"):
        made.BodyPartExamined = source.BodyPartExamined
    if source.get("Laterality") or not source.get("BodyPartExamined"):
        made.Laterality = source.get("Laterality") or ""
