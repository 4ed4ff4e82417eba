"""The physician's acts, as the panel calls them."""

from pathlib import Path

import pytest
from builders import ai_finding
from held_runner import HeldRunner

from viewer.app.open_study import open_paths
from viewer.app.review_findings import (
    add_finding,
    begin_adding,
    matching_concept,
    next_undecided,
    override,
)
from viewer.app.workbench import Workbench
from viewer.base.errors import StoreError, WorkflowError
from viewer.review.codes import concepts_for
from viewer.review.decision import OverrideReason, Verdict
from viewer.review.events import CaseEvent

THREE = [ai_finding(f"2.25.{number}") for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("undecided", "selected", "step", "expected"),
    [
        ([0, 1, 2], None, 1, 0),
        ([0, 1, 2], None, -1, 2),
        ([0, 2], "2.25.1", 1, 2),
        ([0, 2], "2.25.3", 1, 0),
        ([0, 2], "2.25.1", -1, 2),
        ([1], "2.25.2", 1, 1),
    ],
)
def test_the_next_undecided_finding_goes_round(
    undecided: list[int], selected: str | None, step: int, expected: int
) -> None:
    waiting = [THREE[place] for place in undecided]
    assert next_undecided(THREE, waiting, selected, step) == THREE[expected]


def test_without_undecided_findings_there_is_no_next() -> None:
    assert next_undecided(THREE, [], None, 1) is None


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("pleural eff", "pleural_effusion"),
        ("LUNG MASS", "lung_mass"),
        ("lung", None),
        ("", None),
        ("zebra", None),
    ],
)
def test_a_few_letters_name_a_finding_only_if_they_name_one(typed: str, key: str | None) -> None:
    found = matching_concept(concepts_for("DX"), typed)
    assert (found.key if found else None) == key


@pytest.fixture
def read(bench: Workbench, runner: HeldRunner, two_patients: Path) -> Workbench:
    open_paths(bench, [two_patients / "jane.dcm"])
    runner.let_go()
    return bench


def test_an_override_can_state_what_is_there_instead(read: Workbench) -> None:
    case = read.session.case
    assert case is not None
    (finding,) = case.proposed
    mass = matching_concept(concepts_for("DX"), "lung mass")
    override(read, finding, OverrideReason.WRONG_LABEL, "fat pad", mass)
    decision = case.decisions[finding.tracking_uid]
    assert decision.verdict is Verdict.MODIFIED
    assert decision.corrected is not None
    assert decision.corrected.label == "Lung mass"


def test_another_reason_needs_its_words(read: Workbench) -> None:
    assert read.session.case is not None
    (finding,) = read.session.case.proposed
    with pytest.raises(WorkflowError, match="comment"):
        override(read, finding, OverrideReason.OTHER)


def test_a_finding_whose_code_says_too_little_needs_a_comment(read: Workbench) -> None:
    begin_adding(read)
    other = next(concept for concept in concepts_for("DX") if concept.key == "other")
    with pytest.raises(WorkflowError, match="Describe the finding"):
        add_finding(read, other)
    assert read.session.adding is not None


def test_what_cannot_be_stored_is_not_taken(
    read: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = read.session.case
    assert case is not None
    (finding,) = case.proposed

    def full(_study: object, _event: CaseEvent, _known: int) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(read.cases, "append", full)
    with pytest.raises(StoreError):
        override(read, finding)
    assert case.undecided == (finding,)
