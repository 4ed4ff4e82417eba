"""EarlierCases: the cases that are kept, with what is known of their studies while no file of them is open."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from viewer.base.errors import StoreError
from viewer.domain.study import Patient, Study
from viewer.review.audit import Actor
from viewer.review.canonical import canonical_json, from_plain, to_plain
from viewer.review.case import Case
from viewer.review.opening import Opening
from viewer.store import lock_rows
from viewer.store.audit_log import AuditLog, reading
from viewer.store.cases import SIGNED_BEGINS, TRUTH_BEGINS, case_number, kept_events
from viewer.store.schema import case_events, cases, openings

MOST = 300
"""Cases listed, those that changed last; older ones are found by opening their files."""


@dataclass(frozen=True, eq=False)
class EarlierCase:
    """One kept case. number: in the order in which cases were begun.

    study: without series; date and description only where an opening was recorded. case: as it stands, None
    for a signed one, which is not read for a list. reader: who acted last, "" where nobody did. since: the
    last event. holder: who has it in use elsewhere, or "", also where that program has fallen silent. paths:
    where its files lay on this workstation.
    """

    number: int
    study: Study
    case: Case | None
    reader: str
    since: datetime | None
    holder: str
    paths: tuple[str, ...]


class EarlierCases:
    """Of one database. who: asked at each act."""

    def __init__(self, log: AuditLog, who: Callable[[], Actor]) -> None:
        self._log = log
        self._who = who

    def note_opening(self, study: Study, paths: tuple[str, ...]) -> None:
        """Remember where a study lies, unless that is known; its place is told nowhere else."""
        who = self._who()
        opening = Opening(study.date, study.description, paths, who.workstation)
        with self._log.writing() as act:
            number = case_number(act.connection, study)
            known = _openings(act.connection, number)
            here = [one for one in known if one.workstation == who.workstation]
            if here[-1:] != [opening]:
                text = canonical_json(to_plain(opening))
                act.connection.execute(insert(openings).values(case_id=number, opening=text))

    def listed(self) -> tuple[EarlierCase, ...]:
        """The cases in which something has happened, those that changed last first.

        Raises StoreError for an event that was changed outside the program.
        """
        last = func.max(case_events.c.sequence).label("sequence")
        ends = select(case_events.c.case_id, last).group_by(case_events.c.case_id).subquery()
        query = (
            select(cases, case_events.c.event, case_events.c.id.label("event_id"))
            .join(ends, ends.c.case_id == cases.c.id)
            .join(
                case_events,
                (case_events.c.case_id == cases.c.id) & (case_events.c.sequence == ends.c.sequence),
            )
        )
        with reading(self._log.engine) as connection:
            rows = connection.execute(query.order_by(case_events.c.id.desc()).limit(MOST)).all()
            return tuple(self._case(connection, row) for row in rows)

    def _case(self, connection: Connection, row: Row[Any]) -> EarlierCase:
        signed = row.event.startswith((SIGNED_BEGINS, TRUTH_BEGINS))
        case = None if signed else Case(row.study_uid, kept_events(connection, row.id))
        who = self._who()
        known = list(_openings(connection, row.id))
        here = [one for one in known if one.workstation == who.workstation]
        last = json.loads(row.event)
        lock = lock_rows.holder(connection, row.id, who.instance)
        return EarlierCase(
            int(row.id),
            _study(row, known),
            case,
            _last_reader(connection, row.id),
            _moment(last),
            lock.who if lock is not None and lock.silent_s < lock_rows.SILENT_AFTER_S else "",
            here[-1].paths if here else (),
        )


def _study(row: Row[Any], known: list[Opening]) -> Study:
    patient_id, issuer, name, birth_date = json.loads(row.patient_key)
    patient = Patient(patient_id, name, birth_date, "", issuer)
    told = known[-1] if known else Opening("", "", (), "")
    return Study(row.study_uid, patient, told.study_date, "", told.description, "", "", ())


def _openings(connection: Connection, number: int) -> Iterator[Opening]:
    query = select(openings.c.opening).where(openings.c.case_id == number).order_by(openings.c.id)
    for text in connection.execute(query).scalars().all():
        try:
            yield from_plain(json.loads(text), Opening)
        except (ValueError, KeyError, TypeError, ExceptionGroup) as error:
            raise StoreError(f"openings, case {number}") from error


def _last_reader(connection: Connection, number: int) -> str:
    """Who acted last; a network's run is nobody's act."""
    query = select(case_events.c.event).where(case_events.c.case_id == number)
    for text in connection.execute(query.order_by(case_events.c.sequence.desc())).scalars():
        reader = _inside(json.loads(text)).get("reader", "")
        if reader:
            return str(reader)
    return ""


def _moment(event: Mapping[str, Any]) -> datetime | None:
    at = event.get("at") or _inside(event).get("at")
    return datetime.fromisoformat(at).astimezone() if at else None


def _inside(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part of a stored event that says who and when."""
    held: Any = event
    for step in _STEPS.get(event["_type"], ()):
        held = held[step]
    return held if isinstance(held, Mapping) else {}


_STEPS = {
    "Decided": ("decision",),
    "FindingAdded": ("decision",),
    "FirstReadLocked": ("read",),
    "Signed": ("report", "signature"),
    "TruthStated": ("truth",),
}
"""Where events keep reader and time that do not have them themselves."""
