"""Dataset to domain values: who the patient is, which study, and how the image was acquired."""

from datetime import date
from pathlib import Path

from pydicom.uid import UID

from viewer.dicom.mr_sequence import sequence_of
from viewer.dicom.orientation import slice_orientation
from viewer.dicom.scope import Scope
from viewer.dicom.view_codes import view_of
from viewer.domain.display_set import Acquisition
from viewer.domain.study import Instance, Patient

DAYS_PER_UNIT = {"Y": 365.25, "M": 30.4375, "W": 7.0, "D": 1.0}
"""Age String units (PS3.5 6.2, VR AS)."""

OLDEST_YEARS = 130.0
"""An age above this is a slip of the pen, not an age."""


def patient_of(scope: Scope) -> Patient:
    """Patient module (PS3.3 C.7.1.1); `name` holds all component groups as stored."""
    return Patient(
        patient_id=scope.text("PatientID"),
        name=scope.text("PatientName"),
        birth_date=scope.text("PatientBirthDate"),
        sex=scope.text("PatientSex"),
        issuer=scope.text("IssuerOfPatientID"),
    )


def acquisition_of(scope: Scope) -> Acquisition:
    """The header facts that decide which models apply; absent ones stay empty."""
    modality = scope.text("Modality")
    return Acquisition(
        modality=modality,
        body_part=scope.text("BodyPartExamined").upper(),
        view=view_of(scope),
        patient_position=scope.text("PatientPosition").upper(),
        photometric=scope.text("PhotometricInterpretation"),
        image_type=scope.texts("ImageType"),
        age_years=age_years(scope),
        rows=scope.integer("Rows") or 0,
        columns=scope.integer("Columns") or 0,
        laterality=_laterality(scope),
        burned_in_annotation=scope.text("BurnedInAnnotation").upper(),
        manufacturer=scope.text("Manufacturer"),
        slice_thickness_mm=scope.number("SliceThickness"),
        sequence=sequence_of(scope) if modality == "MR" else "",
        orientation=slice_orientation(scope),
    )


def _laterality(scope: Scope) -> str:
    keywords = ("ImageLaterality", "FrameLaterality", "Laterality")
    return next((text for text in map(scope.text, keywords) if text), "").upper()


def age_years(scope: Scope) -> float | None:
    """Patient's Age (0010,1010), else from the dates of birth and study, else None."""
    stated = _age_of_string(scope.text("PatientAge"))
    age = stated if stated is not None else _age_of_dates(scope)
    return age if age is not None and 0 <= age <= OLDEST_YEARS else None


def _age_of_string(age: str) -> float | None:
    count, unit = age[:-1], age[-1:].upper()
    if not (count.isascii() and count.isdigit()) or unit not in DAYS_PER_UNIT:
        return None
    return int(count) * DAYS_PER_UNIT[unit] / DAYS_PER_UNIT["Y"]


def _age_of_dates(scope: Scope) -> float | None:
    born = _date(scope.text("PatientBirthDate"))
    seen = next(filter(None, map(_date, map(scope.text, ("StudyDate", "AcquisitionDate")))), None)
    if born is None or seen is None:
        return None
    return (seen - born).days / DAYS_PER_UNIT["Y"]


def _date(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None


def instance_of(scope: Scope, path: Path, syntax: UID | None, frames: int) -> Instance:
    """One file's identity and shape; `frames` is 0 without pixels (PS3.3 C.12.1, C.7.6.6)."""
    return Instance(
        sop_instance_uid=scope.text("SOPInstanceUID"),
        sop_class_uid=scope.text("SOPClassUID"),
        path=path,
        transfer_syntax_uid=str(syntax or ""),
        frames=frames,
        rows=scope.integer("Rows") or 0,
        columns=scope.integer("Columns") or 0,
        number=scope.integer("InstanceNumber"),
    )
