"""Tampering with the log or with a decision: each is found, and the first bad record is named."""

import pytest
from builders import NOON, ai_finding, run, study
from store_desks import Desk, tamper

from viewer.base.errors import Cancelled
from viewer.review.audit import AuditKind, next_record
from viewer.review.audit_head import AuditHead
from viewer.review.decision import confirm
from viewer.review.events import Decided, MissesAttested, RunRecorded
from viewer.store.audit_check import check_log


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """Records 1 (database), 2 (start), 3 (AI run), 4 (verdict), 5 (verdict), 6 (stop)."""
    desk.log.note(AuditKind.START)
    for event in (
        RunRecorded(run(ai_finding()), NOON),
        Decided(confirm(ai_finding(), "Dr Li", NOON)),
        MissesAttested(True, "Dr Li", NOON),
    ):
        desk.cases.append(study(), event)
    desk.log.note(AuditKind.STOP)
    return desk


def test_an_untouched_log_holds(busy: Desk) -> None:
    found = check_log(busy.log)
    assert (found.holds, found.records, found.anchored) == (True, 6, True)


@pytest.mark.parametrize(
    ("act", "sequence", "named"),
    [
        ("UPDATE audit SET user_name = 'nobody' WHERE sequence = 4", 4, "record 4 was changed"),
        ("UPDATE audit SET detail = 'nonsense' WHERE sequence = 3", 3, "record 3 was changed"),
        ("UPDATE audit SET kind = 'party' WHERE sequence = 2", 2, "record 2 was changed"),
        ("UPDATE audit SET at_utc = '2020' WHERE sequence = 6", 6, "record 6 was changed"),
        ("DELETE FROM audit WHERE sequence = 3", 3, "record 3 is missing"),
        ("DELETE FROM audit WHERE sequence > 4", 5, "records 5 to 6 are missing at the end"),
        ("DELETE FROM audit", 1, "records 1 to 6 are missing at the end"),
    ],
)
def test_the_first_bad_record_is_named(busy: Desk, act: str, sequence: int, named: str) -> None:
    tamper(busy.engine, act)
    found = check_log(busy.log)
    assert found.fault is not None
    assert found.fault.sequence == sequence
    assert named in found.sentences[0]


def rewritten(busy: Desk, sequence: int) -> str:
    """SQL that replaces a record by one with another user and a hash of its own that fits."""
    records = list(busy.log.records())
    old, before = records[sequence - 1], records[sequence - 2]
    who = type(busy.who)(user="nobody", workstation=old.workstation)
    made = next_record(
        AuditHead(before.sequence, before.sha256), who, AuditKind(old.kind), old.at, "", old.detail
    )
    return (
        f"UPDATE audit SET user_name = 'nobody', study_uid = '', sha256 = '{made.sha256}' "
        f"WHERE sequence = {sequence}"
    )


def test_a_record_replaced_with_a_fitting_hash_breaks_the_chain_after_it(busy: Desk) -> None:
    tamper(busy.engine, rewritten(busy, 2))
    assert "record 2 was replaced: record 3" in check_log(busy.log).sentences[0]


def test_the_last_record_replaced_with_a_fitting_hash_is_not_the_anchored_one(busy: Desk) -> None:
    tamper(busy.engine, rewritten(busy, 6))
    assert "record 6 is not the one that was anchored" in check_log(busy.log).sentences[0]


def test_a_changed_decision_is_named_though_its_record_holds(busy: Desk) -> None:
    tamper(
        busy.engine,
        "UPDATE case_events SET event = replace(event, 'CONFIRMED', 'REJECTED') WHERE sequence = 2",
    )
    found = check_log(busy.log)
    assert found.fault is None
    (sentence,) = found.events
    assert (
        "event 2 of case 1 is not the one that record 4 names: verdict 2.25.1 CONFIRMED" in sentence
    )


def test_a_removed_and_an_added_event_are_both_named(busy: Desk) -> None:
    tamper(busy.engine, "DELETE FROM case_events WHERE sequence = 3")
    assert "event 3 of case 1, which record 5 names, is missing" in check_log(busy.log).events[0]
    tamper_again = "INSERT INTO case_events (case_id, event, sequence) VALUES (1, '{}', 9)"
    with busy.engine.begin() as connection:
        connection.exec_driver_sql(tamper_again)
    assert "event 9 of case 1 has no record" in " ".join(check_log(busy.log).events)


def test_an_anchor_in_a_signed_report_finds_what_a_deleted_anchor_file_would_not(
    busy: Desk,
) -> None:
    head = busy.log.head()
    tamper(busy.engine, "DELETE FROM audit WHERE sequence = 6")
    assert busy.log.anchor is not None
    busy.log.anchor._path.unlink()
    assert check_log(busy.log).fault is None
    assert not check_log(busy.log).anchored
    assert "records 6 to 6 are missing" in check_log(busy.log, [head]).sentences[0]


def test_a_check_can_be_given_up(busy: Desk) -> None:
    def stop(_fraction: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        check_log(busy.log, report=stop)
