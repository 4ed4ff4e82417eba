"""PlainObject: the header of an exported object that highdicom has no class for, or none that fits."""

from pydicom import Dataset
from pydicom.uid import ExplicitVRLittleEndian

from viewer.export.dicom_object import OfAnyClass, finished, heading
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

    kind, series_number, description, part, number: see `heading`.
    """
    made = PlainObject(
        study_instance_uid=report.study.uid,
        sop_class_uid=sop_class,
        modality=modality,
        transfer_syntax_uid=ExplicitVRLittleEndian,
        **heading(report, kind, series_number, description, number, part),
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
