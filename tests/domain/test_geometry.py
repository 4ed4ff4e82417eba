"""Geometry: affines, orientation letters, and units only where the file gives the evidence."""

import numpy as np
import pytest

from viewer.domain.geometry import (
    NO_SPACING,
    Affine2D,
    EdgeLetters,
    PixelSpacing,
    SpacingEvidence,
    direction_letters,
)

POINTS = np.array([[0.0, 0.0], [3.0, 1.0], [-2.0, 5.0]])


def test_the_inverse_brings_points_back() -> None:
    affine = Affine2D(2, 1, -1, 3, 5, -4)
    np.testing.assert_allclose(affine.inverse().apply(affine.apply(POINTS)), POINTS, atol=1e-12)


def test_a_product_does_the_right_factor_first() -> None:
    scale, move = Affine2D.scale_translate(2, 2), Affine2D.scale_translate(1, 1, 10, 0)
    np.testing.assert_allclose((scale @ move).apply(POINTS), scale.apply(move.apply(POINTS)))
    assert (scale @ move).apply(np.zeros((1, 2))).tolist() == [[20.0, 0.0]]


@pytest.mark.parametrize(
    ("direction", "letters"),
    [
        ((1, 0, 0), "L"),
        ((-1, 0, 0), "R"),
        ((0, 1, 0), "P"),
        ((0, 0, -1), "F"),
        ((0.8, -0.6, 0), "LA"),
        ((0.99, 0.05, 0), "L"),
    ],
)
def test_letters_name_the_direction_strongest_first(
    direction: tuple[float, float, float], letters: str
) -> None:
    assert direction_letters(direction) == letters


AXIAL = EdgeLetters.of_directions("L", "P")


def test_an_axial_image_has_right_at_the_left_and_front_at_the_top() -> None:
    assert (AXIAL.left, AXIAL.right, AXIAL.top, AXIAL.bottom) == ("R", "L", "A", "P")


def test_a_flip_changes_the_sides_alone() -> None:
    assert AXIAL.flipped_horizontally() == EdgeLetters("L", "R", "A", "P")


@pytest.mark.parametrize("turns", range(8))
def test_a_turn_moves_the_top_letter_clockwise(turns: int) -> None:
    turned = AXIAL.rotated_clockwise(turns)
    clockwise = [turned.top, turned.right, turned.bottom, turned.left]
    assert clockwise[turns % 4] == "A"


def test_without_spacing_in_the_file_the_unit_is_px() -> None:
    assert NO_SPACING.unit == "px"
    assert PixelSpacing(0.1, 0.1, SpacingEvidence.IMAGER_PIXEL_SPACING).unit == "mm at detector"
    assert PixelSpacing(0.1, 0.1, SpacingEvidence.PIXEL_SPACING).unit == "mm"
