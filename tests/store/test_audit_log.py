"""The audit log: appended with the act it records, refused any change by the database, its end anchored."""

from pathlib import Path

import pytest
from builders import NOON, study
from sqlalchemy.exc import DatabaseError
from store_desks import Desk

from viewer.base.errors import StoreError
from viewer.review.audit import AuditKind, chain_fault
from viewer.review.events import TextChanged
from viewer.store.audit_log import Anchor, AuditFilter


@pytest.mark.parametrize("act", ["UPDATE audit SET user_name = 'nobody'", "DELETE FROM audit"])
def test_the_database_itself_refuses_to_change_or_delete_a_record(desk: Desk, act: str) -> None:
    desk.log.note(AuditKind.START)
    before = list(desk.log.records())
    with pytest.raises(DatabaseError, match="append-only"), desk.engine.begin() as connection:
        connection.exec_driver_sql(act)
    assert list(desk.log.records()) == before


def test_records_of_two_workstations_make_one_chain(desk: Desk, other_desk: Desk) -> None:
    for log in (desk.log, other_desk.log, desk.log):
        log.note(AuditKind.OPEN, "1.2.3", {"series": "4"})
    records = list(desk.log.records())
    assert [record.user for record in records[-3:]] == ["li", "roe", "li"]
    assert chain_fault(records) is None


def test_a_record_is_read_back_as_it_was_written_with_its_zone(desk: Desk) -> None:
    written = desk.log.note(AuditKind.EXPORT, "1.2.3", {"what": "Größe 心"})
    assert list(desk.log.records())[-1] == written
    assert written.at.isoformat()[-6:] == written.zone


def test_an_act_that_fails_leaves_no_record(desk: Desk) -> None:
    desk.log.note(AuditKind.START)
    before = desk.log.head()
    with pytest.raises(StoreError), desk.log.writing() as act:
        act.note(AuditKind.START)
        act.connection.exec_driver_sql("INSERT INTO no_such_table VALUES (1)")
    assert desk.log.head() == before
    assert desk.log.anchor is not None
    assert desk.log.anchor.read() == before


def test_filters_take_kind_user_study_and_period(desk: Desk, other_desk: Desk) -> None:
    desk.log.note(AuditKind.OPEN, "1.2.3")
    middle = other_desk.log.note(AuditKind.OPEN, "1.2.4")
    desk.log.note(AuditKind.START)

    def found(**wanted: str) -> list[tuple[str, str, str]]:
        records = desk.log.records(AuditFilter(**wanted))
        return [(record.kind, record.user, record.study_uid) for record in records]

    assert found(kind="open") == [("open", "li", "1.2.3"), ("open", "roe", "1.2.4")]
    assert found(user="roe") == [("open", "roe", "1.2.4")]
    assert found(study_uid="1.2.3") == [("open", "li", "1.2.3")]
    assert found(kind="open", since=middle.at_utc) == [("open", "roe", "1.2.4")]
    assert ("open", "roe", "1.2.4") not in found(until=middle.at_utc)
    assert [one.kind for one in desk.log.latest(AuditFilter(), 2)] == ["start", "open"]
    assert desk.log.users() == ("li", "roe")


def test_the_anchor_follows_the_end_and_never_goes_back(desk: Desk, tmp_path: Path) -> None:
    desk.cases.append(study(), TextChanged("one", "Dr Li", NOON))
    assert desk.log.anchor is not None
    head = desk.log.head()
    assert desk.log.anchor.read() == head
    anchor = Anchor(tmp_path / "other.head")
    assert anchor.read() is None
    anchor.keep(head)
    anchor.keep(type(head)(1, "0" * 64))
    assert anchor.read() == head
