"""Patient, age and acquisition are read as stated and never filled in."""

import pytest
from pydicom.dataset import Dataset

from viewer.dicom.header import acquisition_of, age_years, patient_of
from viewer.dicom.scope import Scope


def scope(**attributes: object) -> Scope:
    dataset = Dataset()
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return Scope((dataset,))


@pytest.mark.parametrize(
    ("age", "years"),
    [
        ("02²Y", None),
        ("034Y", 34.0),
        ("006M", 0.5),
        ("010W", 70 / 365.25),
        ("003D", 3 / 365.25),
        ("34", None),
    ],
)
def test_an_age_string_is_read_in_its_unit(age, years) -> None:
    found = age_years(scope(PatientAge=age))
    assert found == (None if years is None else pytest.approx(years, abs=0.01))


def test_an_age_is_taken_from_the_dates_where_it_is_not_stated() -> None:
    found = age_years(scope(PatientBirthDate="19800115", StudyDate="20200115"))
    assert found == pytest.approx(40.0, abs=0.01)


def test_no_age_is_guessed() -> None:
    assert age_years(scope(PatientBirthDate="19800115")) is None
    assert age_years(scope(PatientBirthDate="20300115", StudyDate="20200115")) is None
    assert age_years(scope(PatientAge="999Y")) is None


def test_all_component_groups_of_a_name_are_kept() -> None:
    name = "Yamada^Tarou=山田^太郎=やまだ^たろう"
    stated = scope(SpecificCharacterSet="ISO_IR 192", PatientName=name, PatientID=" 12 ")
    patient = patient_of(stated)
    assert patient.name == name
    assert patient.patient_id == "12"


def test_what_the_file_does_not_say_stays_empty() -> None:
    acquisition = acquisition_of(scope(Modality="DX"))
    assert (acquisition.view, acquisition.body_part, acquisition.laterality) == ("", "", "")
    assert acquisition.age_years is None
    assert acquisition.slice_thickness_mm is None


def test_view_and_body_part_are_upper_case() -> None:
    acquisition = acquisition_of(scope(ViewPosition="pa", BodyPartExamined="Chest"))
    assert (acquisition.view, acquisition.body_part) == ("PA", "CHEST")


@pytest.mark.parametrize(
    ("cosines", "plane"),
    [
        ([1, 0, 0, 0, 1, 0], "AXIAL"),
        ([-1, 0, 0, 0, 0.9703, 0.2419], "AXIAL"),
        ([1, 0, 0, 0, 0, -1], "CORONAL"),
        ([0, 1, 0, 0, 0, -1], "SAGITTAL"),
        ([1, 0, 0, 0, 0.7071, 0.7071], "OBLIQUE"),
        ([1, 0, 0, 1, 0, 0], ""),
    ],
)
def test_the_plane_of_the_slices_is_told_from_their_directions(cosines, plane) -> None:
    assert acquisition_of(scope(ImageOrientationPatient=cosines)).orientation == plane


def test_a_sequence_is_read_of_mr_alone() -> None:
    named = {"SeriesDescription": "FLAIR"}
    assert acquisition_of(scope(Modality="MR", **named)).sequence == "FLAIR"
    assert acquisition_of(scope(Modality="CT", **named)).sequence == ""
