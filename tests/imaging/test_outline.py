"""Outlines run along the edges of the pixels, closed, around holes too."""

import numpy as np
import pytest

from viewer.imaging import outline
from viewer.imaging.outline import outlines


def area(loop: np.ndarray) -> float:
    """Signed: an outer outline and that of a hole run in opposite directions."""
    x, y = loop[:, 0], loop[:, 1]
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2


def test_one_pixel_has_four_corners_at_its_edges() -> None:
    mask = np.zeros((5, 7), bool)
    mask[2, 4] = True
    (loop,) = outlines(mask)
    assert sorted(map(tuple, loop.tolist())) == [(3.5, 1.5), (3.5, 2.5), (4.5, 1.5), (4.5, 2.5)]


def test_straight_edges_have_no_corners_between() -> None:
    (loop,) = outlines(np.ones((30, 40), bool))
    assert len(loop) == 4


def test_the_enclosed_area_is_that_of_the_pixels() -> None:
    random = np.random.default_rng(3)
    mask = random.random((30, 41)) > 0.5
    assert sum(area(loop) for loop in outlines(mask)) == pytest.approx(mask.sum())


def test_a_hole_has_an_outline_of_its_own() -> None:
    mask = np.ones((6, 6), bool)
    mask[2:4, 2:4] = False
    assert sorted(area(loop) for loop in outlines(mask)) == [-4.0, 36.0]


def test_nothing_has_no_outline() -> None:
    assert outlines(np.zeros((4, 4), bool)) == []


def test_a_very_fine_mask_is_followed_coarsely(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outline, "MOST_CORNERS", 100)
    mask = np.indices((21, 21)).sum(axis=0) % 2 == 0
    (loop,) = outlines(mask)
    assert loop.min() == -0.5 and loop.max() <= 22.5
