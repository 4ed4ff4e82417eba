"""The network of the pneumonia recipe: the crop holds the lungs, maps add up and lie where the evidence is."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

pytest.importorskip("torch", reason="the recipes' own libraries are not installed here")
pytest.importorskip("efficientnet_lite_pytorch", reason="the recipes' own libraries are missing")

import torch

from models.training.chest_xray_pneumonia import graph, settings
from models.training.chest_xray_pneumonia.features import ORGANS
from models.training.chest_xray_pneumonia.network import (
    CHANNELS,
    SPLIT,
    evidence,
    frame_of,
    in_lungs,
    on_film,
    regions,
    shares,
    smoothed,
)


def test_the_crop_is_the_lungs_and_a_margin() -> None:
    lungs = torch.zeros(1, 1, 100, 100)
    lungs[..., 20:80, 30:70] = 1
    left, top, right, bottom = frame_of(lungs)[0].tolist()
    assert (left, right) == pytest.approx((0.30 - 0.02, 0.70 + 0.02), abs=0.02)
    assert (top, bottom) == pytest.approx((0.20 - 0.03, 0.80 + 0.05), abs=0.02)


@pytest.mark.parametrize("side", [0, 10])
def test_without_lungs_the_crop_is_the_whole_film(side: int) -> None:
    lungs = torch.zeros(1, 1, 100, 100)
    lungs[..., :side, :side] = 1
    assert frame_of(lungs)[0].tolist() == [0.0, 0.0, 1.0, 1.0]


def test_a_map_has_the_logit_as_its_mean_and_is_bright_at_the_place_in_the_crop() -> None:
    views = torch.zeros(3, 1, settings.GRID, settings.GRID)
    views[0, 0, 0, -1] = 50.0
    frame = torch.tensor([[0.2, 0.1, 0.7, 0.9]])
    shown = on_film(views, frame, torch.tensor([[1.25]]))[0, 0]
    assert float(shown.mean()) == pytest.approx(1.25, abs=1e-4)
    row, column = np.unravel_index(int(shown.argmax()), shown.shape)
    place = np.array([column + 0.5, row + 0.5]) / settings.MAP
    expected = (0.7 - 0.25 / settings.GRID, 0.1 + 0.4 / settings.GRID)
    assert place == pytest.approx(expected, abs=1.5 / settings.MAP)


@pytest.fixture
def lungs() -> torch.Tensor:
    """Of every view: lungs in the left half of the places."""
    found = torch.zeros(len(settings.VIEWS), 1, 8, 8)
    found[..., :4] = 1.0
    return regions(found)


def test_the_halves_of_the_lungs_are_weighed_apart_and_the_outside_hardly(
    lungs: torch.Tensor,
) -> None:
    assert lungs.mean((2, 3)) == pytest.approx(1.0, abs=1e-5)
    upper, lower = lungs[0]
    assert float(upper[:4].sum()) > 0.99 * float(upper.sum())
    assert float(lower[3:].sum()) > 0.99 * float(lower.sum())
    assert float(lungs[..., 4:].sum()) < 0.01 * float(lungs.sum())


def test_features_are_averaged_over_the_lungs(lungs: torch.Tensor) -> None:
    columns = torch.arange(8.0).expand(1, CHANNELS, 8, 8)
    means = in_lungs(columns, lungs).mean((2, 3))
    assert means.shape == (len(settings.REGIONS), CHANNELS)
    assert means.numpy() == pytest.approx(1.5, abs=0.05)


def test_the_places_evidence_adds_up_to_the_layers_answer(lungs: torch.Tensor) -> None:
    random = torch.Generator().manual_seed(1)
    maps = torch.rand(1, CHANNELS, 8, 8, generator=random)
    weights = torch.randn(2, len(settings.REGIONS), CHANNELS, generator=random)
    weighed = in_lungs(maps, lungs)
    answer = (weights * weighed.mean((2, 3))[None]).sum((1, 2))
    found = evidence(weighed, weights)
    assert found.shape == (len(settings.VIEWS), 2, 8, 8)
    torch.testing.assert_close(found.mean((2, 3)).sum(0), answer, rtol=1e-4, atol=1e-3)


def test_middle_end_and_organs_may_say_as_much_however_many_channels_they_have() -> None:
    share = shares()
    assert share.shape == (CHANNELS,) and float(share.sum()) == pytest.approx(1.0, abs=1e-5)
    assert float(share[-SPLIT[2] :].sum()) == pytest.approx(1 / 3, abs=1e-5)


def test_the_heart_size_network_gives_its_taps_as_it_gives_its_outlines(tmp_path: Path) -> None:
    given = {"image": np.zeros((1, 1, 256, 256), np.float32)}
    path = graph.tapped(graph.load(ORGANS), tmp_path / "tapped.onnx")
    names = ["probabilities", *settings.TAPS.values()]
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    outlines, *taps = session.run(names, given)
    plain = onnxruntime.InferenceSession(ORGANS, providers=["CPUExecutionProvider"])
    np.testing.assert_allclose(outlines, plain.run(names[:1], given)[0], atol=1e-5)
    assert sum(tap.shape[1] for tap in taps) == SPLIT[2]


def test_smoothing_leaves_an_even_map_as_it_is() -> None:
    even = torch.full((1, 2, settings.MAP, settings.MAP), 3.0)
    torch.testing.assert_close(smoothed(even), even)
