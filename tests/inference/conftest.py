"""A phantom film, its display set and a package that reads it."""

from pathlib import Path

import numpy as np
import pytest
from model_packages import build_package

from viewer.inference.model_package import ModelPackage
from viewer.inference.model_store import load_package


@pytest.fixture
def package(tmp_path: Path) -> ModelPackage:
    """The phantom reader."""
    return load_package(build_package(tmp_path / "phantom_reader"))


@pytest.fixture
def grey() -> np.ndarray:
    """An input tensor of nothing, shape (1, 1, 128, 128)."""
    return np.zeros((1, 1, 128, 128), np.float32)
