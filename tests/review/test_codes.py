"""The reviewed code tables: digits that check, codes that DICOM knows, keys that are unique."""

import csv

import pytest
from pydicom.sr._concepts_dict import concepts as dicom_concepts

from viewer.base.paths import resource
from viewer.domain.coding import CodedConcept
from viewer.review.codes import LOCAL_SCHEME, concepts, concepts_for, report_code
from viewer.review.decision import OverrideReason, Verdict

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


def rows(name: str) -> list[dict[str, str]]:
    with resource("codes", name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def all_codes() -> list[CodedConcept]:
    found = [concept.code for concept in concepts()]
    found += [concept.site for concept in concepts() if concept.site is not None]
    return found + [report_code(row["key"]) for row in rows("report.csv")]


@pytest.mark.parametrize("code", [c for c in all_codes() if c.scheme == "SCT"], ids=str)
def test_every_snomed_code_passes_its_check_digit(code: CodedConcept) -> None:
    assert passes_verhoeff(code.value)


def test_the_check_digit_test_refuses_an_invented_code() -> None:
    assert not passes_verhoeff("78381009")


def in_dicom(code: dict[str, str]) -> bool:
    return any(code["value"] in named for named in dicom_concepts[code["scheme"]].values())


@pytest.mark.parametrize("table", ["findings.csv", "report.csv"])
def test_every_code_said_to_be_in_dicom_is_in_the_dictionary_of_pydicom(table: str) -> None:
    stated = [row for row in rows(table) if "DICT" in row["verified_by"].split()]
    assert stated
    assert [row["key"] for row in stated if not in_dicom(row)] == []


def test_every_verdict_and_reason_has_a_code_of_its_own() -> None:
    values = [report_code(each.value).value for each in (*Verdict, *OverrideReason)]
    assert len(set(values)) == len(values)


@pytest.mark.parametrize("table", ["findings.csv", "report.csv"])
def test_no_key_is_used_twice(table: str) -> None:
    keys = [row["key"] for row in rows(table)]
    assert len(set(keys)) == len(keys)


def test_a_private_code_fits_the_16_characters_of_code_value() -> None:
    private = [code.value for code in all_codes() if code.scheme == LOCAL_SCHEME]
    assert private and max(map(len, private)) <= 16


def test_a_radiograph_is_offered_chest_findings_and_no_brain_tumour() -> None:
    keys = {concept.key for concept in concepts_for("DX")}
    assert {"enlarged_cardiac_silhouette", "lung_mass", "other"} <= keys
    assert "brain_tumour" not in keys
