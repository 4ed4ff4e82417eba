"""`secondread audit`: says whether the log holds and where not; an export is a record itself."""

import csv
import json
from pathlib import Path

import pytest
from readers import prove
from store_desks import tamper

from viewer import cli
from viewer.app.workbench import Workbench
from viewer.base.paths import data_folder
from viewer.review.canonical import digest
from viewer.store.database import DATABASE_NAME, open_database


@pytest.fixture
def busy(bench: Workbench) -> Workbench:
    """Records 1 (database), 2 (user made), 3 (login), 4 (logout)."""
    prove(bench.accounts)
    bench.accounts.log_out()
    return bench


def test_a_log_that_holds_is_said_to(busy: Workbench, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["audit", "verify"]) == 0
    assert capsys.readouterr().out == "The audit log holds: 4 records.\n"


def test_the_first_bad_record_is_said(busy: Workbench, capsys: pytest.CaptureFixture[str]) -> None:
    tamper(
        open_database(data_folder() / DATABASE_NAME),
        "UPDATE audit SET workstation = 'WS-9' WHERE sequence > 2",
    )
    assert cli.run(["audit", "verify"]) == 1
    assert "DIFFERS record 3 was changed" in capsys.readouterr().out


def test_a_log_whose_end_is_remembered_nowhere_is_not_vouched_for(
    busy: Workbench, capsys: pytest.CaptureFixture[str]
) -> None:
    (data_folder() / "cases.head").unlink()
    assert cli.run(["audit", "verify"]) == 1
    assert "cannot be seen" in capsys.readouterr().out


def test_json_lines_carry_each_record_with_a_hash_that_fits(
    busy: Workbench, tmp_path: Path
) -> None:
    out = tmp_path / "log.jsonl"
    assert cli.run(["audit", "export", str(out)]) == 0
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [line["sequence"] for line in lines] == [1, 2, 3, 4]
    for line in lines:
        assert line.pop("sha256") == digest(line)


def test_a_table_holds_the_records_that_fit_and_the_export_is_recorded(
    busy: Workbench, tmp_path: Path
) -> None:
    out = tmp_path / "log.csv"
    assert cli.run(["audit", "export", str(out), "--kind", "login"]) == 0
    rows = list(csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines()))
    assert [(row["kind"], row["user"]) for row in rows] == [("login", "li")]
    record = list(busy.log.records())[-1]
    assert (record.kind, record.detail["records"]) == ("audit_export", "1")
    assert cli.run(["audit", "verify"]) == 0


@pytest.mark.parametrize("name", ["log.txt", "log"])
def test_another_suffix_is_refused_in_words(
    busy: Workbench, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["audit", "export", str(tmp_path / name)]) == 1
    assert "ends in .csv or .jsonl" in capsys.readouterr().err


def test_without_a_database_nothing_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "nowhere.sqlite"
    assert cli.run(["audit", "verify", "--database", str(place)]) == 1
    assert "no case database" in capsys.readouterr().err
    assert not place.exists()
