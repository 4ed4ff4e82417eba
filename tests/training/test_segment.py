"""From pictures and masks to a package that passes every check and outlines in the viewer's own path."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="the training libraries are not installed here")
pytest.importorskip("matplotlib", reason="the training libraries are not installed here")

import torch
from own_runs import arguments, weights_whole_and_broken_off
from PIL import Image

from models.training.common.augment import augmented_pair
from models.training.segment.__main__ import main
from models.training.segment.network import NETWORKS, Shipped
from viewer.inference.model_package import read_package
from viewer.inference.model_store import check_package

PATIENTS = 48


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Noise; in that of every other patient a bright square with its mask, and a dark one in all."""
    random = np.random.default_rng(0)
    for patient in range(PATIENTS):
        image = random.normal(120, 12, (72, 56))
        bright, dark = np.zeros((2, 72, 56), bool)
        dark[50:66, 8:30] = True
        if patient % 2:
            row, column = random.integers(8, 30), random.integers(8, 30)
            bright[row : row + 16, column : column + 16] = True
        image[bright] += 90
        image[dark] -= 90
        name = f"p{patient}_0.png"
        _saved(tmp_path / "data" / "images" / name, image.clip(0, 255))
        _saved(tmp_path / "data" / "masks" / "bright" / name, bright * 255)
        _saved(tmp_path / "data" / "masks" / "dark" / name, dark * 255)
    return tmp_path / "data"


def _saved(path: Path, values: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(values.astype(np.uint8)).save(path)


SMALL = {"size": 64, "epochs": 8, "learning-rate": 0.01, "batch": 8, "threads": 1}


def test_pictures_and_masks_become_a_package_that_finds_what_was_drawn(folder: Path) -> None:
    assert main(arguments(folder, **SMALL)) == 0
    out = folder.parent / "out"
    assert check_package(out) == ()
    manifest = read_package(out).manifest
    assert [finding.key for finding in manifest.findings] == ["bright", "dark"]
    assert manifest.task.parameters["position"] == "as_stored"
    pictures = {"dice.png", "areas.png", "training.png", "roc.png"}
    assert {one.name for one in (out / "figures").iterdir()} == pictures
    measured = {one.metric: one.value for one in manifest.performance}
    assert measured["bright: pooled Dice"] > 0.8 and measured["dark: pooled Dice"] > 0.8
    assert "bright: image AUROC" in measured and "dark: image AUROC" not in measured
    limits = {point.thresholds["dark"] for point in manifest.operating_points}
    assert limits == {0.5}, "no image without it: nothing to set a threshold by"
    assert manifest.gate is not None and manifest.outputs[-1].tensor == manifest.gate.output
    assert not any("No input check" in one for one in manifest.warnings)
    card = (out / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "Every image of the data shows dark" in card and "shows bright" not in card


def test_a_broken_off_run_goes_on_to_the_same_weights(folder: Path) -> None:
    less = {**SMALL, "epochs": 2, "size": 32}
    first, second = weights_whole_and_broken_off(main, folder, **less)
    assert all(torch.allclose(first[name], second[name], atol=1e-5) for name in first)


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_gives_a_map_and_a_score_for_each_structure(name: str) -> None:
    if name.startswith("monai"):
        pytest.importorskip("monai", reason="MONAI is not installed here")
    maps, scores = Shipped(NETWORKS[name](3), mirror=True).eval()(torch.randn(2, 1, 64, 64))
    assert maps.shape == (2, 3, 64, 64) and scores.shape == (2, 3)
    assert float(maps.detach().min()) >= 0 and float(maps.detach().max()) <= 1


def test_masks_are_moved_with_their_images() -> None:
    """Where the image is bright the mask is, whatever warps, turns and mirrors."""
    images = torch.zeros(32, 1, 64, 64)
    images[:, :, 20:40, 10:30] = 8.0
    seen, masks = augmented_pair(
        images, (images > 0).float(), 1.0, True, torch.Generator().manual_seed(3)
    )
    apart = ((seen > 4.5) != (masks > 0.5)).float().mean()
    assert apart < 0.01
    assert ((masks > 0.5) != (images > 0)).float().mean() > 0.02


def test_a_size_that_the_networks_cannot_halve_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments(folder, **{**SMALL, "size": 50})) == 1
    assert "multiple of 32" in capsys.readouterr().err
