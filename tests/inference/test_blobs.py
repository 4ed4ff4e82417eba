"""Round dense places of a phantom lung, by size and by how they stand out."""

import numpy as np
import pytest
from phantom_series import CHEST, LUNGS, Ball, Stack, chest
from scipy import ndimage

from viewer.imaging.modality_lut import modality_values
from viewer.inference.blobs import (
    DENSE_HU,
    DIAMETERS_MM,
    LEAST_CONTRAST_HU,
    LUNG_HU,
    RATIO,
    Blob,
    blobs,
)
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


def _plainly(values: np.ndarray, field: np.ndarray, spacing_mm: tuple[float, ...]) -> list[Blob]:
    """All blobs, the strongest first, by scipy's filters in double precision."""
    thick = spacing_mm[0] > 3.0
    kept = np.where(field, np.clip(values, LUNG_HU, DENSE_HU), LUNG_HU).astype(np.float64)
    found = []
    for diameter_mm in DIAMETERS_MM:
        sigmas = [diameter_mm / 2 / np.sqrt(2 if thick else 3) / mm for mm in spacing_mm]
        sigmas[0] *= not thick
        inner, outer = (
            ndimage.gaussian_filter(kept, [ratio * sigma for sigma in sigmas], truncate=2.5)
            for ratio in (1, RATIO)
        )
        response = (inner - outer) / (RATIO - 1)
        highest = ndimage.maximum_filter(response, (1 if thick else 3, 3, 3))
        peaks = (response == highest) & field & (response > LEAST_CONTRAST_HU)
        for place in np.argwhere(peaks).tolist():
            found.append(Blob(tuple(place), diameter_mm, response[tuple(place)]))
    return sorted(found, key=lambda blob: -blob.contrast_hu)


def _none_within_another(ordered: list[Blob], spacing_mm: tuple[float, ...]) -> list[Blob]:
    kept: list[Blob] = []
    for blob in ordered:
        ways = [(np.array(blob.place) - one.place) * spacing_mm for one in kept]
        if all(np.linalg.norm(w) >= one.diameter_mm / 4 for w, one in zip(ways, kept, strict=True)):
            kept.append(blob)
    return kept


@pytest.mark.parametrize("slice_mm", [2.0, 5.0])
@pytest.mark.parametrize("seed", range(2))
def test_places_are_the_local_maxima_of_differences_of_gaussians(
    seed: int, slice_mm: float
) -> None:
    random = np.random.default_rng(seed)
    field = np.zeros((10, 36, 42), bool)
    field[1:-1, 1:-1, 1:-1] = True
    values = random.normal(-800, 250, field.shape).astype(np.float32)
    grid = CoarseGrid(values, (1, 1, 1), (slice_mm, 1.4, 1.5))
    wanted = _none_within_another(_plainly(values, field, grid.spacing_mm), grid.spacing_mm)
    found = blobs(grid, field, 100_000, lambda share: None)
    assert len(wanted) > 100 and len({blob.diameter_mm for blob in wanted}) > 1
    assert {(b.place, b.diameter_mm) for b in found} == {(b.place, b.diameter_mm) for b in wanted}
    contrasts = [[blob.contrast_hu for blob in places] for places in (found, wanted)]
    np.testing.assert_allclose(*contrasts, atol=0.01)
