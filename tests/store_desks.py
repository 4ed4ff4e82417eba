"""Workstations of a reading room: each with the program's store open on the same database."""

from pathlib import Path

from sqlalchemy import Engine, text

from viewer.review.audit import Actor
from viewer.store.audit_log import Anchor, AuditLog
from viewer.store.cases import CaseStore
from viewer.store.database import anchor_path, open_database


class Desk:
    """A workstation with the program running on it."""

    def __init__(self, where: Path | str, folder: Path, who: Actor) -> None:
        self.who = who
        self.engine: Engine = open_database(where)
        self.log = AuditLog(self.engine, Anchor(anchor_path(where, folder)), lambda: self.who)
        self.cases = CaseStore(self.engine, self.log)


LI = Actor("li", "Dr Li", "WS-1", "instance-1")
ROE = Actor("roe", "Dr Roe", "WS-2", "instance-2")


GUARDS = {
    "sqlite": [
        f"DROP TRIGGER {table}_no_{act}"
        for table in ("audit", "case_events")
        for act in ("update", "delete")
    ],
    "postgresql": [
        f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in ("audit", "case_events")
    ],
}


def tamper(engine: Engine, statement: str) -> None:
    """What somebody with the database's own tools can do, its guards taken away first."""
    with engine.begin() as connection:
        for guard in GUARDS[engine.dialect.name]:
            connection.execute(text(guard))
        connection.execute(text(statement))
