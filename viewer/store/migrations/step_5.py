"""Version 5: where studies lay when they were opened; and cases may hold what turned out later."""

from sqlalchemy import Column, Connection, ForeignKey, Integer, MetaData, Table, Text

_tables = MetaData()

Table("cases", _tables, Column("id", Integer, primary_key=True))
_openings = Table(
    "openings",
    _tables,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("opening", Text, nullable=False),
)


def upgrade(connection: Connection) -> None:
    """Add the table; a program of version 4 would not know the new kind of event, so it must not open this."""
    _tables.create_all(connection, tables=[_openings])
