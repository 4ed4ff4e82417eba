"""The network of the pneumonia recipe: the crop holds the lungs, maps add up and lie where the evidence is."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="the recipes' own libraries are not installed here")
pytest.importorskip("efficientnet_lite_pytorch", reason="the recipes' own libraries are missing")

import torch

from models.training.chest_xray_pneumonia import settings
from models.training.chest_xray_pneumonia.network import frame_of, in_lungs, on_film, smoothed


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
    views[1, 0, 0, -1] = 50.0
    frame = torch.tensor([[0.2, 0.1, 0.7, 0.9]])
    shown = on_film(views, frame, torch.tensor([[1.25]]))[0, 0]
    assert float(shown.mean()) == pytest.approx(1.25, abs=1e-4)
    row, column = np.unravel_index(int(shown.argmax()), shown.shape)
    place = np.array([column + 0.5, row + 0.5]) / settings.MAP
    expected = (0.7 - 0.25 / settings.GRID, 0.1 + 0.4 / settings.GRID)
    assert place == pytest.approx(expected, abs=1.5 / settings.MAP)


def test_features_are_averaged_over_the_lungs() -> None:
    lungs = torch.full((1, 1, 4, 4), 0.001)
    lungs[..., 0] = 1.0
    maps = torch.arange(4.0).expand(1, 1, 4, 4)
    assert float(in_lungs(maps, lungs).mean()) == pytest.approx(0.0, abs=0.01)


def test_smoothing_leaves_an_even_map_as_it_is() -> None:
    even = torch.full((1, 2, settings.MAP, settings.MAP), 3.0)
    torch.testing.assert_close(smoothed(even), even)
