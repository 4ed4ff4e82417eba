"""AuditLog: every transaction of the store that must leave a trace; the trace is written with it or not at all."""

import json
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, insert, select, text
from sqlalchemy.exc import DatabaseError

from viewer.base.errors import StoreError
from viewer.base.i18n import _
from viewer.review.audit import Actor, AuditKind, AuditRecord, next_record
from viewer.review.audit_head import AuditHead
from viewer.review.canonical import canonical_json
from viewer.store.schema import audit

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class AuditFilter:
    """Which records: all that fit every field that is not empty. since, until: ISO 8601 in UTC."""

    kind: str = ""
    user: str = ""
    study_uid: str = ""
    since: str = ""
    until: str = ""


class Anchor:
    """A file beside the database that names the last record, so that a shortened log shows."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self, head: AuditHead) -> None:
        """Remember the end of the log, whole or not at all; an earlier end than the known one is not taken."""
        known = self.read()
        if known is not None and known.sequence >= head.sequence:
            return
        part = self._path.with_name(f"{self._path.name}.{os.getpid()}.part")
        try:
            part.write_text(f"{head.sequence} {head.sha256}\n", encoding="ascii")
            part.replace(self._path)
        except OSError as error:  # the record itself is on the disk; only this reminder is not
            log.warning("the anchor of the audit log was not written: %s", error.strerror)

    def read(self) -> AuditHead | None:
        """The end that was remembered; None where there is none."""
        try:
            sequence, sha256 = self._path.read_text(encoding="ascii").split()
            return AuditHead(int(sequence), sha256)
        except (OSError, ValueError):
            return None


class Writing:
    """One transaction that leaves a trace."""

    def __init__(self, connection: Connection, who: Actor) -> None:
        self.connection = connection
        self.who = who
        self.head = AuditHead()

    def note(
        self, kind: AuditKind, study_uid: str = "", detail: dict[str, str] | None = None
    ) -> AuditRecord:
        """Add a record to the log."""
        record = append_record(self.connection, self.who, kind, study_uid, detail)
        self.head = AuditHead(record.sequence, record.sha256)
        return record


class AuditLog:
    """The log of one database.

    anchor: None where the end is remembered nowhere else. who: asked at each act.
    """

    def __init__(
        self,
        engine: Engine,
        anchor: Anchor | None = None,
        who: Callable[[], Actor] = Actor,
    ) -> None:
        self.engine = engine
        self.anchor = anchor
        self._who = who

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """One transaction, alone in the database; the log's end is anchored when it is on the disk.

        Raises StoreError where it cannot be written; then nothing has changed.
        """
        try:
            with self.engine.begin() as connection:
                alone(connection)
                act = Writing(connection, self._who())
                yield act
        except DatabaseError as error:
            raise StoreError(
                _("The database could not be written ({reason}). Nothing was changed.").format(
                    reason=error.orig
                )
            ) from error
        if self.anchor is not None and act.head.sequence:
            self.anchor.keep(act.head)

    def note(
        self, kind: AuditKind, study_uid: str = "", detail: dict[str, str] | None = None
    ) -> AuditRecord:
        """Add one record in a transaction of its own."""
        with self.writing() as act:
            return act.note(kind, study_uid, detail)

    def head(self) -> AuditHead:
        """The end of the log now."""
        with reading(self.engine) as connection:
            return _head(connection)

    def records(self, wanted: AuditFilter | None = None) -> Iterator[AuditRecord]:
        """The records that fit, oldest first."""
        query = _filtered(wanted or AuditFilter()).order_by(audit.c.sequence)
        with reading(self.engine) as connection:
            for row in connection.execute(query):
                yield _record(row)

    def latest(self, wanted: AuditFilter, count: int) -> tuple[AuditRecord, ...]:
        """At most `count` records that fit, newest first."""
        query = _filtered(wanted).order_by(audit.c.sequence.desc()).limit(count)
        with reading(self.engine) as connection:
            return tuple(_record(row) for row in connection.execute(query))

    def users(self) -> tuple[str, ...]:
        """The login names that occur."""
        query = select(audit.c.user_name).distinct().order_by(audit.c.user_name)
        with reading(self.engine) as connection:
            return tuple(name for name in connection.execute(query).scalars() if name)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that only reads: it waits for no writer and keeps none waiting."""
    with engine.execution_options(reads=True).connect() as connection:
        yield connection


def alone(connection: Connection) -> None:
    """Let this transaction be the only one that writes until it ends (SQLite's begins so)."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE audit IN EXCLUSIVE MODE"))


def append_record(
    connection: Connection,
    who: Actor,
    kind: AuditKind,
    study_uid: str = "",
    detail: dict[str, str] | None = None,
) -> AuditRecord:
    """Add a record within a transaction that is alone."""
    at = datetime.now().astimezone()
    record = next_record(_head(connection), who, kind, at, study_uid, detail)
    values = {
        column.name: getattr(record, _FIELD.get(column.name, column.name)) for column in audit.c
    }
    connection.execute(insert(audit).values(values | {"detail": canonical_json(record.detail)}))
    return record


_FIELD = {"user_name": "user"}
"""Columns whose name is not the field's, because SQL has other plans with it."""


def _head(connection: Connection) -> AuditHead:
    query = select(audit.c.sequence, audit.c.sha256).order_by(audit.c.sequence.desc()).limit(1)
    row = connection.execute(query).first()
    return AuditHead() if row is None else AuditHead(row.sequence, row.sha256)


def _filtered(wanted: AuditFilter) -> Select[Any]:
    query = select(audit)
    for column, value in (
        (audit.c.kind, wanted.kind),
        (audit.c.user_name, wanted.user),
        (audit.c.study_uid, wanted.study_uid),
    ):
        if value:
            query = query.where(column == value)
    if wanted.since:
        query = query.where(audit.c.at_utc >= wanted.since)
    return query.where(audit.c.at_utc < wanted.until) if wanted.until else query


def _record(row: Row[Any]) -> AuditRecord:
    plain = {_FIELD.get(name, name): value for name, value in row._mapping.items()}
    record = AuditRecord(**plain)
    return replace(record, detail=_detail(str(record.detail)))


def _detail(written: str) -> dict[str, str]:
    """The words of a record; a text that was changed into no JSON stays visible, and fails its hash."""
    try:
        return dict(json.loads(written))
    except (ValueError, TypeError):
        return {"unreadable": written}
