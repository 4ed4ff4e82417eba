"""The wheel brings what the source tree has beside the package: resources and model packages."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUNDLED = "viewer/_bundled/"


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The files of a wheel built from this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        return set(wheel.namelist())


def _tracked(folder: str) -> set[str]:
    """Files of a folder that would travel: no hidden ones, no caches."""
    files = (path for path in (ROOT / folder).rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts}


def test_a_wheel_holds_every_resource(names: set[str]) -> None:
    assert {f"{BUNDLED}{name}" for name in _tracked("resources")} <= names


def test_a_wheel_holds_every_model_package_whole(names: set[str]) -> None:
    for manifest in ROOT.glob("models/*/manifest.json"):
        wanted = _tracked(f"models/{manifest.parent.name}")
        assert {f"{BUNDLED}{name}" for name in wanted} <= names


def test_a_wheel_holds_no_training_recipe_and_no_test(names: set[str]) -> None:
    assert "viewer/__main__.py" in names
    assert not [name for name in names if "training" in name or name.startswith("tests")]
