"""Windows and VOI LUTs give the values of PS3.3 C.11.2, computed by hand."""

import numpy as np
import pytest

from viewer.domain.presentation import LookupTable, VoiLutFunction, VoiWindow
from viewer.imaging.voi_lut import apply_voi


def shown(voi, *values: float) -> list[int]:
    return apply_voi(voi, np.array(values, np.float64)).tolist()


def test_linear_with_the_example_of_the_standard() -> None:
    """C.11.2.1.2.1: c=2048, w=4096: 0 is the minimum and 4095 the maximum, with nothing between."""
    window = VoiWindow(2048, 4096)
    assert shown(window, -1, 0, 1, 4094, 4095, 4096) == [0, 0, 0, 255, 255, 255]
    assert shown(window, 2048) == [round(((2048 - 2047.5) / 4095 + 0.5) * 255)]


def test_linear_of_width_one_is_a_step_at_center_minus_a_half() -> None:
    """C.11.2.1.2.1: c=2048, w=1: x <= 2047.5 is the minimum, above it the maximum."""
    assert shown(VoiWindow(2048, 1), 2047, 2047.5, 2047.6, 2048) == [0, 0, 255, 255]


def test_linear_of_width_two_has_no_grey_between_whole_values() -> None:
    """C.11.2.1.2.1: c=0, w=2: x <= -1 is the minimum, x > 0 the maximum, the slope between."""
    assert shown(VoiWindow(0, 2), -1, -0.5, 0) == [0, 128, 255]


def test_linear_exact_spans_center_plus_and_minus_half_the_width() -> None:
    window = VoiWindow(2048, 4096, VoiLutFunction.LINEAR_EXACT)
    assert shown(window, 0, 2048, 4096) == [0, 128, 255]
    assert shown(window, 4095) == [round(4095 / 4096 * 255)]


def test_linear_exact_may_be_narrower_than_one() -> None:
    window = VoiWindow(0.5, 0.5, VoiLutFunction.LINEAR_EXACT)
    assert shown(window, 0.25, 0.5, 0.75, 1) == [0, 128, 255, 255]


@pytest.mark.parametrize("value", [-300, 0, 40, 41, 120, 2000])
def test_sigmoid_is_the_logistic_curve(value) -> None:
    window = VoiWindow(40, 350, VoiLutFunction.SIGMOID)
    by_hand = 255 / (1 + np.exp(-4 * (value - 40) / 350))
    assert abs(shown(window, value)[0] - by_hand) <= 0.5


def test_sigmoid_never_overflows() -> None:
    assert shown(VoiWindow(0, 1e-3, VoiLutFunction.SIGMOID), -1e9, 1e9) == [0, 255]


def test_a_voi_lut_maps_by_position_and_holds_its_ends() -> None:
    table = LookupTable(-2, np.array([0, 100, 255], np.uint16), 8)
    assert shown(table, -100, -2, -1, 0, 100) == [0, 0, 100, 255, 255]


def test_the_bits_of_a_voi_lut_are_its_scale() -> None:
    table = LookupTable(0, np.array([0, 2048, 4095], np.uint16), 12)
    assert shown(table, 0, 1, 2) == [0, 128, 255]


def test_no_number_is_shown_black() -> None:
    assert shown(VoiWindow(50, 100), float("nan")) == [0]
