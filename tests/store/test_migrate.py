"""Upgrading: databases that older programs really wrote come up to date with all that was in them."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from builders import NOON, study
from sqlalchemy import MetaData, inspect, text
from store_desks import LI, Desk, tamper

from viewer.base.errors import StoreError
from viewer.review.decision import Verdict
from viewer.review.events import TextChanged
from viewer.review.workflow import Stage
from viewer.store import migrate
from viewer.store.audit_check import check_log
from viewer.store.database import open_database
from viewer.store.drawings import DrawingStore
from viewer.store.migrations import step_1
from viewer.store.schema import metadata

OLDER = Path(__file__).parent / "older_databases"
"""version_1_first: the very first program wrote it, it knew no drawings. version_1: the last of version 1."""


@pytest.fixture(params=["version_1_first", "version_1"])
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copy(OLDER / f"{request.param}.sqlite", tmp_path / "cases.sqlite"))


def rows(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("select case_id, event from case_events order by id").fetchall()


def test_every_event_of_an_older_database_is_still_there_and_numbered(
    older: Path, tmp_path: Path
) -> None:
    before = rows(older)
    desk = Desk(older, tmp_path, LI)
    assert rows(older) == before
    case = desk.cases.load(study())
    verdicts = [decision.verdict for decision in case.decisions.values()]
    assert verdicts == [Verdict.CONFIRMED, Verdict.REJECTED]
    assert case.text == "Großes Herz, 心脏"
    with closing(sqlite3.connect(older)) as connection:
        numbers = connection.execute(
            "select sequence from case_events where case_id = 1 order by id"
        )
        assert [number for (number,) in numbers] == list(range(1, len(case.history) + 1))


def test_the_signed_report_and_the_drawing_of_version_1_are_still_there(tmp_path: Path) -> None:
    path = Path(shutil.copy(OLDER / "version_1.sqlite", tmp_path / "cases.sqlite"))
    desk = Desk(path, tmp_path, LI)
    case = desk.cases.load(study())
    assert case.stage is Stage.SIGNED
    assert case.report is not None and case.report.signature.reader == "Dr Li"
    (drawing,) = DrawingStore(desk.engine, desk.log).load(study())
    assert drawing.uid == "2.25.70"


def test_an_upgraded_database_goes_on_where_it_stood(older: Path, tmp_path: Path) -> None:
    desk = Desk(older, tmp_path, LI)
    other = study("1.2.826.0.1.3680043.8.498.2")
    known = desk.cases.length(other)
    desk.cases.append(other, TextChanged("later", "Dr Li", NOON), known)
    assert desk.cases.load(other).text == "later"
    assert check_log(desk.log).holds


def test_the_older_file_is_kept_beside_the_upgraded_one(older: Path) -> None:
    before = rows(older)
    open_database(older).dispose()
    copy = older.with_name("cases.version-1.sqlite")
    assert rows(copy) == before
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("select version from schema_version").fetchall() == [(1,)]


def test_an_event_from_before_the_log_that_is_changed_later_is_found(
    older: Path, tmp_path: Path
) -> None:
    desk = Desk(older, tmp_path, LI)
    tamper(desk.engine, "UPDATE case_events SET event = replace(event, 'REJECTED', 'CONFIRMED')")
    assert "from before the audit log" in " ".join(check_log(desk.log).sentences)


def test_a_step_that_fails_leaves_the_older_database_as_it_was(
    older: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(connection: object) -> None:
        migrate.step_2.upgrade(connection)  # type: ignore[arg-type]
        connection.execute(text("select no_such_function()"))  # type: ignore[attr-defined]

    monkeypatch.setattr(migrate, "STEPS", (step_1.upgrade, broken))
    before = rows(older)
    with pytest.raises(StoreError, match="Nothing was changed"):
        open_database(older)
    assert rows(older) == before
    with closing(sqlite3.connect(older)) as connection:
        assert connection.execute("select version from schema_version").fetchall() == [(1,)]
        tables = connection.execute(
            "select name from sqlite_master where type = 'table'"
        ).fetchall()
        assert ("audit",) not in tables


def test_the_steps_lead_to_the_tables_the_program_works_with(desk: Desk) -> None:
    made = MetaData()
    made.reflect(desk.engine)
    assert set(made.tables) == set(metadata.tables)
    for name, table in metadata.tables.items():
        found = {column.name: column.nullable for column in made.tables[name].columns}
        assert found == {column.name: column.nullable for column in table.columns}
        keys = {
            tuple(key["constrained_columns"]) for key in inspect(desk.engine).get_foreign_keys(name)
        }
        assert keys == {tuple(key.column_keys) for key in table.foreign_key_constraints}


def test_a_database_of_version_1_on_a_server_is_upgraded_too(where: Path | str) -> None:
    engine = open_database(where)
    metadata_now = set(inspect(engine).get_table_names())
    engine.dispose()
    assert {"audit", "users", "case_locks", "case_events"} <= metadata_now
