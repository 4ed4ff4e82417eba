"""Signing: closed until every finding is decided; what it makes cannot be changed."""

import dataclasses
from datetime import datetime

import pytest
from builders import NOON, STUDY_UID, added, ai_finding, reader_finding, run, study
from hypothesis import given, settings
from hypothesis import strategies as st

from viewer.base.errors import WorkflowError
from viewer.domain.finding import RunState
from viewer.review.canonical import from_plain, to_plain
from viewer.review.case import Case
from viewer.review.decision import confirm, override
from viewer.review.events import (
    AmendmentStarted,
    CaseEvent,
    Decided,
    FindingAdded,
    FindingWithdrawn,
    KeyImageMarked,
    MissesAttested,
    Reopened,
    RunRecorded,
    Signed,
    TextChanged,
)
from viewer.review.report import SignedReport
from viewer.review.signature import blockers, sign


def ready_case() -> Case:
    events: list[CaseEvent] = [
        RunRecorded(run(ai_finding()), NOON),
        Decided(confirm(ai_finding(), "Dr Li", NOON)),
        MissesAttested(True, "Dr Li", NOON),
    ]
    return Case(STUDY_UID, events)


def signed(case: Case) -> SignedReport:
    return sign(case, study(), "Dr Li", NOON, "SecondRead test")


def test_an_undecided_finding_closes_signing_and_says_so() -> None:
    case = Case(STUDY_UID, [RunRecorded(run(ai_finding()), NOON)])
    assert blockers(case)[0] == "1 finding undecided"
    with pytest.raises(WorkflowError, match="1 finding undecided"):
        signed(case)


def test_unstated_misses_close_signing() -> None:
    case = Case(STUDY_UID, [RunRecorded(run(), NOON)])
    with pytest.raises(WorkflowError, match="no further finding"):
        signed(case)


def test_a_running_network_closes_signing() -> None:
    assert blockers(ready_case(), running=True) == ("AI is still running: wait or cancel it.",)


@pytest.mark.parametrize("reader", ["", "  "])
def test_a_report_needs_a_reader(reader: str) -> None:
    with pytest.raises(WorkflowError, match="name of the reader"):
        sign(ready_case(), study(), reader, NOON, "test")


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(WorkflowError, match="time zone"):
        sign(ready_case(), study(), "Dr Li", datetime(2026, 11, 22), "test")


def test_another_study_than_the_cases_is_refused() -> None:
    with pytest.raises(WorkflowError, match="not the one of this case"):
        sign(ready_case(), study("1.9"), "Dr Li", NOON, "test")


def test_a_signed_case_takes_no_further_decision() -> None:
    case = ready_case()
    case.apply(Signed(signed(case)))
    with pytest.raises(WorkflowError, match="signed"):
        case.apply(Reopened("2.25.1", "Dr Li", NOON))


def test_an_amendment_is_a_new_version_that_names_its_predecessor() -> None:
    case = ready_case()
    case.apply(Signed(signed(case)))
    case.apply(AmendmentStarted("Dr Li", NOON))
    case.apply(TextChanged("Addendum.", "Dr Li", NOON))
    second = signed(case)
    assert (second.version, second.predecessor_uid) == (2, case.reports[0].report_uid)


def test_a_changed_report_cannot_come_into_being() -> None:
    with pytest.raises(WorkflowError, match="does not match its own hash"):
        dataclasses.replace(signed(ready_case()), text="No finding at all.")


def test_a_report_without_a_verdict_on_a_proposed_finding_cannot_come_into_being() -> None:
    with pytest.raises(WorkflowError, match="undecided"):
        dataclasses.replace(signed(ready_case()), findings=())


def test_a_report_read_back_from_json_is_the_same_report() -> None:
    case = ready_case()
    case.apply(FindingAdded(reader_finding(), added(reader_finding())))
    report = signed(case)
    assert from_plain(to_plain(report), SignedReport) == report


def test_the_report_shows_the_marked_images_first_then_those_of_findings() -> None:
    case = ready_case()
    case.apply(KeyImageMarked("1.9", 3, True, "Dr Li", NOON))
    assert signed(case).key_frames == (("1.9", 3), ("1.2.3", 0))


def test_the_four_outcomes_of_ai_are_four_different_texts_in_the_report() -> None:
    case = Case(STUDY_UID)
    states = [RunState.DONE, RunState.FAILED, RunState.NOT_APPLICABLE]
    for place, state in enumerate(states):
        outcome = run(state=state, display_set_uid=f"set-{place}", reason="because.")
        case.apply(RunRecorded(outcome, NOON))
    case.apply(MissesAttested(True, "Dr Li", NOON))
    report = sign(case, study(), "Dr Li", NOON, "test", not_run=["AI not run: Heart size."])
    starts = ["No finding above threshold 0.50", "AI failed", "AI not applicable", "AI not run"]
    assert all(
        text.startswith(start) for text, start in zip(report.statements, starts, strict=True)
    )


ACTS: dict[str, object] = {
    "run": RunRecorded(run(ai_finding()), NOON),
    "other score": RunRecorded(run(ai_finding(ratio=0.7)), NOON),
    "two findings": RunRecorded(run(ai_finding(), ai_finding("2.25.2")), NOON),
    "confirm 1": Decided(confirm(ai_finding(), "Dr Li", NOON)),
    "override 2": Decided(override(ai_finding("2.25.2"), "Dr Li", NOON)),
    "reopen": Reopened("2.25.1", "Dr Li", NOON),
    "add": FindingAdded(reader_finding(), added(reader_finding())),
    "withdraw": FindingWithdrawn("2.25.9", "Dr Li", NOON),
    "none further": MissesAttested(True, "Dr Li", NOON),
    "amend": AmendmentStarted("Dr Li", NOON),
    "sign": None,
}


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(sorted(ACTS)), max_size=25))
def test_no_order_of_acts_signs_an_undecided_finding_or_loses_a_decision(acts: list[str]) -> None:
    case = Case(STUDY_UID)
    taken: list[object] = []
    for act in acts:
        try:
            event = Signed(signed(case)) if act == "sign" else ACTS[act]
            case.apply(event)  # type: ignore[arg-type]
        except WorkflowError:
            continue
        taken.append(event)
        if isinstance(event, Signed):
            decided = {item.finding.tracking_uid for item in event.report.findings}
            assert {finding.tracking_uid for finding in case.proposed} <= decided
    assert case.history == taken
