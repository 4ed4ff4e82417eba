"""Opens the case database, SQLite or PostgreSQL: every commit is on the disk before it returns."""

import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError

from viewer.base.errors import StoreError
from viewer.base.i18n import _
from viewer.review.audit import Actor, AuditKind
from viewer.store.audit_log import append_record
from viewer.store.event_digests import older_events
from viewer.store.migrate import SCHEMA_VERSION, migrate, version_of

DATABASE_NAME = "cases.sqlite"
URL_VARIABLE = "SECONDREAD_DATABASE_URL"
"""Environment variable naming a PostgreSQL database, before the setting of the site."""

PRAGMAS = ("busy_timeout=5000", "journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL")
"""Of each SQLite connection."""

SQLITE_SAYS: dict[str, tuple[str, ...]] = {
    "journal_mode": ("wal",),
    "foreign_keys": ("1",),
    "synchronous": ("2",),
}
"""What SQLite must say back of them; 2 is FULL."""

POSTGRES_SAYS: dict[str, tuple[str, ...]] = {
    "synchronous_commit": ("on", "local", "remote_write", "remote_apply")
}
"""What PostgreSQL must say: anything but "off" waits for the disk of the server."""

_ONE_AT_A_TIME = 0x5EC0_4D
"""Key of PostgreSQL's advisory lock under which a database is made or upgraded."""


def open_database(where: Path | str) -> Engine:
    """Engine on the SQLite file at a path, or on the PostgreSQL database of a URL; made or upgraded if need be.

    Raises StoreError for a file that is no database, a server that does not answer, or a database
    written by a newer SecondRead.
    """
    url = _url(where)
    engine = create_engine(url, pool_pre_ping=url.get_backend_name() != "sqlite")
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin)
    try:
        _check_durable(engine)
        _bring_up_to_date(engine, url)
    except (DatabaseError, sqlite3.Error) as error:
        engine.dispose()
        raise StoreError(
            _(
                "The case database {place} cannot be opened ({reason}). Nothing was changed in it."
            ).format(place=told(url), reason=getattr(error, "orig", error))
        ) from error
    return engine


def anchor_path(where: Path | str, folder: Path) -> Path:
    """The file that remembers the end of the audit log: beside a SQLite file, else in `folder`."""
    url = _url(where)
    if url.get_backend_name() == "sqlite" and url.database:
        return Path(url.database).with_suffix(".head")
    name = hashlib.sha256(told(url).encode()).hexdigest()[:12]
    return folder / f"audit_{name}.head"


def told(url: URL) -> str:
    """A place as it may be shown and logged: without the password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.render_as_string(hide_password=True)


def told_place(where: str) -> str:
    """The same for a setting as it was typed; "" stays "", what cannot be read is not repeated."""
    try:
        return told(_url(where)) if where else ""
    except StoreError:
        return "?"


def chosen_place(url: str, folder: Path) -> Path | str:
    """Where the cases are: the environment's URL, else the one given, else the file in `folder`."""
    return os.environ.get(URL_VARIABLE) or url or folder / DATABASE_NAME


def _url(where: Path | str) -> URL:
    if isinstance(where, Path):
        return URL.create("sqlite", database=str(where))
    try:
        url = make_url(where)
    except ArgumentError as error:
        words = _("The database URL of the settings cannot be read. An example: {example}")
        example = "postgresql://secondread@server/secondread"
        raise StoreError(words.format(example=example)) from error
    if url.get_backend_name() not in ("postgresql", "sqlite"):
        words = _("Cases can be kept in SQLite or PostgreSQL, not in {kind}.")
        raise StoreError(words.format(kind=url.get_backend_name()))
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def _set_pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = (
        None  # transactions begin where `_begin` says, not at the first write
    )
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """A transaction that may write takes its turn at once, so that what it read still holds."""
    reads = connection.get_execution_options().get("reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _check_durable(engine: Engine) -> None:
    """Ask the database back whether a commit is on the disk before it returns."""
    command, asked = ("PRAGMA", SQLITE_SAYS)
    if engine.dialect.name == "postgresql":
        command, asked = ("SHOW", POSTGRES_SAYS)
    with engine.connect() as connection:
        for name, allowed in asked.items():
            found = str(connection.execute(text(f"{command} {name}")).scalar())
            if found not in allowed:
                words = _("The case database does not keep what is committed ({name} is {found}).")
                raise StoreError(words.format(name=name, found=found))


def _bring_up_to_date(engine: Engine, url: URL) -> None:
    with engine.connect() as connection:
        found = version_of(connection)
    if found == SCHEMA_VERSION:
        return
    if found and engine.dialect.name == "sqlite":
        _back_up(Path(str(url.database)), found)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})"))
        found = version_of(connection)
        if found > SCHEMA_VERSION:
            words = _(
                "The case database {place} was written by a newer SecondRead; update the program."
            )
            raise StoreError(words.format(place=told(url)))
        if found < SCHEMA_VERSION:
            migrate(connection, found)
            append_record(
                connection, Actor(), AuditKind.DATABASE, "", _what_was_there(connection, found)
            )


def _back_up(path: Path, version: int) -> None:
    """A copy of a SQLite file as it was before its upgrade, kept beside it."""
    copy = path.with_name(f"{path.stem}.version-{version}.sqlite")
    if copy.exists():
        return
    part = copy.with_suffix(".part")
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(part)) as target:
        source.backup(target)
    part.replace(copy)


def _what_was_there(connection: Connection, found: int) -> dict[str, str]:
    """Binds the events of an older database to the log that begins now."""
    return {
        "from_version": str(found),
        "to_version": str(SCHEMA_VERSION),
        **older_events(connection, None),
    }
