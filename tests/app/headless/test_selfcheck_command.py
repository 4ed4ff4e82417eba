"""`secondread selfcheck` is content only with a whole installation, and names what is not."""

from pathlib import Path

import pytest
from model_packages import build_package

from viewer.app.headless import selfcheck_command
from viewer.app.headless.selfcheck_command import NEEDED_SYNTAXES, run_selfcheck
from viewer.base.registry import RegistryError


@pytest.fixture(autouse=True)
def nothing_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viewer.app.installed_models.shipped_models", lambda: tmp_path / "none")


@pytest.fixture
def model(own_home: Path) -> Path:
    return build_package(own_home / "models" / "phantom_reader")


def complaints(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [line for line in capsys.readouterr().out.splitlines() if line.startswith("FAIL")]


@pytest.mark.usefixtures("model")
def test_a_whole_installation_passes_and_names_what_it_looked_at(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = run_selfcheck()
    said = capsys.readouterr().out
    assert code == 0, said
    for expected in (
        "onnxruntime",
        "pydicom",
        "cardiothoracic_ratio",
        "dicom_sr",
        "org.secondread.phantom_reader 1.0.0: ready",
        "JPEG 2000",
        "CPUExecutionProvider",
        "all is fine. Research use only.",
    ):
        assert expected in said


def test_without_a_model_the_installation_is_not_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_selfcheck() == 1
    assert complaints(capsys) == ["FAIL models: no model is installed"]


def test_a_broken_model_is_named(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (model / "LICENSE").unlink()
    assert run_selfcheck() == 1
    assert any("LICENSE: it is missing" in line for line in complaints(capsys))


@pytest.mark.usefixtures("model")
def test_a_lost_library_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    libraries = {**selfcheck_command.LIBRARIES, "a_lost_library": "a-lost-library"}
    monkeypatch.setattr(selfcheck_command, "LIBRARIES", libraries)
    assert run_selfcheck() == 1
    assert complaints(capsys) == ["FAIL a_lost_library: missing"]


@pytest.mark.usefixtures("model")
def test_a_broken_plugin_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> dict[str, object]:
        raise RegistryError("viewer.export.formats.fax has no PLUGIN")

    monkeypatch.setattr(selfcheck_command, "exporters", broken)
    assert run_selfcheck() == 1
    assert "fax has no PLUGIN" in complaints(capsys)[0]


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("uid", NEEDED_SYNTAXES)
def test_a_lost_decoder_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], uid: str
) -> None:
    states = [state for state in selfcheck_command.decoder_states() if state.uid != uid]
    monkeypatch.setattr(selfcheck_command, "decoder_states", lambda: states)
    assert [line.fine for line in selfcheck_command._decoders()].count(False) == 1


@pytest.mark.usefixtures("model")
def test_a_runtime_without_the_cpu_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(selfcheck_command, "available_providers", lambda: ())
    assert run_selfcheck() == 1
    assert "execution providers" in complaints(capsys)[0]
