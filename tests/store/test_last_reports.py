"""Reading signed reports for counting: the last of each case, and no other."""

from pathlib import Path

from builders import NOON, ai_finding, run, study

from viewer.review.case import Case
from viewer.review.decision import confirm
from viewer.review.events import (
    AmendmentStarted,
    CaseEvent,
    Decided,
    MissesAttested,
    RunRecorded,
    Signed,
    TextChanged,
)
from viewer.review.report import SignedReport
from viewer.review.signature import sign
from viewer.store.cases import CaseStore
from viewer.store.database import open_database


def kept(store: CaseStore, uid: str, *events: CaseEvent) -> None:
    for event in events:
        store.append(study(uid), event)


def signed_case(store: CaseStore, uid: str) -> SignedReport:
    case = Case(uid)
    ran = RunRecorded(run(ai_finding(), study_uid=uid), NOON)
    said = (ran, Decided(confirm(ai_finding(), "Dr Li", NOON)), MissesAttested(True, "Dr Li", NOON))
    for event in said:
        case.apply(event)
    first = sign(case, study(uid), "Dr Li", NOON, "test")
    again = (Signed(first), AmendmentStarted("Dr Li", NOON), TextChanged("More.", "Dr Li", NOON))
    for event in again:
        case.apply(event)
    second = sign(case, study(uid), "Dr Li", NOON, "test")
    kept(store, uid, *said, *again, Signed(second))
    return second


def test_each_case_gives_its_last_version_and_an_unsigned_one_none(tmp_path: Path) -> None:
    store = CaseStore(open_database(tmp_path / "cases.sqlite"))
    last = [signed_case(store, uid) for uid in ("1.1", "1.2")]
    kept(store, "1.3", RunRecorded(run(ai_finding(), study_uid="1.3"), NOON))
    kept(store, "1.3", TextChanged('{"_type":"Signed"', "Dr Li", NOON))
    assert list(store.last_reports()) == last
    assert [report.version for report in last] == [2, 2]


def test_an_empty_database_gives_none(tmp_path: Path) -> None:
    assert list(CaseStore(open_database(tmp_path / "cases.sqlite")).last_reports()) == []
