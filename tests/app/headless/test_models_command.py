"""`secondread models list`, `check` and `import`: what may run, what may not, and why."""

import json
from pathlib import Path

import pytest
from bare_classifiers import answers, torch_like
from model_packages import build_package

from viewer.app.headless.models_command import run_models_check, run_models_list
from viewer.cli import run


@pytest.fixture(autouse=True)
def nothing_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viewer.app.installed_models.shipped_models", lambda: tmp_path / "none")


def test_a_ready_model_is_listed_with_version_hash_and_threshold(
    own_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build_package(own_home / "models" / "phantom_reader")
    assert run_models_list() == 0
    said = capsys.readouterr().out
    assert "org.secondread.phantom_reader 1.0.0: ready: Heart size of a phantom" in said
    assert "SHA-256 " in said
    assert "enlarged_cardiac_silhouette > 0.5; research" in said


def test_a_broken_model_is_listed_as_set_aside_with_the_reason(
    own_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (build_package(own_home / "models" / "phantom_reader") / "LICENSE").unlink()
    assert run_models_list() == 1
    assert "phantom_reader: set aside: " in (said := capsys.readouterr().out)
    assert "LICENSE: it is missing" in said


def test_no_model_at_all_names_the_folders(
    own_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_models_list() == 0
    assert str(own_home / "models") in capsys.readouterr().out


def test_a_sound_package_passes_the_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_models_check(build_package(tmp_path / "phantom")) == 0
    assert "golden tests are as they should be" in capsys.readouterr().out


def test_every_problem_of_a_package_has_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = build_package(tmp_path / "phantom")
    (folder / "LICENSE").unlink()
    (folder / "MODEL_CARD.md").write_text("changed")
    assert run_models_check(folder) == 1
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 2
    assert all(line.startswith("secondread: The model package phantom") for line in lines)


def test_a_folder_that_is_no_package_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_models_check(tmp_path / "nowhere") == 1
    assert "nowhere" in capsys.readouterr().err


def test_a_bare_network_is_imported_and_then_ready(
    own_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lungs.onnx").write_bytes(torch_like().SerializeToString())
    given = answers()
    del given["name"]
    (tmp_path / "answers.json").write_text(json.dumps(given))
    command = ["models", "import", str(tmp_path / "lungs.onnx")]
    out = own_home / "models" / "lungs"
    assert run([*command, "--out", str(out), "--answers", str(tmp_path / "answers.json")]) == 0
    assert "imported, not measured here" in capsys.readouterr().out
    assert run_models_list() == 0
    assert "local.imported.lungs 1.0.0: ready: lungs" in capsys.readouterr().out


def test_an_import_without_answers_names_the_open_questions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lungs.onnx").write_bytes(torch_like().SerializeToString())
    command = ["models", "import", str(tmp_path / "lungs.onnx"), "--out", str(tmp_path / "out")]
    assert run(command) == 1
    said = capsys.readouterr().err
    assert "labels" in said and "normalisation" in said and "activation" in said
    assert not (tmp_path / "out").exists()
