"""CaseStore: loads cases and appends what happens to them; an appended event is on the disk."""

import json

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import DatabaseError

from viewer.base.errors import StoreError
from viewer.base.i18n import _
from viewer.domain.study import Study
from viewer.review.canonical import canonical_json, from_plain, to_plain
from viewer.review.case import Case
from viewer.review.events import CaseEvent
from viewer.store.schema import case_events, cases


class CaseStore:
    """The cases of one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def load(self, study: Study) -> Case:
        """The case of `study` as it stands, empty where nothing has happened yet."""
        with self._engine.begin() as connection:
            case_id = case_number(connection, study)
            rows = connection.execute(
                select(case_events.c.event)
                .where(case_events.c.case_id == case_id)
                .order_by(case_events.c.id)
            ).scalars()
            history = [_event(row) for row in rows]
        return Case(study.uid, history)

    def append(self, study: Study, event: CaseEvent) -> None:
        """Write one event; returns when it is on the disk.

        Raises StoreError where it cannot be written; then nothing has changed.
        """
        text = canonical_json(to_plain(event, CaseEvent))
        try:
            with self._engine.begin() as connection:
                case_id = case_number(connection, study)
                connection.execute(insert(case_events).values(case_id=case_id, event=text))
        except DatabaseError as error:
            raise StoreError(
                _(
                    "The decision could not be saved ({reason}). It was not taken; try again."
                ).format(reason=error.orig)
            ) from error

    def reviewed_under_another_identity(self, study: Study) -> bool:
        """Whether the same Study Instance UID has a case under other patient data."""
        query = select(cases.c.id).where(
            cases.c.study_uid == study.uid, cases.c.patient_key != _patient_key(study)
        )
        with self._engine.begin() as connection:
            return connection.execute(query).first() is not None


def _event(row: str) -> CaseEvent:
    event: CaseEvent = from_plain(json.loads(row), CaseEvent)
    return event


def _patient_key(study: Study) -> str:
    return canonical_json(study.patient.key)


def case_number(connection: Connection, study: Study) -> int:
    """The row of a study's case, made where there is none."""
    key = _patient_key(study)
    query = select(cases.c.id).where(cases.c.study_uid == study.uid, cases.c.patient_key == key)
    found = connection.execute(query).scalar()
    if found is not None:
        return int(found)
    made = connection.execute(insert(cases).values(study_uid=study.uid, patient_key=key))
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])
