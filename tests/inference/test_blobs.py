"""Round dense places of a phantom lung, by size and by how they stand out."""

import numpy as np
import pytest
from phantom_series import CHEST, LUNGS, Ball, Stack, chest

from viewer.imaging.modality_lut import modality_values
from viewer.inference.blobs import Blob, blobs
from viewer.inference.lungs import CoarseGrid, coarse_grid, lung_field


def found(
    balls: list[Ball], stack: Stack = CHEST, most: int = 50
) -> tuple[CoarseGrid, tuple[Blob, ...]]:
    frames = chest(stack, balls)
    spacing = (stack.slice_mm, stack.row_mm, stack.column_mm)
    grid = coarse_grid(lambda i: modality_values(frames[i]), len(frames), spacing, lambda f: None)
    return grid, blobs(grid, lung_field(grid, lambda f: None), most, lambda f: None)


def _distance_mm(grid: CoarseGrid, blob: Blob, ball: Ball) -> float:
    place = np.array(blob.place)[::-1] * np.array(grid.spacing_mm)[::-1]
    return float(np.linalg.norm(place - np.array(ball.centre_lps_mm)))


@pytest.mark.parametrize("diameter_mm", [6.0, 10.0, 15.0, 25.0, 40.0])
@pytest.mark.parametrize("stack", [CHEST, Stack(20, 160, 200, 6.0, 1.5, 1.5)])
def test_a_ball_of_any_size_is_a_place_in_its_middle(diameter_mm: float, stack: Stack) -> None:
    ball = Ball((*LUNGS[0], 60.0), diameter_mm)
    grid, places = found([ball], stack)
    nearest = min(places, key=lambda blob: _distance_mm(grid, blob, ball))
    assert _distance_mm(grid, nearest, ball) <= max(3.0, diameter_mm / 4)
    assert 0.4 * diameter_mm <= nearest.diameter_mm <= 2.0 * diameter_mm


def test_an_empty_lung_has_no_place() -> None:
    assert found([])[1] == ()


def test_the_strongest_come_first_and_no_more_than_asked_for() -> None:
    balls = [Ball((x, y, z), 10.0) for x, y in LUNGS for z in (30.0, 60.0, 90.0)]
    _grid, places = found(balls, most=4)
    assert len(places) == 4
    contrasts = [blob.contrast_hu for blob in places]
    assert contrasts == sorted(contrasts, reverse=True)
