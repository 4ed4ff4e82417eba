"""The view comes from View Position or its code; a contradiction is no statement."""

import pytest
from pydicom.dataset import Dataset

from viewer.dicom.scope import Scope
from viewer.dicom.view_codes import view_of

PA, AP, LATERAL = "272479007", "399348003", "399067008"


def view(position: str, *codes: str) -> str:
    dataset = Dataset()
    dataset.ViewPosition = position
    items = []
    for code in codes:
        item = Dataset()
        item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = code, "SCT", "view"
        items.append(item)
    dataset.ViewCodeSequence = items
    return view_of(Scope((dataset,)))


@pytest.mark.parametrize(
    ("position", "codes", "expected"),
    [
        ("PA", [], "PA"),
        ("", [PA], "PA"),
        ("", [AP], "AP"),
        ("", [LATERAL], "LATERAL"),
        ("", ["R-10206"], "AP"),
        ("PA", [PA], "PA"),
        ("", [], ""),
        ("", ["123"], ""),
        ("LLO", [PA], "LLO"),
    ],
)
def test_the_view_is_what_the_file_states(position, codes, expected) -> None:
    assert view(position, *codes) == expected


@pytest.mark.parametrize(
    ("position", "code"), [("PA", AP), ("AP", PA), ("PA", LATERAL), ("LL", PA)]
)
def test_position_and_code_that_contradict_each_other_state_nothing(position, code) -> None:
    assert view(position, code) == ""


def test_two_codes_state_nothing() -> None:
    assert view("", PA, AP) == ""
