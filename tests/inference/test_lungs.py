"""The lungs of a phantom chest, and what counts as lying in them."""

import numpy as np
import pytest
from phantom_series import CHEST, LUNGS, Ball, Stack, chest

from viewer.imaging.modality_lut import modality_values
from viewer.inference.lungs import CoarseGrid, coarse_grid, lung_air, lung_field


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
