"""Version 4: settings that all workstations of a site share."""

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, Text, text

from viewer.store.migrations import step_2

_tables = MetaData()

_site_settings = Table(
    "site_settings",
    _tables,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("value", Text, nullable=False),
)
APPEND_ONLY = ("site_settings",)


def upgrade(connection: Connection) -> None:
    """Add the table, closed against changes."""
    _tables.create_all(connection, tables=[_site_settings])
    for statement in step_2.guards(connection.dialect.name, APPEND_ONLY):
        connection.execute(text(statement))
