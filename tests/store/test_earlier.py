"""Kept cases without their files: state, reader, moment and place as they were left, and nothing in any log."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from builders import NOON, added, after_noon, ai_finding, reader_finding, run, study
from store_desks import LI, ROE, Desk

from viewer.domain.study import Study
from viewer.review.case import Case
from viewer.review.decision import Confidence, confirm
from viewer.review.events import (
    BlindReadingBegun,
    CaseEvent,
    Decided,
    FindingAdded,
    FirstReadLocked,
    MissesAttested,
    RunRecorded,
    Signed,
    TextChanged,
    TruthStated,
)
from viewer.review.first_read import first_read_of
from viewer.review.later_truth import LaterTruth, TruthSource, TruthState
from viewer.review.signature import sign
from viewer.review.workflow import Stage
from viewer.store.earlier import EarlierCases
from viewer.store.locks import LockStore


@pytest.fixture
def earlier(desk: Desk) -> EarlierCases:
    return EarlierCases(desk.log, lambda: desk.who)


def keep(desk: Desk, of: Study, *events: CaseEvent) -> None:
    for event in events:
        desk.cases.append(of, event)


def signed(desk: Desk, of: Study) -> None:
    case = Case(of.uid)
    for event in (
        RunRecorded(run(ai_finding(), study_uid=of.uid), NOON),
        Decided(confirm(ai_finding(), "Dr Li", NOON)),
        MissesAttested(True, "Dr Li", NOON),
    ):
        case.apply(event)
        keep(desk, of, event)
    keep(desk, of, Signed(sign(case, of, "Dr Li", after_noon(5), "test")))


def test_a_case_is_listed_with_patient_state_reader_and_moment(
    desk: Desk, earlier: EarlierCases
) -> None:
    keep(desk, study(), RunRecorded(run(ai_finding()), NOON))
    keep(desk, study(), TextChanged("seen", "Dr Roe", after_noon(3)))
    keep(desk, study(), RunRecorded(run(ai_finding()), after_noon(4)))
    (found,) = earlier.listed()
    assert found.study.patient.key == study().patient.key
    assert found.case is not None and len(found.case.undecided) == 1
    assert (found.reader, found.since) == ("Dr Roe", after_noon(4))
    assert (found.study.date, found.paths, found.holder) == ("", (), "")


def test_where_a_study_lay_is_known_on_that_workstation_alone(
    desk: Desk, earlier: EarlierCases
) -> None:
    earlier.note_opening(study(), ("/scans/mueller",))
    keep(desk, study(), TextChanged("seen", "Dr Li", NOON))
    (found,) = earlier.listed()
    assert found.paths == ("/scans/mueller",)
    assert (found.study.date, found.study.description) == ("20260101", "THORAX")
    desk.who = replace(LI, workstation="WS-9")
    (elsewhere,) = earlier.listed()
    assert elsewhere.paths == ()
    assert elsewhere.study.date == "20260101"


def test_an_opening_is_written_once_and_the_last_place_counts(
    desk: Desk, earlier: EarlierCases
) -> None:
    keep(desk, study(), TextChanged("seen", "Dr Li", NOON))
    for paths in (("/a",), ("/a",), ("/b",), ("/b",), ("/a",)):
        earlier.note_opening(study(), paths)
    (found,) = earlier.listed()
    assert found.paths == ("/a",)
    with desk.engine.connect() as connection:
        assert connection.exec_driver_sql("select count(*) from openings").scalar() == 3


def test_no_record_of_the_log_tells_where_a_study_lies(desk: Desk, earlier: EarlierCases) -> None:
    before = len(list(desk.log.records()))
    earlier.note_opening(study(), ("/scans/mueller",))
    records = list(desk.log.records())
    assert len(records) == before
    assert "mueller" not in json.dumps([dict(one.detail) for one in records])


def test_a_study_that_was_only_looked_at_is_no_case(earlier: EarlierCases) -> None:
    earlier.note_opening(study(), ("/a",))
    assert earlier.listed() == ()


def test_a_signed_case_is_listed_by_its_signature_and_a_later_truth_keeps_it_signed(
    desk: Desk, earlier: EarlierCases
) -> None:
    signed(desk, study())
    (found,) = earlier.listed()
    assert (found.case, found.reader, found.since) == (None, "Dr Li", after_noon(5))
    at = datetime(2026, 12, 24, 9, 0, tzinfo=UTC)
    source = TruthSource.CLINICAL_COURSE
    truth = LaterTruth("SCT|8186001", "x", TruthState.ABSENT, source, "", "", "Dr Roe", at)
    keep(desk, study(), TruthStated(truth))
    (found,) = earlier.listed()
    assert (found.case, found.reader, found.since) == (None, "Dr Roe", at)


def test_a_case_being_read_first_has_nothing_of_an_ai_in_it(
    desk: Desk, earlier: EarlierCases
) -> None:
    case = Case(study().uid, blind=True)
    own = FindingAdded(
        reader_finding(), replace(added(reader_finding()), confidence=Confidence.CERTAIN)
    )
    for event in (BlindReadingBegun("Dr Li", NOON), own):
        case.apply(event)
        keep(desk, study(), event)
    keep(desk, study(), FirstReadLocked(first_read_of(case, "Dr Li", after_noon(1))))
    (found,) = earlier.listed()
    assert found.case is not None
    assert (found.case.stage, found.case.ai_visible) == (Stage.LOCKED, False)
    assert (found.reader, found.since) == ("Dr Li", after_noon(1))
    assert dict(found.case.runs) == {}


def test_the_case_that_changed_last_comes_first(desk: Desk, earlier: EarlierCases) -> None:
    for uid in ("1.1", "1.2", "1.1"):
        keep(desk, study(uid), TextChanged(f"text {uid}", "Dr Li", NOON))
    assert [one.study.uid for one in earlier.listed()] == ["1.1", "1.2"]


def test_who_has_a_case_open_elsewhere_is_named(desk: Desk, earlier: EarlierCases) -> None:
    keep(desk, study(), TextChanged("seen", "Dr Li", NOON))
    LockStore(desk.log, lambda: desk.who).release_all()
    desk.who = ROE
    LockStore(desk.log, lambda: desk.who).take(study())
    assert earlier.listed()[0].holder == ""
    desk.who = LI
    assert earlier.listed()[0].holder == "Dr Roe"


def test_a_program_that_has_fallen_silent_has_the_case_no_longer_in_use(
    desk: Desk, earlier: EarlierCases, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(desk, study(), TextChanged("seen", "Dr Li", NOON))
    desk.who = ROE
    monkeypatch.setattr("viewer.store.lock_rows.SILENT_AFTER_S", -1)
    assert earlier.listed()[0].holder == ""
