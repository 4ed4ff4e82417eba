"""CaseStore: loads cases and appends what happens to them; an appended event is on the disk."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, func, insert, select

from viewer.base.errors import CaseElsewhere, StoreError
from viewer.base.i18n import _
from viewer.domain.study import Study
from viewer.review.audit import told
from viewer.review.canonical import canonical_json, from_plain, to_plain
from viewer.review.case import Case
from viewer.review.events import CaseEvent, Signed, TruthStated
from viewer.review.later_truth import LaterTruth, Truths, last_of_each
from viewer.review.report import SignedReport
from viewer.store.audit_log import AuditLog, Writing, reading
from viewer.store.event_digests import event_digest
from viewer.store.lock_rows import keep_lock, refuse_held
from viewer.store.schema import case_events, cases

SIGNED_BEGINS = '{"_type":"Signed"'
"""How the canonical JSON of a Signed event begins: its keys are sorted."""


TRUTH_BEGINS = '{"_type":"TruthStated"'
"""The same of a later truth."""


@dataclass(frozen=True)
class KeptCase:
    """A case with its row, found without the files of its study."""

    number: int
    case: Case


class CaseStore:
    """The cases of one database. log: where each event leaves its trace, in the same transaction."""

    def __init__(self, engine: Engine, log: AuditLog | None = None) -> None:
        self._engine = engine
        self._log = log or AuditLog(engine)

    def load(self, study: Study) -> Case:
        """The case of `study` as it stands, empty where nothing has happened yet.

        Raises StoreError for an event that was changed outside the program.
        """
        with reading(self._engine) as connection:
            case_id = found_case(connection, study)
            return Case(study.uid, [] if case_id is None else kept_events(connection, case_id))

    def length(self, study: Study) -> int:
        """How many events the case of `study` has now."""
        with reading(self._engine) as connection:
            case_id = found_case(connection, study)
            return 0 if case_id is None else _length(connection, case_id)

    def append(self, study: Study, event: CaseEvent, known: int | None = None) -> None:
        """Write one event and its audit record; returns when both are on the disk.

        known: how many events the caller has seen; None where nobody else can write. Raises
        CaseElsewhere where another reader has the case or it has moved on, StoreError where it cannot
        be written; then nothing has changed.
        """
        with self._log.writing() as act:
            case_id = case_number(act.connection, study)
            keep_lock(act, case_id, study.uid)
            _append(act, case_id, study.uid, event, known)

    def signing_history(self, study_uid: str, report_uid: str) -> tuple[CaseEvent, ...]:
        """The events of a case up to and with the signing of a report; empty where it is not here.

        Raises StoreError for an event that was changed outside the program.
        """
        query = select(cases.c.id).where(cases.c.study_uid == study_uid)
        with reading(self._engine) as connection:
            for case_id in connection.execute(query).scalars():
                events = kept_events(connection, case_id)
                for place, event in enumerate(events):
                    if isinstance(event, Signed) and event.report.report_uid == report_uid:
                        return tuple(events[: place + 1])
        return ()

    def last_reports(self) -> Iterator[SignedReport]:
        """The last signed report of each case, for counting.

        Raises StoreError for an event that was changed outside the program.
        """
        return (report for _case_id, report in self.last_reports_by_case())

    def last_reports_by_case(self) -> Iterator[tuple[int, SignedReport]]:
        """The same, with the row of the case."""
        signings = (
            select(case_events.c.case_id, func.max(case_events.c.sequence).label("sequence"))
            .where(case_events.c.event.startswith(SIGNED_BEGINS, autoescape=True))
            .group_by(case_events.c.case_id)
            .subquery()
        )
        columns = (case_events.c.case_id, case_events.c.event, case_events.c.sequence)
        query = select(*columns).join(
            signings,
            (case_events.c.case_id == signings.c.case_id)
            & (case_events.c.sequence == signings.c.sequence),
        )
        with reading(self._engine) as connection:
            for row in connection.execute(query.order_by(case_events.c.id)):
                event = _event(row.event, row.sequence)
                assert isinstance(event, Signed)
                yield int(row.case_id), event.report

    def truths_by_case(self) -> dict[int, Truths]:
        """What turned out later, by the row of the case; the last statement on each finding.

        Raises StoreError for an event that was changed outside the program.
        """
        columns = (case_events.c.case_id, case_events.c.event, case_events.c.sequence)
        query = select(*columns).where(
            case_events.c.event.startswith(TRUTH_BEGINS, autoescape=True)
        )
        found: dict[int, list[LaterTruth]] = {}
        with reading(self._engine) as connection:
            for row in connection.execute(query.order_by(case_events.c.id)):
                event = _event(row.event, row.sequence)
                assert isinstance(event, TruthStated)
                found.setdefault(int(row.case_id), []).append(event.truth)
        return {case_id: last_of_each(stated) for case_id, stated in found.items()}

    def kept(self, study_uid: str) -> tuple[KeptCase, ...]:
        """The cases of a Study Instance UID, as they stand: one, or one for each patient it came under.

        Raises StoreError for an event that was changed outside the program.
        """
        query = select(cases.c.id).where(cases.c.study_uid == study_uid).order_by(cases.c.id)
        with reading(self._engine) as connection:
            numbers = connection.execute(query).scalars().all()
            held = {one: Case(study_uid, kept_events(connection, one)) for one in numbers}
        return tuple(KeptCase(int(number), case) for number, case in held.items())

    def append_kept(self, kept: KeptCase, event: CaseEvent) -> None:
        """Write one event of a case whose images need not be here; nothing is taken from who has it open.

        Raises CaseElsewhere where a program elsewhere has the case or it has moved on, StoreError.
        """
        kept.case.check(event)
        with self._log.writing() as act:
            refuse_held(act, kept.number)
            _append(act, kept.number, kept.case.study_uid, event, len(kept.case.history))
        kept.case.apply(event)

    def reviewed_under_another_identity(self, study: Study) -> bool:
        """Whether the same Study Instance UID has a case under other patient data."""
        query = (
            select(case_events.c.id)
            .join(cases, cases.c.id == case_events.c.case_id)
            .where(cases.c.study_uid == study.uid, cases.c.patient_key != _patient_key(study))
        )
        with reading(self._engine) as connection:
            return connection.execute(query).first() is not None


def _append(
    act: Writing, case_id: int, study_uid: str, event: CaseEvent, known: int | None
) -> None:
    sequence = _length(act.connection, case_id) + 1
    if known is not None and sequence != known + 1:
        raise CaseElsewhere(
            _(
                "This case was changed elsewhere in the meantime. It is now shown as it stands; "
                "what you just did was not taken, do it again if it still holds."
            )
        )
    text = canonical_json(to_plain(event, CaseEvent))
    act.connection.execute(
        insert(case_events).values(case_id=case_id, event=text, sequence=sequence)
    )
    kind, detail = told(event)
    bound = {"case": str(case_id), "event": str(sequence), "event_sha256": event_digest(text)}
    act.note(kind, study_uid, detail | bound)


def _length(connection: Connection, case_id: int) -> int:
    query = select(func.max(case_events.c.sequence)).where(case_events.c.case_id == case_id)
    return int(connection.execute(query).scalar() or 0)


def kept_events(connection: Connection, case_id: int) -> list[CaseEvent]:
    """All events of a case, in order; raises StoreError for one changed outside the program."""
    query = select(case_events.c.event).where(case_events.c.case_id == case_id)
    rows = connection.execute(query.order_by(case_events.c.sequence)).scalars()
    return [_event(row, number) for number, row in enumerate(rows, start=1)]


def _event(row: str, number: int) -> CaseEvent:
    try:
        event: CaseEvent = from_plain(json.loads(row), CaseEvent)
    except (ValueError, KeyError, TypeError, ExceptionGroup) as error:
        words = _(
            "Event {n} of this case was changed outside the program and cannot be read. "
            "Verify the audit log, and restore the database from a backup."
        )
        raise StoreError(words.format(n=number)) from error
    return event


def _patient_key(study: Study) -> str:
    return canonical_json(study.patient.key)


def found_case(connection: Connection, study: Study) -> int | None:
    """The row of a study's case; None where there is none yet."""
    query = select(cases.c.id).where(
        cases.c.study_uid == study.uid, cases.c.patient_key == _patient_key(study)
    )
    found = connection.execute(query).scalar()
    return None if found is None else int(found)


def case_number(connection: Connection, study: Study) -> int:
    """The row of a study's case, made where there is none."""
    found = found_case(connection, study)
    if found is not None:
        return found
    made = connection.execute(
        insert(cases).values(study_uid=study.uid, patient_key=_patient_key(study))
    )
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])
