"""Smoothing in single precision gives what scipy's Gaussian filter gives."""

import numpy as np
import pytest
from scipy import ndimage

from viewer.inference.smoothing import TRUNCATE, smoothed


@pytest.mark.parametrize("shape", [(9, 40, 31), (1, 5, 300), (3, 2, 2), (40, 17, 64)])
@pytest.mark.parametrize(
    "sigmas", [(0.0, 1.3, 1.3), (0.8, 1.1, 2.4), (0.0, 0.1, 6.0), (3.0, 0.0, 0.0), (5.0, 7.0, 9.0)]
)
def test_it_is_scipys_but_for_rounding(
    shape: tuple[int, int, int], sigmas: tuple[float, float, float]
) -> None:
    values = np.random.default_rng(3).uniform(0, 1000, shape).astype(np.float32)
    wanted = ndimage.gaussian_filter(values, sigmas, truncate=TRUNCATE)
    found = smoothed(values, sigmas)
    assert found.dtype == np.float32 and found.shape == shape
    np.testing.assert_allclose(found, wanted, atol=1e-3)
