"""Areas of polygons, and the crossing that would falsify them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.measure.polygon import crosses_itself, enclosed_area, without_repeats

FIGURE_EIGHT = np.array([[0.0, 0.0], [4.0, 4.0], [4.0, 0.0], [0.0, 4.0]])
L_SHAPE = np.array([[0, 0], [4, 0], [4, 1], [1, 1], [1, 3], [0, 3]], np.float64)


@st.composite
def star_shapes(draw: st.DrawFn) -> np.ndarray:
    """Corners around the origin, in order of their angle: never crossing."""
    radii = draw(st.lists(st.floats(1, 100), min_size=3, max_size=40))
    angles = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    return np.column_stack([np.cos(angles), np.sin(angles)]) * np.array(radii)[:, None]


def wedges(points: np.ndarray) -> float:
    """Area of a star shape, triangle by triangle from its centre."""
    following = np.roll(points, -1, axis=0)
    return sum(
        float(np.linalg.norm(a) * np.linalg.norm(b)) * np.sin(2 * np.pi / len(points)) / 2
        for a, b in zip(points, following, strict=True)
    )


def test_the_area_of_an_l_is_that_of_its_two_bars() -> None:
    assert enclosed_area(L_SHAPE) == 4 + 2


@given(star_shapes(), st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)))
def test_the_area_is_that_of_its_triangles_wherever_it_lies(
    points: np.ndarray, shift: tuple[float, float]
) -> None:
    assert enclosed_area(points + shift) == pytest.approx(wedges(points), rel=1e-9)


@given(star_shapes(), st.integers(0, 40))
def test_the_area_does_not_depend_on_direction_or_first_corner(
    points: np.ndarray, first: int
) -> None:
    turned = np.roll(points[::-1], first, axis=0)
    assert enclosed_area(turned) == pytest.approx(enclosed_area(points), rel=1e-9)


@given(star_shapes())
def test_a_star_shape_does_not_cross_itself(points: np.ndarray) -> None:
    assert not crosses_itself(points)


def test_a_figure_eight_crosses_itself() -> None:
    assert crosses_itself(FIGURE_EIGHT)


def test_a_corner_on_another_side_counts_as_crossing() -> None:
    assert crosses_itself(np.array([[0, 0], [4, 0], [4, 4], [2, 0], [0, 4]], np.float64))


def test_a_double_click_is_no_crossing() -> None:
    repeated = np.vstack([L_SHAPE[:3], L_SHAPE[2:], L_SHAPE[-1:], L_SHAPE[:1]])
    assert not crosses_itself(repeated)
    np.testing.assert_array_equal(np.sort(without_repeats(repeated), axis=0), np.sort(L_SHAPE, 0))


def test_corners_all_in_one_place_do_not_cross() -> None:
    assert not crosses_itself(np.ones((5, 2)))


@given(star_shapes(), st.data())
def test_exchanging_two_far_corners_is_found_as_a_brute_force_search_finds_it(
    points: np.ndarray, data: st.DataObject
) -> None:
    first, second = data.draw(st.tuples(*[st.integers(0, len(points) - 1)] * 2))
    mixed = points.copy()
    mixed[[first, second]] = mixed[[second, first]]
    assert crosses_itself(mixed) == any_two_sides_meet(mixed)


def any_two_sides_meet(points: np.ndarray) -> bool:
    sides = list(zip(points, np.roll(points, -1, axis=0), strict=True))
    count = len(sides)
    return any(
        meet(*sides[i], *sides[j])
        for i in range(count)
        for j in range(i + 2, count)
        if (j + 1) % count != i
    )


def meet(a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray) -> bool:
    """By solving a + s (b - a) = c + t (d - c)."""
    matrix = np.column_stack([b - a, c - d])
    if abs(np.linalg.det(matrix)) < 1e-12:
        return False
    s, t = np.linalg.solve(matrix, c - a)
    return bool(0 <= s <= 1 and 0 <= t <= 1)
