"""Opens the case database: SQLite in WAL mode, foreign keys on, every commit on the disk before it returns."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, insert, select
from sqlalchemy.exc import DatabaseError

from viewer.base.errors import StoreError
from viewer.base.i18n import _
from viewer.store.schema import SCHEMA_VERSION, metadata, schema_version

DATABASE_NAME = "cases.sqlite"
PRAGMAS = ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "busy_timeout=5000")


def open_database(path: Path) -> Engine:
    """Engine on the database at `path`, made where there is none.

    Raises StoreError for a file that is no database, or one written by a newer SecondRead.
    """
    engine = create_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", _set_pragmas)
    try:
        metadata.create_all(engine)
        _check_version(engine, path)
    except DatabaseError as error:
        engine.dispose()
        raise StoreError(
            _(
                "The case database {path} cannot be opened ({reason}). Nothing was changed in it."
            ).format(path=path, reason=error.orig)
        ) from error
    return engine


def _set_pragmas(connection: Any, _record: object) -> None:
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _check_version(engine: Engine, path: Path) -> None:
    with engine.begin() as connection:
        found = connection.execute(select(schema_version.c.version)).scalar()
        if found is None:
            connection.execute(insert(schema_version).values(version=SCHEMA_VERSION))
        elif found > SCHEMA_VERSION:
            raise StoreError(
                _(
                    "The case database {path} was written by a newer SecondRead; update the program."
                ).format(path=path)
            )
