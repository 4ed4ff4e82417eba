"""Version 2: numbered events, case locks, users and the audit log; what was written stays as it is."""

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    text,
)

from viewer.store.migrations import step_1

_tables = MetaData()

Table("cases", _tables, Column("id", Integer, primary_key=True))
_locks = Table(
    "case_locks",
    _tables,
    Column("case_id", ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("instance", String(64), nullable=False),
    Column("user_name", Text, nullable=False),
    Column("reader", Text, nullable=False),
    Column("workstation", Text, nullable=False),
    Column("since", String(40), nullable=False),
    Column("heartbeat", String(40), nullable=False),
)
_users = Table(
    "users",
    _tables,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("printed_name", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("last_failure", String(40), nullable=False),
)
_audit = Table(
    "audit",
    _tables,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at_utc", String(40), nullable=False),
    Column("zone", String(8), nullable=False),
    Column("user_name", Text, nullable=False),
    Column("workstation", Text, nullable=False),
    Column("kind", String(32), nullable=False, index=True),
    Column("study_uid", String(64), nullable=False, index=True),
    Column("detail", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("sha256", String(64), nullable=False),
)
APPEND_ONLY = ("audit", "case_events")
"""Tables whose rows the database itself refuses to change or to delete."""

_NUMBER_EVENTS = """
UPDATE case_events SET sequence = (
  SELECT count(*) FROM case_events AS earlier
  WHERE earlier.case_id = case_events.case_id AND earlier.id <= case_events.id)
"""
_SQLITE_GUARD = """
CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
_POSTGRES_REFUSAL = """
CREATE FUNCTION secondread_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""
_POSTGRES_GUARDS = (
    "CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION secondread_append_only()",
    "CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION secondread_append_only()",
)


def upgrade(connection: Connection) -> None:
    """Add the new tables, number the events of each case, close both logs against changes."""
    step_1.upgrade(connection)
    _tables.create_all(connection, tables=[_locks, _users, _audit])
    for statement in (
        "ALTER TABLE case_events ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0",
        _NUMBER_EVENTS,
        "CREATE UNIQUE INDEX ux_case_events_sequence ON case_events (case_id, sequence)",
        *([_POSTGRES_REFUSAL] if connection.dialect.name == "postgresql" else []),
        *guards(connection.dialect.name, APPEND_ONLY),
    ):
        connection.execute(text(statement))


def guards(dialect: str, tables: tuple[str, ...]) -> list[str]:
    """Statements that let the database itself refuse to change or delete rows of tables."""
    if dialect == "sqlite":
        return [
            _SQLITE_GUARD.format(table=table, act=act)
            for table in tables
            for act in ("UPDATE", "DELETE")
        ]
    return [guard.format(table=table) for table in tables for guard in _POSTGRES_GUARDS]
