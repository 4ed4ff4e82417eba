"""Decisions on models and acceptance reports: kept, recorded, and closed against changes."""

from dataclasses import replace
from pathlib import Path

import pytest
from builders import ALGORITHM, NOON, ai_finding, run, study
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from store_desks import LI, Desk

from viewer.base.errors import StoreError
from viewer.review.acceptance import AcceptanceContent, sealed, threshold_rows
from viewer.review.case import Case
from viewer.review.decision import confirm
from viewer.review.events import Decided, MissesAttested, RunRecorded, Signed
from viewer.review.observations import in_shadow
from viewer.review.signature import sign
from viewer.review.site_model import ModelState, SiteModel
from viewer.store.shadow_runs import ShadowStore
from viewer.store.site_models import SiteModelStore

ON = SiteModel(ALGORITHM, ModelState.ON, "Dr Li", "li", NOON, "tried", {"heart": 0.6})


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "cases.sqlite", tmp_path, LI)


def test_the_last_decision_is_read_back_whole_and_each_leaves_one_record(desk: Desk) -> None:
    store = SiteModelStore(desk.log)
    store.record(replace(ON, state=ModelState.SHADOW))
    store.record(ON)
    assert store.decided() == {ON.key: ON}
    records = [one for one in desk.log.records() if one.kind == "model_change"]
    assert [one.detail["state"] for one in records] == ["shadow", "on"]
    assert records[1].detail["threshold heart"] == "0.6"
    assert records[1].detail["reason"] == "tried"


def test_an_acceptance_report_comes_back_as_it_was_sealed(desk: Desk) -> None:
    store = SiteModelStore(desk.log)
    rows = {"heart": threshold_rows([True, False], [0.8, 0.2], 0.6)}
    chosen = {"heart": 0.6}
    report = sealed(
        AcceptanceContent(
            ALGORITHM, "c" * 64, "{}", rows, chosen, "why", "Dr Li", "li", NOON, "m", "t"
        )
    )
    store.record(replace(ON, acceptance_sha256=report.sha256), report)
    assert store.acceptance(report.sha256) == report
    assert store.acceptance("0" * 64) is None


@pytest.mark.parametrize("table", ["site_models", "acceptances", "shadow_runs"])
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id + 1", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_delete_what_was_kept(
    desk: Desk, table: str, act: str
) -> None:
    report = sealed(
        AcceptanceContent(ALGORITHM, "c" * 64, "{}", {}, {}, "why", "Dr Li", "li", NOON, "m", "t")
    )
    SiteModelStore(desk.log).record(ON, report)
    ShadowStore(desk.log, desk.cases).save(study(), run())
    with pytest.raises(DatabaseError, match="append-only"), desk.engine.begin() as connection:
        connection.execute(text(act.format(table)))


def test_a_changed_acceptance_report_is_found(desk: Desk) -> None:
    store = SiteModelStore(desk.log)
    report = sealed(
        AcceptanceContent(ALGORITHM, "c" * 64, "{}", {}, {}, "why", "Dr Li", "li", NOON, "m", "t")
    )
    store.record(ON, report)
    with desk.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER acceptances_no_UPDATE"))
        connection.execute(text("UPDATE acceptances SET report = replace(report, 'why', 'oh')"))
    with pytest.raises(StoreError, match="changed outside"):
        store.acceptance(report.sha256)


def test_runs_in_shadow_meet_the_report_of_their_own_study_and_the_last_run_counts(
    desk: Desk,
) -> None:
    shadow = ShadowStore(desk.log, desk.cases)
    of = study()
    case = Case(of.uid)
    said = (
        RunRecorded(run(ai_finding()), NOON),
        Decided(confirm(ai_finding(), "Dr Li", NOON)),
        MissesAttested(True, "Dr Li", NOON),
    )
    for event in said:
        case.apply(event)
        desk.cases.append(of, event)
    report = sign(case, of, "Dr Li", NOON, "test")
    desk.cases.append(of, Signed(report))
    silent = replace(run(), below=(ai_finding(ratio=0.3),))
    shadow.save(of, silent)
    shadow.save(of, run(ai_finding(ratio=0.7)))
    shadow.save(study("1.9"), silent)
    assert list(shadow.compared()) == [(run(ai_finding(ratio=0.7)), report)]
    (row,) = in_shadow(shadow.compared())
    assert (row.proposed, row.stands, row.verdict, row.score) == (True, True, None, 0.7)


def test_the_record_of_a_run_in_shadow_does_not_tell_what_it_found(desk: Desk) -> None:
    ShadowStore(desk.log, desk.cases).save(study(), run(ai_finding()))
    (record,) = [one for one in desk.log.records() if one.kind == "shadow_run"]
    assert set(record.detail) == {"model", "state"}
