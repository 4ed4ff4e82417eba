"""The codes of measurements: each in DICOM's dictionary by the name we give it, digits that check."""

import csv

import pytest
from pydicom.sr._concepts_dict import concepts as dicom_concepts

from viewer.base.paths import resource
from viewer.measure.codes import measurement_code, measurement_codes

_TIMES = str.split(
    "0123456789 1234067895 2340178956 3401289567 4012395678"
    " 5987604321 6598710432 7659821043 8765932104 9876543210"
)
"""Multiplication in the dihedral group D5 (Verhoeff 1969)."""

_PERMUTE = str.split(
    "0123456789 1576283094 5803796142 8916043527 9453126870 4286573901 2793806415 7046913258"
)


def passes_verhoeff(number: str) -> bool:
    check = 0
    for place, digit in enumerate(reversed(number)):
        check = int(_TIMES[check][int(_PERMUTE[place % 8][int(digit)])])
    return check == 0


@pytest.mark.parametrize("key", sorted(measurement_codes()))
def test_every_code_is_in_dicom_with_the_meaning_we_give_it(key: str) -> None:
    code = measurement_code(key)
    meanings = [
        named[code.value][0]
        for named in dicom_concepts[code.scheme].values()
        if code.value in named
    ]
    assert code.meaning in meanings


@pytest.mark.parametrize("key", sorted(measurement_codes()))
def test_every_snomed_code_passes_its_check_digit(key: str) -> None:
    code = measurement_code(key)
    assert code.scheme == "SCT"
    assert passes_verhoeff(code.value)


def test_the_check_digit_test_refuses_an_invented_code() -> None:
    assert not passes_verhoeff("410668004")


def test_no_key_is_used_twice() -> None:
    with resource("codes", "measurements.csv").open(encoding="utf-8", newline="") as table:
        keys = [row["key"] for row in csv.DictReader(table)]
    assert len(keys) == len(set(keys)) == len(measurement_codes())


def test_a_missing_key_raises() -> None:
    with pytest.raises(KeyError):
        measurement_code("volume")
