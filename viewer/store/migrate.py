"""Brings a database to the present version, step by step, in one transaction."""

from collections.abc import Callable

from sqlalchemy import Connection, inspect, select, text

from viewer.store.migrations import step_1, step_2, step_3, step_4, step_5
from viewer.store.schema import schema_version

STEPS: tuple[Callable[[Connection], None], ...] = (
    step_1.upgrade,
    step_2.upgrade,
    step_3.upgrade,
    step_4.upgrade,
    step_5.upgrade,
)
"""Step n leads from version n - 1 to version n; 0 is a database without tables."""

SCHEMA_VERSION = len(STEPS)


def version_of(connection: Connection) -> int:
    """The version a database states; 0 where it has no tables yet."""
    if not inspect(connection).has_table(schema_version.name):
        return 0
    return int(connection.execute(select(schema_version.c.version)).scalar() or 0)


def migrate(connection: Connection, found: int) -> None:
    """Take every step after `found`; the caller's transaction makes it all or nothing."""
    for step in STEPS[found:]:
        step(connection)
    connection.execute(text("DELETE FROM schema_version"))
    connection.execute(schema_version.insert().values(version=SCHEMA_VERSION))
