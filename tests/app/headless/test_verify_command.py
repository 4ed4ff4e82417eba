"""`secondread verify` names the one thing that was changed: a pixel, a weight, a decision; or says it matches."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from held_runner import HeldRunner
from readers import prove
from store_desks import tamper

from viewer.app.export_bundle import export
from viewer.app.export_report import sign_study
from viewer.app.headless.verify_command import run_verify
from viewer.app.open_study import open_paths
from viewer.app.review_findings import attest_no_further_finding, confirm
from viewer.app.workbench import ExportChoice, Workbench
from viewer.base.errors import FileProblem
from viewer.base.paths import data_folder
from viewer.review.canonical import digest
from viewer.store.database import DATABASE_NAME, open_database


@pytest.fixture
def film(two_patients: Path) -> Path:
    return two_patients / "jane.dcm"


@pytest.fixture(autouse=True)
def no_shipped_models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("viewer.app.installed_models.shipped_models", lambda: tmp_path / "none")


@pytest.fixture
def report(bench: Workbench, runner: HeldRunner, film: Path, tmp_path: Path) -> Path:
    open_paths(bench, [film])
    runner.let_go()
    shown = bench.session.shown
    assert shown is not None
    confirm(bench, shown.case.proposed[0])
    attest_no_further_finding(bench, True)
    signed = sign_study(bench, shown.study, prove(bench.accounts))
    export(bench, shown.study, signed, ExportChoice(tmp_path / "out", ("json",)))
    (written,) = (tmp_path / "out").glob("*.json")
    return written


def flip_last_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def test_an_untouched_report_matches_and_runs_again_to_the_same_score(
    report: Path, film: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_verify(report, [film], rerun=True) == 0
    said = capsys.readouterr().out
    assert "equal within 0.001" in said
    assert "The report matches its images, its models, the stored decisions and itself." in said


def change_decision(report: Path, _film: Path) -> None:
    plain = json.loads(report.read_text())
    plain["findings"][0]["decision"]["verdict"] = "REJECTED"
    report.write_text(json.dumps(plain))


def change_pixel(_report: Path, film: Path) -> None:
    flip_last_byte(film)


def change_weight(_report: Path, _film: Path) -> None:
    flip_last_byte(data_folder() / "models" / "phantom_reader" / "model.onnx")


def change_signed_decision(report: Path, _film: Path) -> None:
    """A forger who also makes the report's own hash fit."""
    plain = json.loads(report.read_text())
    plain["findings"][0]["decision"]["verdict"] = "REJECTED"
    del plain["sha256"]
    report.write_text(json.dumps({**plain, "sha256": digest(plain)}))


def tamper_with_store(statement: str) -> None:
    engine = open_database(data_folder() / DATABASE_NAME)
    tamper(engine, statement)
    engine.dispose()


def change_log_line(_report: Path, _film: Path) -> None:
    tamper_with_store("UPDATE audit SET user_name = 'nobody' WHERE sequence = 4")


def change_stored_decision(_report: Path, _film: Path) -> None:
    tamper_with_store(
        "UPDATE case_events SET event = replace(event, 'CONFIRMED', 'REJECTED') "
        "WHERE event LIKE '%Decided%'"
    )


def shorten_log(_report: Path, _film: Path) -> None:
    """And remove the file that remembers its end: the report remembers too."""
    tamper_with_store("DELETE FROM audit WHERE sequence > 2")
    (data_folder() / "cases.head").unlink()


DECISION = "decision on “Enlarged cardiac silhouette”"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (change_decision, "the report was changed after signing"),
        (change_decision, DECISION),
        (change_signed_decision, "the report says “Overridden"),
        (change_signed_decision, "it is not the one that was signed here"),
        (change_stored_decision, DECISION),
        (change_stored_decision, "is not the one that record"),
        (change_log_line, "record 4 was changed after it was written"),
        (shorten_log, "are missing at the end"),
        (change_pixel, "has changed since the AI read it"),
        (change_pixel, "the decoded pixels of"),
        (change_weight, "model.onnx"),
    ],
)
def test_the_one_thing_that_was_changed_is_named(
    report: Path,
    film: Path,
    capsys: pytest.CaptureFixture[str],
    change: Callable[[Path, Path], None],
    named: str,
) -> None:
    change(report, film)
    assert run_verify(report, [film], rerun=False) == 1
    said = capsys.readouterr().out
    (line,) = [one for one in said.splitlines() if named in one]
    assert line.startswith("DIFFERS")


def test_without_its_case_database_it_says_that_the_decisions_were_not_compared(
    report: Path, film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = str(tmp_path / "nowhere.sqlite")
    assert run_verify(report, [film], rerun=False, database=elsewhere) == 1
    assert "there is no case database here" in capsys.readouterr().out
    assert not Path(elsewhere).exists()


def test_without_images_it_says_what_could_not_be_compared(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_verify(report, [], rerun=False) == 1
    assert "not everything could be compared" in capsys.readouterr().out


def test_a_file_that_is_no_report_is_named(tmp_path: Path) -> None:
    letter = tmp_path / "letter.json"
    letter.write_text('{"dear": "colleague"}')
    with pytest.raises(FileProblem, match=r"letter\.json is not a report"):
        run_verify(letter, [], rerun=False)
