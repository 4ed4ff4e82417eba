"""Does the audit log hold? Its chain, its end, and the events of cases that its records name."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from viewer.base.i18n import _
from viewer.review.audit import AuditKind, AuditRecord, Fault, chain_fault
from viewer.review.audit_head import AuditHead
from viewer.store.audit_log import AuditLog, reading
from viewer.store.event_digests import event_digest, older_events
from viewer.store.schema import case_events

Report = Callable[[float], None]
EventKey = tuple[str, str]
"""(row of the case, sequence of the event), as a record names them."""


@dataclass(frozen=True)
class LogCheck:
    """What was found. records: how many were read. fault: the first record that does not hold.

    events: sentences on events of cases that differ from their records. anchored: whether the end of the log
    is remembered outside it; without that, records missing at the end cannot be seen.
    """

    records: int
    fault: Fault | None
    events: tuple[str, ...]
    anchored: bool

    @property
    def holds(self) -> bool:
        """Whether nothing differs."""
        return self.fault is None and not self.events

    @property
    def sentences(self) -> tuple[str, ...]:
        """All that differs, the first bad record first."""
        return (*((self.fault.sentence,) if self.fault else ()), *self.events)


def check_log(
    log: AuditLog, anchors: Sequence[AuditHead] = (), report: Report = lambda _f: None
) -> LogCheck:
    """Read the whole log and compare it with itself, its anchors and the events it names."""
    kept = log.anchor.read() if log.anchor is not None else None
    known = (*anchors, *((kept,) if kept is not None else ()))
    total = max((anchor.sequence for anchor in (*known, log.head())), default=0)
    bound: dict[EventKey, AuditRecord] = {}
    first: list[AuditRecord] = []
    count = 0

    def seen() -> Iterator[AuditRecord]:
        nonlocal count
        for record in log.records():
            count += 1
            report(min(count / max(total, 1), 1.0))
            if record.kind == AuditKind.DATABASE.value and not first:
                first.append(record)
            if "event_sha256" in record.detail:
                bound[record.detail.get("case", ""), record.detail.get("event", "")] = record
            yield record

    records = seen()
    fault = chain_fault(records, known)
    for _rest in records:
        """Those after a fault still name events."""
    return LogCheck(count, fault, tuple(_event_faults(log, bound, first)), kept is not None)


def _event_faults(
    log: AuditLog, bound: dict[EventKey, AuditRecord], first: Sequence[AuditRecord]
) -> Iterator[str]:
    older = int(first[0].detail.get("last_event", "0")) if first else 0
    with reading(log.engine) as connection:
        if first and older:
            now = older_events(connection, older)
            if any(first[0].detail.get(name) != value for name, value in now.items()):
                yield _("an event from before the audit log began was changed or removed")
        query = select(case_events).where(case_events.c.id > older).order_by(case_events.c.id)
        for row in connection.execute(query):
            record = bound.pop((str(row.case_id), str(row.sequence)), None)
            place = {"case": row.case_id, "event": row.sequence}
            if record is None:
                yield _("event {event} of case {case} has no record in the log").format(**place)
            elif record.detail["event_sha256"] != event_digest(row.event):
                words = _(
                    "event {event} of case {case} is not the one that record {n} names: {what}"
                )
                yield words.format(**place, n=record.sequence, what=_what(record))
    for (case, event), record in sorted(bound.items()):
        words = _("event {event} of case {case}, which record {n} names, is missing: {what}")
        yield words.format(case=case, event=event, n=record.sequence, what=_what(record))


def _what(record: AuditRecord) -> str:
    """The record in a few words."""
    told = [
        record.detail[name] for name in ("label", "finding", "verdict") if name in record.detail
    ]
    return " ".join((record.kind, *told, record.study_uid))
