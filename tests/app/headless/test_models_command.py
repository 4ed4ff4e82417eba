"""`secondread models list` and `check`: what may run, what may not, and why."""

from pathlib import Path

import pytest
from model_packages import build_package

from viewer.app.headless.models_command import run_models_check, run_models_list


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
