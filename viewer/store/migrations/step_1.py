"""Version 1: cases as their events, maps and drawings."""

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

_tables = MetaData()

Table("schema_version", _tables, Column("version", Integer, nullable=False))
Table(
    "cases",
    _tables,
    Column("id", Integer, primary_key=True),
    Column("study_uid", String(64), nullable=False, index=True),
    Column("patient_key", Text, nullable=False),
    UniqueConstraint("study_uid", "patient_key"),
)
Table(
    "case_events",
    _tables,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("event", Text, nullable=False),
)
Table(
    "heatmaps",
    _tables,
    Column("id", Integer, primary_key=True),
    Column("run_uid", String(64), nullable=False, index=True),
    Column("description", Text, nullable=False),
    Column("values", LargeBinary, nullable=False),
)
Table(
    "drawings",
    _tables,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("uid", String(64), nullable=False),
    Column("drawing", Text),
)


def upgrade(connection: Connection) -> None:
    """Make what is missing; the first databases of version 1 had no drawings yet."""
    _tables.create_all(connection)
