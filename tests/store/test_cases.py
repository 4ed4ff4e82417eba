"""The case store: what was decided is still there, whoever pulls the plug."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from builders import NOON, added, ai_finding, reader_finding, run, study
from sqlalchemy.exc import DatabaseError
from store_desks import Desk, tamper

from viewer.base.errors import CaseElsewhere, StoreError
from viewer.domain.display_set import FrameRef
from viewer.domain.geometry import Affine2D
from viewer.domain.image import Heatmap
from viewer.review.decision import OverrideReason, confirm, override
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
    ViewStated,
)
from viewer.review.signature import sign
from viewer.store.cases import CaseStore
from viewer.store.heatmaps import HeatmapStore


@pytest.fixture
def store(desk: Desk) -> CaseStore:
    return desk.cases


def whole_history() -> list[CaseEvent]:
    wrong_label = OverrideReason.WRONG_LABEL
    return [
        ViewStated("set-1", "PA", "Dr Li", NOON),
        RunRecorded(run(ai_finding(), ai_finding("2.25.2", 0.7)), NOON),
        Decided(confirm(ai_finding(), "Dr Li", NOON)),
        Reopened("2.25.1", "Dr Li", NOON),
        Decided(override(ai_finding(), "Dr Li", NOON, wrong_label, "fat pad", reader_finding())),
        Decided(override(ai_finding("2.25.2", 0.7), "Dr Li", NOON)),
        FindingAdded(reader_finding(), added(reader_finding())),
        FindingWithdrawn("2.25.9", "Dr Li", NOON),
        MissesAttested(True, "Dr Li", NOON),
        KeyImageMarked("1.2.3", 0, True, "Dr Li", NOON),
        TextChanged("Großes Herz, 心脏", "Dr Li", NOON),
    ]


def test_every_kind_of_event_is_read_back_as_it_was(store: CaseStore) -> None:
    case = store.load(study())
    for event in whole_history():
        store.append(study(), event)
        case.apply(event)
    for last in (
        Signed(sign(case, study(), "Dr Li", NOON, "test")),
        AmendmentStarted("Dr Li", NOON),
    ):
        store.append(study(), last)
        case.apply(last)
    assert store.load(study()).history == case.history


def test_one_study_uid_under_two_patients_is_two_cases(store: CaseStore) -> None:
    other = replace(study(), patient=replace(study().patient, patient_id="ID-2"))
    store.append(study(), RunRecorded(run(ai_finding()), NOON))
    assert store.load(other).history == []
    assert store.reviewed_under_another_identity(other)


def test_each_event_leaves_exactly_one_record_that_names_it(desk: Desk) -> None:
    before = desk.log.head().sequence
    for event in whole_history():
        desk.cases.append(study(), event)
    records = [record for record in desk.log.records() if record.sequence > before]
    assert [record.detail["event"] for record in records] == [
        str(number + 1) for number in range(len(whole_history()))
    ]
    assert {record.study_uid for record in records} == {study().uid}
    assert {(record.user, record.workstation) for record in records} == {("li", "WS-1")}
    kinds = [record.kind for record in records]
    assert kinds[:4] == ["edit", "ai_run", "verdict", "reopen"]
    assert "Müller" not in json.dumps([dict(record.detail) for record in records])


def test_two_readers_who_saw_the_same_case_cannot_both_add_the_next_event(desk: Desk) -> None:
    desk.cases.append(study(), TextChanged("one", "Dr Li", NOON), known=0)
    with pytest.raises(CaseElsewhere, match="changed elsewhere"):
        desk.cases.append(study(), TextChanged("also one", "Dr Li", NOON), known=0)
    assert desk.cases.load(study()).text == "one"
    assert desk.cases.length(study()) == 1


@pytest.mark.parametrize("act", ["UPDATE case_events SET event = '{}'", "DELETE FROM case_events"])
def test_the_database_itself_refuses_to_change_or_delete_an_event(desk: Desk, act: str) -> None:
    desk.cases.append(study(), TextChanged("one", "Dr Li", NOON))
    with pytest.raises(DatabaseError, match="append-only"), desk.engine.begin() as connection:
        connection.exec_driver_sql(act)
    assert desk.cases.load(study()).text == "one"


def test_an_event_that_was_changed_into_nonsense_is_named_not_skipped(desk: Desk) -> None:
    for words in ("one", "two"):
        desk.cases.append(study(), TextChanged(words, "Dr Li", NOON))
    tamper(desk.engine, "UPDATE case_events SET event = '{}' WHERE sequence = 2")
    with pytest.raises(StoreError, match="Event 2 of this case was changed outside"):
        desk.cases.load(study())


def test_an_event_that_cannot_be_written_leaves_no_record_and_is_not_there(desk: Desk) -> None:
    before = desk.log.head()
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE case_locks")
    with pytest.raises(StoreError, match="Nothing was changed"):
        desk.cases.append(study(), TextChanged("one", "Dr Li", NOON))
    assert desk.log.head() == before
    assert desk.cases.load(study()).history == []


def test_the_history_of_a_signed_report_is_found_by_its_uid(desk: Desk) -> None:
    case = desk.cases.load(study())
    for event in whole_history():
        desk.cases.append(study(), event)
        case.apply(event)
    report = sign(case, study(), "Dr Li", NOON, "test")
    for event in (Signed(report), AmendmentStarted("Dr Li", NOON)):
        desk.cases.append(study(), event)
    found = desk.cases.signing_history(study().uid, report.report_uid)
    assert found == (*whole_history(), Signed(report))
    assert desk.cases.signing_history(study().uid, "2.25.404") == ()


def test_a_heatmap_is_read_back_on_the_file_where_the_instance_lies_now(desk: Desk) -> None:
    store = HeatmapStore(desk.engine)
    values = np.linspace(0, 1, 12, dtype=np.float32).reshape(3, 4)
    affine = Affine2D.scale_translate(2, 3, 0.5, 1.0)
    written = Heatmap(FrameRef("1.2.3", 0, Path("old")), "heart", "Heart", "map", values, affine)
    store.save("2.25.77", [written])
    (read,) = store.load("2.25.77", {"1.2.3": Path("new")})
    assert read.ref.path == Path("new")
    assert read.image_from_map_px == affine
    np.testing.assert_allclose(read.values, values, atol=1e-3)
    assert store.load("2.25.77", {}) == ()
