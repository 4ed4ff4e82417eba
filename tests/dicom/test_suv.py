"""SUV by body weight: computed where the file entitles to it, refused with the reason where not."""

import numpy as np
import pytest
from pydicom.dataset import Dataset

from viewer.dicom.decoder import decode
from viewer.dicom.scope import Scope
from viewer.dicom.suv import PET_CLASS, suv_of
from viewer.domain.display_set import FrameRef
from viewer.domain.image import Suv

GIVEN = {
    "RadionuclideTotalDose": 400e6,
    "RadionuclideHalfLife": 6600.0,
    "RadiopharmaceuticalStartTime": "100000.00",
}
PET = {
    "SOPClassUID": PET_CLASS,
    "Units": "BQML",
    "CorrectedImage": ["DECY", "ATTN", "SCAT"],
    "DecayCorrection": "START",
    "SeriesDate": "20260102",
    "SeriesTime": "115000",
    "AcquisitionDate": "20260102",
    "AcquisitionTime": "115230.5",
    "PatientWeight": 70,
}


def attributes(given: dict[str, object], changes: dict[str, object]) -> dict[str, object]:
    injection = Dataset()
    for keyword, value in {**GIVEN, **given}.items():
        setattr(injection, keyword, value)
    return {**PET, "RadiopharmaceuticalInformationSequence": [injection], **changes}


def found(given: dict[str, object] | None = None, **changes: object) -> Suv:
    dataset = Dataset()
    for keyword, value in attributes(given or {}, changes).items():
        setattr(dataset, keyword, value)
    suv = suv_of(Scope((dataset,)))
    assert suv is not None
    return suv


def test_after_one_half_life_half_of_the_dose_counts() -> None:
    stated = found()
    assert stated.factor == pytest.approx(70_000 / 200e6)
    assert stated.words == "400 MBq given 110 min before the scan, 70 kg"


def test_a_stated_date_counts_over_midnight() -> None:
    given = {"RadiopharmaceuticalStartDateTime": "20260101233000"}
    stated = found(given, SeriesTime="012000", AcquisitionTime="012000")
    assert stated.factor == pytest.approx(70_000 / 200e6)


def test_a_moment_in_another_time_zone_is_not_compared() -> None:
    other = {"RadiopharmaceuticalStartDateTime": "20260102110000+0000"}
    assert found(other).factor == found().factor
    own = {"RadiopharmaceuticalStartDateTime": "20260102100000+0100"}
    assert found(own, TimezoneOffsetFromUTC="+0100").factor == found().factor


def test_values_that_are_suv_already_stay() -> None:
    assert found(Units="GML").factor == 1.0
    assert "not by body weight" in found(Units="GML", SUVType="LBM").words


@pytest.mark.parametrize(
    ("given", "changes", "reason"),
    [
        ({}, {"Units": "CNTS"}, "not in Bq/ml"),
        ({}, {"CorrectedImage": ["DECY"]}, "correction ATTN"),
        ({}, {"CorrectedImage": ["ATTN"]}, "correction DECY"),
        ({}, {"DecayCorrection": "ADMIN"}, "start of the scan"),
        ({}, {"DecayCorrection": "NONE"}, "start of the scan"),
        ({}, {"SeriesTime": "130000"}, "made after the scan"),
        ({}, {"SeriesTime": ""}, "time of the scan"),
        ({}, {"PatientWeight": 0}, "weight"),
        ({}, {"PatientWeight": 70000}, "weight"),
        ({}, {"RadiopharmaceuticalInformationSequence": []}, "one injection"),
        ({"RadionuclideTotalDose": 400}, {}, "not in Bq"),
        ({"RadionuclideHalfLife": 0}, {}, "half life"),
        ({"RadiopharmaceuticalStartTime": ""}, {}, "time of the injection"),
        ({"RadiopharmaceuticalStartTime": "120000"}, {}, "shortly before"),
        ({"RadiopharmaceuticalStartDateTime": "20250102100000"}, {}, "shortly before"),
    ],
)
def test_without_its_attributes_there_is_no_suv_and_the_reason_is_said(
    given: dict[str, object], changes: dict[str, object], reason: str
) -> None:
    refused = found(given, **changes)
    assert refused.factor is None
    assert refused.words.startswith("no SUV: ")
    assert reason in refused.words


def test_a_decoded_pet_frame_carries_its_factor_and_a_ct_none(make_dicom) -> None:
    pixels = np.full((4, 4), 1000, np.uint16)
    pet = make_dicom(
        pixels=pixels,
        Modality="PT",
        RescaleSlope=2.0,
        RescaleIntercept=0.0,
        **attributes({}, {}),
    )
    assert decode(FrameRef("1.2", 0, pet)).suv == found()
    assert decode(FrameRef("1.2", 0, make_dicom("ct.dcm"))).suv is None
