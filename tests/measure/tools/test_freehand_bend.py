"""A traced outline bends where it is pulled, and stays as it was elsewhere."""

import numpy as np
import pytest

from viewer.domain.geometry import NO_SPACING
from viewer.measure.tool import known_tools

TURNS = np.linspace(0, 2 * np.pi, 100, endpoint=False)
CIRCLE = np.stack([50 + 20 * np.cos(TURNS), 50 + 20 * np.sin(TURNS)], axis=1)


def test_neighbours_follow_less_the_further_they_are() -> None:
    moved = known_tools()["freehand"].moved(CIRCLE, 0, (80.0, 50.0), NO_SPACING)
    shifts = np.hypot(*(moved - CIRCLE).T)
    assert moved[0] == pytest.approx((80.0, 50.0))
    assert list(shifts[:10]) == sorted(shifts[:10], reverse=True)
    assert shifts[5] == pytest.approx(shifts[95])
    assert 0 < shifts[5] < 10
    assert not shifts[11:90].any()
    assert CIRCLE[0, 0] == 70.0, "the given handles stay"


def test_handles_at_one_place_do_not_break_it() -> None:
    heap = np.full((4, 2), 7.0)
    moved = known_tools()["freehand"].moved(heap, 1, (9.0, 7.0), NO_SPACING)
    assert moved[1] == pytest.approx((9.0, 7.0))
    assert np.isfinite(moved).all()
