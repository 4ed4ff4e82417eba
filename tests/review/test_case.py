"""The case: what may happen to it, and what it then says."""

import pytest
from builders import NOON, added, ai_finding, reader_finding, run

from viewer.base.errors import WorkflowError
from viewer.domain.finding import RunState
from viewer.review.case import Case
from viewer.review.decision import OverrideReason, Verdict, confirm, override
from viewer.review.events import (
    AmendmentStarted,
    Decided,
    FindingAdded,
    FindingWithdrawn,
    KeyImageMarked,
    MissesAttested,
    Reopened,
    RunRecorded,
)

STUDY = "1.2.826.0.1.3680043.8.498.1"


@pytest.fixture
def case() -> Case:
    fresh = Case(STUDY)
    fresh.apply(RunRecorded(run(ai_finding()), NOON))
    return fresh


def test_a_proposed_finding_is_undecided_until_the_reader_confirms_it(case: Case) -> None:
    assert [finding.tracking_uid for finding in case.undecided] == ["2.25.1"]
    case.apply(Decided(confirm(ai_finding(), "Dr Li", NOON)))
    assert not case.undecided


def test_a_reopened_decision_leaves_the_finding_undecided_and_stays_in_the_record(
    case: Case,
) -> None:
    decided = Decided(confirm(ai_finding(), "Dr Li", NOON))
    case.apply(decided)
    case.apply(Reopened("2.25.1", "Dr Li", NOON))
    assert case.undecided
    assert decided in case.history


def test_an_unknown_finding_cannot_be_decided(case: Case) -> None:
    with pytest.raises(WorkflowError, match="Only a finding the AI proposes"):
        case.apply(Decided(confirm(ai_finding("2.25.2"), "Dr Li", NOON)))


def test_a_result_of_another_study_is_refused(case: Case) -> None:
    with pytest.raises(WorkflowError, match="another study"):
        case.apply(RunRecorded(run(study_uid="1.9.9"), NOON))


def test_a_running_model_is_not_recorded_as_an_outcome(case: Case) -> None:
    with pytest.raises(WorkflowError, match="when it has ended"):
        case.apply(RunRecorded(run(state=RunState.RUNNING), NOON))


def test_a_second_run_with_the_same_score_keeps_the_decision(case: Case) -> None:
    case.apply(Decided(confirm(ai_finding(ratio=0.56), "Dr Li", NOON)))
    case.apply(RunRecorded(run(ai_finding(ratio=0.5602)), NOON))
    assert not case.undecided


def test_a_second_run_with_another_score_asks_again(case: Case) -> None:
    case.apply(Decided(confirm(ai_finding(ratio=0.56), "Dr Li", NOON)))
    case.apply(RunRecorded(run(ai_finding(ratio=0.61)), NOON))
    assert case.undecided


def test_a_readers_own_finding_states_the_misses_and_survives_a_second_run(case: Case) -> None:
    case.apply(FindingAdded(reader_finding(), added(reader_finding())))
    case.apply(RunRecorded(run(ai_finding()), NOON))
    assert case.misses_stated
    assert case.decisions["2.25.9"].verdict is Verdict.ADDED


def test_adding_a_finding_takes_back_the_statement_that_there_is_none(case: Case) -> None:
    case.apply(MissesAttested(True, "Dr Li", NOON))
    case.apply(FindingAdded(reader_finding(), added(reader_finding())))
    assert not case.no_further_finding


def test_withdrawing_the_only_added_finding_leaves_the_misses_unstated(case: Case) -> None:
    case.apply(FindingAdded(reader_finding(), added(reader_finding())))
    case.apply(FindingWithdrawn("2.25.9", "Dr Li", NOON))
    assert not case.misses_stated


def test_an_ai_finding_cannot_be_withdrawn(case: Case) -> None:
    with pytest.raises(WorkflowError, match="added yourself"):
        case.apply(FindingWithdrawn("2.25.1", "Dr Li", NOON))


def test_nothing_can_be_amended_before_it_is_signed(case: Case) -> None:
    with pytest.raises(WorkflowError, match="no signed report"):
        case.apply(AmendmentStarted("Dr Li", NOON))


def test_a_refused_event_changes_nothing(case: Case) -> None:
    before = list(case.history)
    with pytest.raises(WorkflowError):
        case.apply(Reopened("2.25.1", "Dr Li", NOON))
    assert case.history == before


@pytest.mark.parametrize(
    ("reason", "corrected", "verdict"),
    [
        (OverrideReason.NOT_PRESENT, None, Verdict.REJECTED),
        (OverrideReason.CANNOT_TELL, None, Verdict.INDETERMINATE),
        (OverrideReason.WRONG_LABEL, reader_finding(), Verdict.MODIFIED),
    ],
)
def test_the_verdict_of_an_override_follows_from_reason_and_correction(
    reason: OverrideReason, corrected: object, verdict: Verdict
) -> None:
    made = override(ai_finding(), "Dr Li", NOON, reason, "", corrected)  # type: ignore[arg-type]
    assert made.verdict is verdict


def test_a_key_image_can_be_marked_and_taken_back(case: Case) -> None:
    case.apply(KeyImageMarked("1.2.3", 4, True, "Dr Li", NOON))
    case.apply(KeyImageMarked("1.2.3", 7, True, "Dr Li", NOON))
    case.apply(KeyImageMarked("1.2.3", 4, False, "Dr Li", NOON))
    assert case.key_images == (("1.2.3", 7),)
