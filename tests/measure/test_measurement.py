"""Measurements read as people read them, and annotations come back as they were."""

import json

import cattrs
import pytest

from viewer.domain.coding import CodedConcept
from viewer.domain.measurement import Annotation, Measurement, unit_shown

LENGTH = CodedConcept("410668003", "SCT", "Length")


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (12.345, "mm", "12.3 mm"),
        (0.52499, "1", "0.52"),
        (89.96, "deg", "90.0°"),
        (-3.04, "[hnsf'U]", "-3.0 HU"),
        (250.0, "mm2", "250.0 mm²"),
        (81.0, "{pixels}2", "81 px²"),
        (12.0, "{pixels}", "12.0 px"),
        (3569.0, "{count}", "3569"),
        (30123.4, "", "30123.4"),
        (1.5, "g/ml{SUVbw}", "1.50 SUV bw"),
    ],
)
def test_a_value_is_shown_with_the_unit_people_know(value: float, unit: str, shown: str) -> None:
    assert Measurement("M", value, unit, "evidence").shown == shown


def test_a_unit_without_a_common_name_is_shown_as_the_file_has_it() -> None:
    assert unit_shown("OD") == "OD"


def test_the_sentence_says_what_the_number_rests_on() -> None:
    length = Measurement("Length", 4.0, "mm", "Imager Pixel Spacing (at the detector)")
    assert length.sentence == "Length: 4.0 mm (Imager Pixel Spacing (at the detector))"


def test_an_annotation_comes_back_from_json_exactly() -> None:
    handles = ((0.1, 1 / 3), (511.49999999999994, -0.5))
    drawn = Annotation("2.25.7", "length", "1.2.3", 4, handles, "text", "Target 1")
    text = json.dumps(cattrs.unstructure(drawn))
    assert cattrs.structure(json.loads(text), Annotation) == drawn


@pytest.mark.parametrize("code", [LENGTH, None])
def test_a_measurement_comes_back_from_json_exactly(code: CodedConcept | None) -> None:
    stated = Measurement("Length", 2 / 3, "mm", "Pixel Spacing", code)
    text = json.dumps(cattrs.unstructure(stated))
    assert cattrs.structure(json.loads(text), Measurement) == stated
