"""Where a model may run: the header decides, the reader fills in what it leaves open, nothing is guessed."""

from dataclasses import replace

import pytest

from viewer.domain.display_set import Acquisition
from viewer.domain.geometry import EdgeLetters
from viewer.inference.applicability import (
    CONFIRMED,
    OTHER_BODY_PART,
    OTHER_VIEW,
    Applicable,
    AskView,
    NotApplicable,
    applicable,
    orientation_refusal,
)
from viewer.inference.manifest import Manifest
from viewer.inference.manifest_parts import ApplicabilitySpec
from viewer.inference.model_package import ModelPackage

PA_FILM = Acquisition(
    "DX", "CHEST", "PA", photometric="MONOCHROME2", age_years=54.0, rows=2000, columns=1800
)


@pytest.fixture
def manifest(package: ModelPackage) -> Manifest:
    """Of a model for PA chest films of people from 16 years on."""
    return package.manifest


def test_a_stated_pa_chest_film_of_an_adult_is_read_without_a_question(manifest: Manifest) -> None:
    assert applicable(manifest, PA_FILM) == Applicable(())
    assert (
        applicable(manifest, replace(PA_FILM, modality="CR", body_part="Thorax ")) == Applicable()
    )


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"modality": "CT"}, "reads CR or DX images; this is CT"),
        ({"modality": ""}, "unknown modality"),
        ({"photometric": "RGB"}, "this one is RGB"),
        ({"photometric": ""}, "unknown colour type"),
        ({"body_part": "RIBCAGE"}, "body part as RIBCAGE"),
        ({"body_part": "HAND"}, "valid on PA views of the chest only"),
        ({"view": "AP"}, "AP view: the model is valid on PA views of the chest only"),
        ({"view": "LL"}, "LL view: the model is valid on PA views"),
        ({"view": "LATERAL"}, "LATERAL view"),
        ({"view": "LLD"}, "LLD view"),
        ({"patient_position": "HFS"}, "lying (supine)"),
        ({"patient_position": "AP"}, "gives AP as the patient's position"),
        ({"patient_position": "LL", "view": ""}, "gives LL as the patient's position"),
        ({"patient_position": "FFP"}, "lying (prone)"),
        ({"patient_position": "HFDL"}, "lying (decubitus)"),
        ({"age_years": 15.9}, "15 years old; the model is valid from 16 years on"),
        ({"age_years": 0.0}, "0 years old"),
        ({"rows": 63}, "63 x 1800 pixels"),
        ({"columns": 10}, "at least 64 x 64"),
    ],
)
def test_what_the_model_is_not_valid_on_is_refused_with_the_reason(
    manifest: Manifest, changed: dict, words: str
) -> None:
    decision = applicable(manifest, replace(PA_FILM, **changed))
    assert isinstance(decision, NotApplicable)
    assert words in decision.reason
    assert decision.reason.endswith(".")


@pytest.mark.parametrize("changed", [{"view": "AP"}, {"view": "LL"}, {"body_part": "KNEE"}])
def test_the_reader_cannot_overrule_what_the_file_states(manifest: Manifest, changed: dict) -> None:
    decision = applicable(manifest, replace(PA_FILM, **changed), stated_view="PA")
    assert isinstance(decision, NotApplicable)


@pytest.mark.parametrize("view", ["", " ", "XX", "VIEW 1", "W/GRID"])
def test_a_view_the_file_does_not_state_is_asked(manifest: Manifest, view: str) -> None:
    decision = applicable(manifest, replace(PA_FILM, view=view))
    assert isinstance(decision, AskView)
    assert decision.views == ("PA",)
    assert decision.missing == ("view",)
    assert decision.question == "The file does not state the view: is this a PA view of the chest?"


def test_a_missing_body_part_is_asked_in_the_same_question(manifest: Manifest) -> None:
    both = applicable(manifest, replace(PA_FILM, view="", body_part=""))
    part = applicable(manifest, replace(PA_FILM, body_part=""))
    assert isinstance(both, AskView) and both.missing == ("view", "body part")
    assert "the view and the body part" in both.question
    assert isinstance(part, AskView) and part.missing == ("body part",)


