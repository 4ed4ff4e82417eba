"""The chain of audit records: every field counts, every event of a case has its kind."""

from dataclasses import fields, replace
from datetime import datetime, timedelta, timezone
from typing import get_args

import pytest
from builders import NOON, ai_finding

from viewer.review.audit import (
    Actor,
    AuditKind,
    AuditRecord,
    chain_fault,
    kind_text,
    next_record,
    told,
)
from viewer.review.audit_head import AuditHead
from viewer.review.decision import confirm
from viewer.review.events import CaseEvent, Decided

WHO = Actor("li", "Dr Li", "WS-1")


def chain(count: int) -> list[AuditRecord]:
    head, records = AuditHead(), []
    for number in range(count):
        record = next_record(head, WHO, AuditKind.OPEN, NOON, "1.2.3", {"n": str(number)})
        records.append(record)
        head = AuditHead(record.sequence, record.sha256)
    return records


def test_an_untouched_chain_holds_and_so_does_an_empty_one() -> None:
    assert chain_fault(chain(5)) is None
    assert chain_fault([]) is None


OTHER = {
    "sequence": 7,
    "at_utc": "2020-01-01T00:00:00+00:00",
    "zone": "+09:00",
    "user": "nobody",
    "workstation": "WS-9",
    "kind": "export",
    "study_uid": "9.9",
    "detail": {"n": "9"},
    "previous": "f" * 64,
    "sha256": "e" * 64,
}


@pytest.mark.parametrize("field", [field.name for field in fields(AuditRecord)])
@pytest.mark.parametrize("place", [0, 2, 4])
def test_a_change_of_any_field_of_any_record_is_found_at_that_record(
    field: str, place: int
) -> None:
    records = chain(5)
    records[place] = replace(records[place], **{field: OTHER[field]})
    fault = chain_fault(records)
    assert fault is not None
    assert fault.sequence == place + 1


def test_the_moment_is_kept_in_utc_with_the_zone_of_the_workstation() -> None:
    at = datetime(2026, 7, 1, 0, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    record = next_record(AuditHead(), WHO, AuditKind.START, at)
    assert (record.at_utc, record.zone) == ("2026-06-30T19:00:00+00:00", "+05:30")
    assert record.at.isoformat() == at.isoformat()


def test_a_verdict_is_told_by_finding_and_verdict_without_its_comment() -> None:
    assert told(Decided(confirm(ai_finding(), "Dr Li", NOON))) == (
        AuditKind.VERDICT,
        {"finding": "2.25.1", "verdict": "CONFIRMED", "reason": ""},
    )


@pytest.mark.parametrize("kind", list(AuditKind))
def test_every_kind_has_words_of_its_own(kind: AuditKind) -> None:
    assert kind_text(kind.value) != kind.value
    assert [kind_text(other.value) for other in AuditKind].count(kind_text(kind.value)) == 1


def test_every_event_of_a_case_has_a_kind() -> None:
    from viewer.review.audit import _TOLD  # noqa: PLC0415

    assert set(_TOLD) == set(get_args(CaseEvent))
