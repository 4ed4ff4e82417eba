"""Opening: durable or not at all; what is no database, or of a newer program, is named and left alone."""

from pathlib import Path

import pytest
from sqlalchemy import text
from store_desks import Desk

from viewer.base.errors import StoreError
from viewer.store import database
from viewer.store.audit_log import reading
from viewer.store.database import anchor_path, open_database


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "cases.sqlite"
    path.write_text("a letter, not a database" * 100)
    with pytest.raises(StoreError, match=r"cases\.sqlite"):
        open_database(path)
    assert path.read_text().startswith("a letter")


def test_a_database_of_a_newer_program_is_refused(desk: Desk, where: Path | str) -> None:
    with desk.engine.begin() as connection:
        connection.execute(text("update schema_version set version = 99"))
    with pytest.raises(StoreError, match="newer SecondRead"):
        open_database(where)


def test_every_connection_waits_for_the_disk(desk: Desk) -> None:
    asks = {"sqlite": "PRAGMA {}", "postgresql": "SHOW {}"}[desk.engine.dialect.name]
    says = database.SQLITE_SAYS if "PRAGMA" in asks else database.POSTGRES_SAYS
    with reading(desk.engine) as one, reading(desk.engine) as two:
        for connection in (one, two):
            for name, allowed in says.items():
                assert str(connection.execute(text(asks.format(name))).scalar()) in allowed


def test_a_database_that_does_not_keep_its_commits_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        database, "PRAGMAS", ("journal_mode=WAL", "foreign_keys=ON", "synchronous=OFF")
    )
    with pytest.raises(StoreError, match="synchronous is 0"):
        open_database(tmp_path / "cases.sqlite")


def test_foreign_keys_are_kept(desk: Desk) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"), desk.engine.begin() as connection:
        connection.execute(
            text("insert into case_events (case_id, event, sequence) values (404, '{}', 1)")
        )


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("not a url", "cannot be read"),
        ("mysql://server/cases", "not in mysql"),
        ("postgresql://reader:secret@127.0.0.1:9/cases", r"reader:\*\*\*@127"),
    ],
)
def test_a_url_that_leads_nowhere_is_told_without_its_password(url: str, named: str) -> None:
    with pytest.raises(StoreError, match=named) as told:
        open_database(url)
    assert "secret" not in str(told.value)


def test_the_anchor_lies_beside_a_file_and_in_the_own_folder_for_a_server(tmp_path: Path) -> None:
    assert anchor_path(tmp_path / "cases.sqlite", Path("x")) == tmp_path / "cases.head"
    one, two = (anchor_path(f"postgresql://server/{name}", tmp_path) for name in ("a", "b"))
    assert one.parent == tmp_path
    assert one != two