@pytest.mark.parametrize(
    "changed", [{"view": ""}, {"body_part": ""}, {"view": "", "body_part": ""}]
)
def test_the_readers_answer_settles_what_was_open(manifest: Manifest, changed: dict) -> None:
    film = replace(PA_FILM, **changed)
    assert applicable(manifest, film, "PA") == Applicable()
    for answer, words in ((OTHER_VIEW, "another view"), (OTHER_BODY_PART, "another part")):
        decision = applicable(manifest, film, answer)
        assert isinstance(decision, NotApplicable)
        assert words in decision.reason


def test_the_answer_does_not_excuse_what_else_is_wrong(manifest: Manifest) -> None:
    child = replace(PA_FILM, view="", age_years=5.0)
    assert isinstance(applicable(manifest, child, "PA"), NotApplicable)


def test_what_is_wrong_anyway_is_told_before_anything_is_asked(manifest: Manifest) -> None:
    assert isinstance(applicable(manifest, Acquisition("CT")), NotApplicable)


def test_an_unknown_age_is_allowed_with_a_warning(manifest: Manifest) -> None:
    decision = applicable(manifest, replace(PA_FILM, age_years=None))
    assert isinstance(decision, Applicable)
    assert decision.warnings == (
        "The file does not state the patient's age; the model is valid from 16 years on.",
    )


def test_several_frames_are_no_film(manifest: Manifest) -> None:
    decision = applicable(manifest, PA_FILM, frames=2)
    assert isinstance(decision, NotApplicable)
    assert "at most 1 frame" in decision.reason


def test_a_view_in_the_wrong_attribute_may_refuse_a_film_but_never_admits_one(
    manifest: Manifest,
) -> None:
    decision = applicable(manifest, replace(PA_FILM, view="", patient_position="PA"))
    assert isinstance(decision, AskView)


def test_a_position_the_file_does_not_state_is_no_reason_against(manifest: Manifest) -> None:
    assert applicable(manifest, replace(PA_FILM, patient_position="ERECT")) == Applicable()
    assert applicable(manifest, replace(PA_FILM, patient_position="ODD")) == Applicable()


def test_a_model_of_volumes_is_asked_for_the_body_part_alone(manifest: Manifest) -> None:
    volume = ApplicabilitySpec(("CT",), body_part=("CHEST",), max_frames=1000)
    model = replace(manifest, applicability=volume)
    scan = Acquisition("CT", patient_position="HFS", rows=512, columns=512)
    decision = applicable(model, scan, frames=300)
    assert isinstance(decision, AskView)
    assert decision.question.endswith("is this an image of the chest?")
    assert applicable(model, scan, CONFIRMED, frames=300) == Applicable()
    assert applicable(model, replace(scan, body_part="CHEST"), frames=300) == Applicable()


def test_an_answer_given_for_another_model_neither_admits_nor_refuses(manifest: Manifest) -> None:
    """The reader answers once for a film; several models may look at it."""
    any_film = replace(manifest, applicability=ApplicabilitySpec(("DX",)))
    of_sides = replace(manifest, applicability=ApplicabilitySpec(("DX",), view=("LATERAL",)))
    unstated = replace(PA_FILM, view="")
    assert applicable(any_film, unstated, "PA") == Applicable()
    assert isinstance(applicable(of_sides, unstated, "PA"), NotApplicable)
    assert isinstance(applicable(manifest, unstated, CONFIRMED), AskView)


@pytest.mark.parametrize(
    ("row_direction", "column_direction", "words"),
    [
        ("P", "F", "from the side"),
        ("A", "FR", "from the side"),
        ("R", "F", "mirrored or rotated"),
        ("L", "H", "mirrored or rotated"),
        ("F", "L", "mirrored or rotated"),
    ],
)
def test_a_film_that_hangs_otherwise_than_learned_is_refused(
    manifest: Manifest, row_direction: str, column_direction: str, words: str
) -> None:
    edges = EdgeLetters.of_directions(row_direction, column_direction)
    assert words in orientation_refusal(manifest, edges)


def test_a_film_that_hangs_as_learned_or_states_nothing_passes(manifest: Manifest) -> None:
    assert orientation_refusal(manifest, EdgeLetters.of_directions("L", "F")) == ""
    assert orientation_refusal(manifest, None) == ""
