"""`secondread verify` names the one thing that was changed: a pixel, a weight, a decision; or says it matches."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from held_runner import HeldRunner
from readers import prove

from viewer.app.export_report import export, sign_study
from viewer.app.headless.verify_command import run_verify
from viewer.app.open_study import open_paths
from viewer.app.review_findings import attest_no_further_finding, confirm
from viewer.app.workbench import ExportChoice, Workbench
from viewer.base.errors import FileProblem
from viewer.base.paths import data_folder


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
    assert "The report matches its images, its models and itself." in said


def change_decision(report: Path, _film: Path) -> None:
    plain = json.loads(report.read_text())
    plain["findings"][0]["decision"]["verdict"] = "REJECTED"
    report.write_text(json.dumps(plain))


def change_pixel(_report: Path, film: Path) -> None:
    flip_last_byte(film)


def change_weight(_report: Path, _film: Path) -> None:
    flip_last_byte(data_folder() / "models" / "phantom_reader" / "model.onnx")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (change_decision, "the report was changed after signing"),
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
    assert named in capsys.readouterr().out


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
