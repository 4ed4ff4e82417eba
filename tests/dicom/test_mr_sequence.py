"""FLAIR is told by name and times; nothing else is taken for it."""

import pytest
from pydicom.dataset import Dataset

from viewer.dicom.mr_sequence import sequence_of
from viewer.dicom.scope import Scope


def scope(**attributes: object) -> Scope:
    dataset = Dataset()
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return Scope((dataset,))


@pytest.mark.parametrize(
    "header",
    [
        {"SeriesDescription": "Ax T2 FLAIR"},
        {"ProtocolName": "t2_tirm_dark-fluid_tra"},
        {"SequenceName": "*tir2d1_16", "SeriesDescription": "flair_tra"},
        {"SeriesDescription": "FLAIR", "EchoTime": 120, "InversionTime": 2500},
        {"SeriesDescription": "FLAIR", "EchoTime": 90, "InversionTime": 0},
        {"ScanningSequence": ["SE", "IR"], "EchoTime": 110, "InversionTime": 2200},
    ],
)
def test_flair_by_name_or_by_times(header: dict) -> None:
    assert sequence_of(scope(**header)) == "FLAIR"


@pytest.mark.parametrize(
    "header",
    [
        {"SeriesDescription": "Sag T1 FLAIR", "EchoTime": 9, "InversionTime": 900},
        {"SeriesDescription": "FLAIR", "EchoTime": 20},
        {
            "SeriesDescription": "STIR",
            "ScanningSequence": ["SE", "IR"],
            "EchoTime": 70,
            "InversionTime": 160,
        },
        {"SeriesDescription": "Ax T2 TSE", "EchoTime": 100},
        {"ScanningSequence": "SE", "EchoTime": 110, "InversionTime": 2200},
        {"ScanningSequence": ["SE", "IR"], "EchoTime": 110},
        {"EchoTime": 30},
    ],
)
def test_what_is_described_otherwise_is_something_else(header: dict) -> None:
    assert sequence_of(scope(**header)) == "OTHER"


def test_a_header_that_says_nothing_says_nothing() -> None:
    assert sequence_of(scope(ScanningSequence="SE")) == ""
