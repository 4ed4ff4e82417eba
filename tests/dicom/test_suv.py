"""SUV by body weight: computed where the file entitles to it, refused with the reason where not."""

import numpy as np
import pytest
from pydicom.dataset import Dataset

from viewer.dicom.decoder import decode
from viewer.dicom.scope import Scope
from viewer.dicom.suv import ENHANCED_PET_CLASS, GE, PET_CLASS, PHILIPS, suv_of
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
        ({}, {"Units": "CNTS"}, "counts, without a factor"),
        ({}, {"Units": "PROPCNTS"}, "not in Bq/ml"),
        ({}, {"CorrectedImage": ["DECY"]}, "correction ATTN"),
        ({}, {"CorrectedImage": ["ATTN"]}, "correction DECY"),
        ({}, {"DecayCorrection": "NONE"}, "start of the scan"),
        ({}, {"SeriesTime": "130000"}, "made after the scan"),
        ({}, {"SeriesTime": ""}, "time of the scan"),
        ({}, {"PatientWeight": 0}, "weight"),
        ({}, {"PatientWeight": 70000}, "weight"),
        ({}, {"RadiopharmaceuticalInformationSequence": []}, "one injection"),
        ({"RadionuclideTotalDose": 400}, {}, "not in the unit"),
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


def test_decay_corrected_to_the_injection_the_whole_dose_counts() -> None:
    stated = found(DecayCorrection="ADMIN")
    assert stated.factor == pytest.approx(70_000 / 400e6)
    assert stated.words == "400 MBq, decay corrected to the injection, 70 kg"


def with_private(creator: str, group: int, elements: dict[int, object], **changes: object) -> Suv:
    dataset = Dataset()
    for keyword, value in attributes({}, changes).items():
        setattr(dataset, keyword, value)
    block = dataset.private_block(group, creator, create=True)
    for element, value in elements.items():
        block.add_new(element, "DT" if isinstance(value, str) else "DS", value)
    suv = suv_of(Scope((dataset,)))
    assert suv is not None
    return suv


def test_counts_have_a_suv_by_the_factor_of_philips() -> None:
    stated = with_private(PHILIPS, 0x7053, {0x00: 0.000587, 0x09: 3.5}, Units="CNTS")
    assert stated.factor == pytest.approx(0.000587)
    assert "SUV Scale Factor of Philips" in stated.words


def test_counts_without_that_factor_go_through_the_activity() -> None:
    stated = with_private(PHILIPS, 0x7053, {0x00: 0.0, 0x09: 3.5}, Units="CNTS")
    assert stated.factor == pytest.approx(3.5 * 70_000 / 200e6)


def test_the_same_element_of_another_creator_is_not_believed() -> None:
    stated = with_private("SOMEBODY ELSE", 0x7053, {0x00: 0.000587}, Units="CNTS")
    assert stated.factor is None


def test_a_series_made_later_takes_the_start_of_the_scan_that_ge_states() -> None:
    stated = with_private(GE, 0x0009, {0x0D: "20260102115000.00"}, SeriesTime="150000")
    assert stated.factor == pytest.approx(70_000 / 200e6)
    after = with_private(GE, 0x0009, {0x0D: "20260102140000.00"}, SeriesTime="150000")
    assert after.factor is None


ENHANCED = {
    "SOPClassUID": ENHANCED_PET_CLASS,
    "AttenuationCorrected": "YES",
    "DecayCorrected": "YES",
    "DecayCorrectionDateTime": "20260102115000",
    "RescaleSlope": 2.0,
    "RescaleIntercept": 0.0,
}
MEGABECQUEREL = {
    "RadionuclideTotalDose": 400.0,
    "RadiopharmaceuticalStartDateTime": "20260102100000",
}


def mapping(unit: str = "Bq/ml", slope: float = 2.0, offset: float = 0.0) -> list[Dataset]:
    code, one = Dataset(), Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = unit, "UCUM", unit
    one.RealWorldValueSlope, one.RealWorldValueIntercept = slope, offset
    one.MeasurementUnitsCodeSequence = [code]
    return [one]


def enhanced(given: dict[str, object] | None = None, **changes: object) -> Suv:
    whole = {**ENHANCED, "RealWorldValueMappingSequence": mapping(), **changes}
    return found({**MEGABECQUEREL, **(given or {})}, **whole)


def test_enhanced_pet_states_its_dose_in_megabecquerel() -> None:
    assert enhanced().factor == pytest.approx(70_000 / 200e6)
    assert enhanced().words == "400 MBq given 110 min before the scan, 70 kg"


def test_enhanced_pet_may_state_suv_itself() -> None:
    stated = enhanced(RealWorldValueMappingSequence=mapping("g/ml{SUVbw}", 0.004))
    assert stated.factor == pytest.approx(0.002), "of one unit of the modality value"


@pytest.mark.parametrize(
    ("given", "changes", "reason"),
    [
        ({"RadionuclideTotalDose": 400e6}, {}, "not in the unit"),
        ({}, {"DecayCorrected": "NO"}, "correction DECY"),
        ({}, {"AttenuationCorrected": "NO"}, "correction ATTN"),
        ({}, {"DecayCorrectionDateTime": ""}, "to which decay is corrected"),
        ({}, {"RealWorldValueMappingSequence": []}, "unit of its values"),
        ({}, {"RealWorldValueMappingSequence": mapping(offset=1.0)}, "unit of its values"),
        ({}, {"RealWorldValueMappingSequence": mapping("{counts}")}, "not in Bq/ml"),
        ({}, {"PatientWeight": None}, "weight"),
    ],
)
def test_enhanced_pet_that_leaves_something_open_has_no_suv(
    given: dict[str, object], changes: dict[str, object], reason: str
) -> None:
    refused = enhanced(given, **changes)
    assert refused.factor is None
    assert reason in refused.words


def test_an_enhanced_pet_frame_finds_its_unit_in_the_functional_groups(make_dicom) -> None:
    shared, rescale = Dataset(), Dataset()
    rescale.RescaleSlope, rescale.RescaleIntercept, rescale.RescaleType = 2.0, 0.0, "US"
    shared.PixelValueTransformationSequence = [rescale]
    shared.RealWorldValueMappingSequence = mapping()
    whole = {**ENHANCED, "RescaleSlope": None, "RescaleIntercept": None, "NumberOfFrames": 2}
    path = make_dicom(
        pixels=np.full((4, 2), 1000, np.uint16),
        Rows=2,
        Modality="PT",
        SharedFunctionalGroupsSequence=[shared],
        PerFrameFunctionalGroupsSequence=[Dataset(), Dataset()],
        **attributes(MEGABECQUEREL, whole),
    )
    assert decode(FrameRef("1.2", 1, path)).suv == enhanced()
