"""What binds the events of cases to the audit log: a digest of each, named in the record written with it."""

import hashlib

from sqlalchemy import Connection, select

from viewer.review.canonical import digest
from viewer.store.schema import case_events


def event_digest(written: str) -> str:
    """SHA-256 (hex) of an event as it lies in the database."""
    return hashlib.sha256(written.encode()).hexdigest()


def older_events(connection: Connection, last: int | None) -> dict[str, str]:
    """Number, last row and one digest of the events up to the row `last` (None: all there are).

    The first record of a log that begins on an older database says them, as those events have no
    record of their own.
    """
    query = select(case_events.c.id, case_events.c.case_id, case_events.c.event)
    if last is not None:
        query = query.where(case_events.c.id <= last)
    rows = connection.execute(query.order_by(case_events.c.id)).all()
    hashes = [[row.case_id, event_digest(row.event)] for row in rows]
    end = str(rows[-1].id) if rows else "0"
    return {"events": str(len(rows)), "last_event": end, "events_sha256": digest(hashes)}
