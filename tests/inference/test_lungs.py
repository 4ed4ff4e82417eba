"""The lungs of a phantom chest, and what counts as lying in them."""

import numpy as np
import pytest
from phantom_series import CHEST, LUNGS, Ball, Stack, chest
from scipy import ndimage

from viewer.imaging.modality_lut import modality_values
from viewer.inference.lungs import (
    AIR_HU,
    CLOSING_MM,
    SMALLEST_LUNG_ML,
    CoarseGrid,
    Mask,
    coarse_grid,
    lung_air,
    lung_field,
)


def grid(stack: Stack = CHEST, **phantom) -> CoarseGrid:
    frames = chest(stack, **phantom)
    spacing = (stack.slice_mm, stack.row_mm, stack.column_mm)
    return coarse_grid(lambda i: modality_values(frames[i]), len(frames), spacing, lambda f: None)


def _at(found: CoarseGrid, place_lps_mm: tuple[float, float, float]) -> tuple[int, ...]:
    x, y, z = place_lps_mm
    return tuple(round(p / mm) for p, mm in zip((z, y, x), found.spacing_mm, strict=True))


def test_voxels_are_averaged_to_about_a_millimetre_and_a_half() -> None:
    fine = grid(Stack(20, 300, 300, 1.0, 0.75, 0.75))
    assert fine.block == (2, 2, 2)
    assert fine.spacing_mm == (2.0, 1.5, 1.5)
    assert grid().block == (1, 1, 1)


def test_a_place_of_the_coarse_grid_is_the_middle_of_its_block() -> None:
    coarse = CoarseGrid(np.zeros((2, 2, 2), np.float32), (2, 3, 1), (2.0, 3.0, 1.0))
    assert coarse.in_series((0, 0, 0)) == (0.5, 1.0, 0.0)
    assert coarse.in_series((1, 1, 1)) == (2.5, 4.0, 1.0)


def test_both_lungs_are_found_and_the_air_around_the_body_is_not() -> None:
    found = grid()
    air = lung_air(found)
    for x, y in LUNGS:
        assert air[_at(found, (x, y, 60))]
    assert not air[:, :3].any()
    assert not air[_at(found, (150, 120, 60))]


@pytest.mark.parametrize("x_mm", [85.0, 85.0 - 45.0])
def test_a_ball_in_the_lung_or_at_its_wall_lies_in_the_field(x_mm: float) -> None:
    ball = Ball((x_mm, 120.0, 60.0), 14.0)
    found = grid(balls=[ball])
    assert not lung_air(found)[_at(found, ball.centre_lps_mm)]
    assert lung_field(found, lambda f: None)[_at(found, ball.centre_lps_mm)]


def test_the_space_between_the_lungs_stays_outside() -> None:
    found = grid()
    field = lung_field(found, lambda f: None)
    assert not field[_at(found, (150, 120, 60))]
    assert not field[_at(found, (150, 30, 60))]


def test_bowel_gas_is_no_lung() -> None:
    frames = chest(lungs=False)
    values = [modality_values(frame) for frame in frames]
    for layer in values[10:14]:
        layer[70:90, 90:110] = -1000
    spacing = (CHEST.slice_mm, CHEST.row_mm, CHEST.column_mm)
    found = coarse_grid(lambda i: values[i], len(values), spacing, lambda f: None)
    assert not lung_field(found, lambda f: None).any()


def test_progress_is_told_slice_by_slice() -> None:
    told: list[float] = []
    lung_field(grid(), told.append)
    assert told == sorted(told) and told[-1] == 1.0 and len(told) == CHEST.count


@pytest.mark.parametrize("spacing_mm", [(1.0, 0.75, 0.75), (3.0, 0.5, 0.4), (0.6, 2.0, 0.7)])
@pytest.mark.parametrize("shape", [(5, 64, 50), (6, 31, 47)])
def test_a_voxel_is_the_mean_of_its_block(
    shape: tuple[int, int, int], spacing_mm: tuple[float, float, float]
) -> None:
    series = np.random.default_rng(4).integers(-1024, 3000, shape).astype(np.float32)
    found = coarse_grid(lambda i: series[i], len(series), spacing_mm, lambda share: None)
    depth, height, width = found.block
    rows, columns = shape[1] // height, shape[2] // width
    for index, layer in enumerate(found.values):
        members = series[index * depth : (index + 1) * depth, : rows * height, : columns * width]
        blocks = members.reshape(len(members), rows, height, columns, width)
        np.testing.assert_allclose(layer, blocks.mean(axis=(0, 2, 4), dtype=np.float64), atol=1e-3)


def _closed_by_distance(piece: Mask, spacing_mm: tuple[float, float]) -> Mask:
    margin = int(CLOSING_MM / min(spacing_mm)) + 2
    padded = np.pad(piece, margin)
    grown = ndimage.distance_transform_edt(~padded, spacing_mm) <= CLOSING_MM
    shrunken = ndimage.distance_transform_edt(grown, spacing_mm) > CLOSING_MM
    filled: Mask = ndimage.binary_fill_holes(shrunken | padded)
    return filled[margin:-margin, margin:-margin]


@pytest.mark.parametrize("spacing_mm", [(1.29296875, 1.29296875), (1.1, 1.1), (1.5, 0.9)])
@pytest.mark.parametrize("seed", range(4))
def test_the_field_is_the_air_closed_by_distances_piece_by_piece(
    seed: int, spacing_mm: tuple[float, float]
) -> None:
    random = np.random.default_rng(seed)
    soft = ndimage.gaussian_filter(random.normal(0, 1, (40, 90, 110)), (2, 3, 3))
    air = soft > np.quantile(soft, 0.6)
    air[:, [0, -1]] = air[:, :, [0, -1]] = False
    grid = CoarseGrid(np.where(air, 2 * AIR_HU, 0).astype(np.float32), (1, 1, 1), (4, *spacing_mm))
    wanted = np.zeros_like(air)
    for layer, lungs in zip(wanted, lung_air(grid), strict=True):
        labels, count = ndimage.label(lungs)
        for label in range(1, count + 1):
            layer |= _closed_by_distance(labels == label, spacing_mm)
    assert wanted.sum() * np.prod(grid.spacing_mm) / 1000 > SMALLEST_LUNG_ML
    np.testing.assert_array_equal(lung_field(grid, lambda share: None), wanted)
