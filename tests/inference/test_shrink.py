"""Shrinking a few rows at a time gives what Pillow gives of the whole picture."""

import numpy as np
import pytest
from PIL import Image

from viewer.inference.shrink import shrunk


@pytest.mark.parametrize(
    ("shape", "target"),
    [((300, 411), (32, 32)), ((97, 64), (61, 64)), ((40, 40), (40, 40)), ((33, 500), (32, 7))],
)
def test_it_is_pillows_antialiased_bilinear(
    shape: tuple[int, int], target: tuple[int, int]
) -> None:
    picture = np.random.default_rng(1).random(shape, np.float32)
    wanted = Image.fromarray(picture).resize(target[::-1], Image.Resampling.BILINEAR)
    found = shrunk(lambda first, last: picture[first:last], shape, target)
    assert found.dtype == np.float32 and found.shape == target
    np.testing.assert_allclose(found, np.asarray(wanted), atol=2e-6)


def test_only_a_few_rows_are_asked_for_at_a_time_and_all_of_them() -> None:
    asked: list[tuple[int, int]] = []

    def rows(first: int, last: int) -> np.ndarray:
        asked.append((first, last))
        return np.zeros((last - first, 50), np.float32)

    shrunk(rows, (1000, 50), (100, 5))
    assert max(last - first for first, last in asked) < 200
    assert set().union(*(range(*pair) for pair in asked)) == set(range(1000))
