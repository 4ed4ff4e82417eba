"""Histograms count every value once, and whole numbers evenly."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from viewer.measure.histogram import histogram


@given(
    arrays.arrays(np.float64, st.integers(1, 50), elements=st.floats(-1e6, 1e6)),
    st.integers(1, 80),
)
def test_every_value_is_counted_once_in_at_most_the_asked_bins(
    values: np.ndarray, bins: int
) -> None:
    found = histogram(values, bins)
    assert found.counts.sum() == values.size
    assert 1 <= len(found.counts) <= bins
    assert len(found.edges) == len(found.counts) + 1
    assert found.edges[0] <= values.min() <= values.max() <= found.edges[-1]


@given(st.integers(-2000, 2000), st.integers(1, 500), st.integers(1, 64))
def test_evenly_spread_whole_numbers_fill_all_bins_but_the_last_alike(
    first: int, count: int, bins: int
) -> None:
    counts = histogram(np.arange(first, first + count, dtype=np.float64), bins).counts
    assert len(set(counts[:-1].tolist())) <= 1
    assert len(counts) == 1 or 0 < counts[-1] <= counts[0]


def test_few_whole_numbers_get_a_bin_each() -> None:
    found = histogram(np.array([3.0, 3.0, 5.0]), 64)
    np.testing.assert_array_equal(found.counts, [2, 0, 1])
    np.testing.assert_array_equal(found.edges, [2.5, 3.5, 4.5, 5.5])


def test_values_all_alike_are_one_bin() -> None:
    found = histogram(np.full(4, 0.25))
    np.testing.assert_array_equal(found.counts, [4])


def test_no_values_give_no_bins() -> None:
    assert histogram(np.zeros(0)).counts.size == 0


def test_no_bins_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one bin"):
        histogram(np.ones(3), 0)
