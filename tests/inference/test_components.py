"""The largest piece of a mask."""

import numpy as np
import pytest

from viewer.inference.components import largest_component


def mask_of(*rows: str) -> np.ndarray:
    return np.array([[mark == "#" for mark in row] for row in rows])


def test_the_larger_of_two_pieces_is_kept() -> None:
    mask = mask_of("##..#", "....#", "....#")
    kept = mask_of("....#", "....#", "....#")
    assert (largest_component(mask) == kept).all()


def test_arms_that_meet_further_down_are_one_piece() -> None:
    mask = mask_of("#.#.#", "#.#.#", "###.#")
    kept = mask_of("#.#..", "#.#..", "###..")
    assert (largest_component(mask) == kept).all()


def test_arms_that_meet_further_up_are_one_piece() -> None:
    mask = mask_of("###.#", "#.#.#", "#.#.#")
    kept = mask_of("###..", "#.#..", "#.#..")
    assert (largest_component(mask) == kept).all()


def test_pixels_that_share_only_a_corner_are_two_pieces() -> None:
    mask = mask_of("##..", "..#.")
    assert (largest_component(mask) == mask_of("##..", "....")).all()


def test_the_end_of_one_row_does_not_touch_the_start_of_the_next() -> None:
    mask = mask_of("...#", "#...", "#...")
    assert (largest_component(mask) == mask_of("....", "#...", "#...")).all()


def test_a_hole_stays_a_hole() -> None:
    mask = mask_of("###", "#.#", "###")
    assert (largest_component(mask) == mask).all()


@pytest.mark.parametrize("filled", [False, True])
def test_an_empty_or_full_mask_comes_back_as_it_is(filled: bool) -> None:
    mask = np.full((4, 7), filled)
    assert (largest_component(mask) == mask).all()


def test_random_masks_agree_with_a_flood_fill() -> None:
    random = np.random.default_rng(7)
    for _ in range(50):
        mask = random.random((9, 11)) < random.uniform(0.2, 0.8)
        assert largest_component(mask).sum() == _size_by_flooding(mask)


def _size_by_flooding(mask: np.ndarray) -> int:
    left, best = {tuple(map(int, p)) for p in np.argwhere(mask)}, 0
    while left:
        front, size = [left.pop()], 0
        while front:
            row, column = front.pop()
            size += 1
            beside = {(row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)}
            front += beside & left
            left -= beside
        best = max(best, size)
    return best
