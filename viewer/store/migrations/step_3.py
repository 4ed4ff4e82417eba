"""Version 3: what the site decides about models, acceptance reports, and runs in shadow."""

from sqlalchemy import Column, Connection, ForeignKey, Integer, MetaData, String, Table, Text, text

from viewer.store.migrations import step_2

_tables = MetaData()

Table("cases", _tables, Column("id", Integer, primary_key=True))
_site_models = Table(
    "site_models",
    _tables,
    Column("id", Integer, primary_key=True),
    Column("decision", Text, nullable=False),
)
_acceptances = Table(
    "acceptances",
    _tables,
    Column("id", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("report", Text, nullable=False),
)
_shadow_runs = Table(
    "shadow_runs",
    _tables,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("run", Text, nullable=False),
)
APPEND_ONLY = ("site_models", "acceptances", "shadow_runs")


def upgrade(connection: Connection) -> None:
    """Add the three tables, closed against changes."""
    _tables.create_all(connection, tables=[_site_models, _acceptances, _shadow_runs])
    for statement in step_2.guards(connection.dialect.name, APPEND_ONLY):
        connection.execute(text(statement))
