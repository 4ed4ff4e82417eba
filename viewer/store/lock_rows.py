"""The rows of case locks: one program at a time may write to a case; another takes it over only on purpose."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from viewer.base.errors import CaseElsewhere
from viewer.base.i18n import _
from viewer.review.audit import Actor, AuditKind
from viewer.store.audit_log import Writing
from viewer.store.schema import case_locks

SILENT_AFTER_S = 120
"""A lock whose program has not been heard of for so long belongs to one that crashed or lost the network."""


@dataclass(frozen=True)
class CaseLock:
    """Who has a case, since when, and when the program that has it was heard of last."""

    user: str
    reader: str
    workstation: str
    since: datetime
    heartbeat: datetime

    @property
    def silent_s(self) -> float:
        """Seconds since its program was heard of last."""
        return (datetime.now(UTC) - self.heartbeat).total_seconds()

    @property
    def who(self) -> str:
        """The name as it is told to another reader."""
        return self.reader or self.user or _("Another reader")


def take(act: Writing, case_id: int, study_uid: str) -> CaseLock | None:
    """Take a case that is free, or one's own; returns None, or the lock of who has it.

    A reader who opens the case in a second program on the same workstation goes on there; that is
    recorded as a takeover.
    """
    row = _row(act.connection, case_id)
    if row is None:
        _insert(act, case_id)
    elif row.instance != act.who.instance:
        if not _same_desk(row, act.who):
            return _lock(row)
        take_over(act, case_id, study_uid)
    return None


def take_over(act: Writing, case_id: int, study_uid: str) -> None:
    """Take a case whoever has it; recorded with the name of who had it."""
    row = _row(act.connection, case_id)
    if row is not None and row.instance != act.who.instance:
        act.connection.execute(delete(case_locks).where(case_locks.c.case_id == case_id))
        before = {"from_reader": row.reader, "from_user": row.user_name}
        detail = {"case": str(case_id), **before, "from_workstation": row.workstation}
        act.note(AuditKind.TAKEOVER, study_uid, detail)
    if row is None or row.instance != act.who.instance:
        _insert(act, case_id)


def keep_lock(act: Writing, case_id: int, study_uid: str) -> None:
    """Make sure that this program may write to the case; raises CaseElsewhere where another one has it."""
    if not act.who.instance:
        return
    found = take(act, case_id, study_uid)
    if found is not None:
        raise CaseElsewhere(held_words(found))


def refuse_held(act: Writing, case_id: int) -> None:
    """Raise CaseElsewhere where another program has the case; a free one stays free."""
    found = holder(act.connection, case_id, act.who.instance)
    if found is not None:
        raise CaseElsewhere(held_words(found))


def release(connection: Connection, instance: str, case_id: int | None = None) -> None:
    """Give up one case of this program, or all."""
    query = delete(case_locks).where(case_locks.c.instance == instance)
    if case_id is not None:
        query = query.where(case_locks.c.case_id == case_id)
    connection.execute(query)


def beat(connection: Connection, who: Actor) -> None:
    """Say that the program still lives, and who sits before it."""
    query = update(case_locks).where(case_locks.c.instance == who.instance)
    connection.execute(query.values(heartbeat=_now(), user_name=who.user, reader=who.reader))


def holder(connection: Connection, case_id: int, instance: str) -> CaseLock | None:
    """The lock of another program on a case, if there is one."""
    row = _row(connection, case_id)
    return None if row is None or row.instance == instance else _lock(row)


def held_words(lock: CaseLock) -> str:
    """Who has the case, for the reader who cannot write to it."""
    words = _("{reader} has this case since {time} on {workstation}; you can only look at it.")
    said = words.format(reader=lock.who, time=f"{lock.since:%H:%M}", workstation=lock.workstation)
    silent = lock.silent_s
    if silent < SILENT_AFTER_S:
        return said
    unheard = _("Nothing was heard from there for {minutes:.0f} minutes.")
    return f"{said} {unheard.format(minutes=silent / 60)}"


def _row(connection: Connection, case_id: int) -> Row[Any] | None:
    return connection.execute(select(case_locks).where(case_locks.c.case_id == case_id)).first()


def _same_desk(row: Row[Any], who: Actor) -> bool:
    """The same reader there; one who has not logged in (again) goes by the name alone."""
    if (row.reader, row.workstation) != (who.reader, who.workstation):
        return False
    return row.user_name == who.user or (bool(who.reader) and not who.user)


def _insert(act: Writing, case_id: int) -> None:
    who, now = act.who, _now()
    act.connection.execute(
        insert(case_locks).values(
            case_id=case_id,
            instance=who.instance,
            user_name=who.user,
            reader=who.reader,
            workstation=who.workstation,
            since=now,
            heartbeat=now,
        )
    )


def _lock(row: Row[Any]) -> CaseLock:
    since = datetime.fromisoformat(row.since).astimezone()
    heartbeat = datetime.fromisoformat(row.heartbeat)
    return CaseLock(row.user_name, row.reader, row.workstation, since, heartbeat)


def _now() -> str:
    return datetime.now(UTC).isoformat()
