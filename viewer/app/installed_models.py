"""Where model packages are looked for: the reader's own folder, and those that came with the program."""

from pathlib import Path

from viewer.base.memory import give_back
from viewer.base.paths import data_folder, shipped_models
from viewer.inference.model_store import ModelStore


def model_folders() -> tuple[Path, ...]:
    """Own packages first: of two copies of one version, the reader's own counts."""
    return data_folder() / "models", shipped_models()


def installed_models() -> ModelStore:
    """All packages, checked, and those set aside."""
    found = ModelStore(model_folders())
    give_back()
    return found
