"""YBR_FULL becomes RGB by the formula of PS3.3 C.7.6.3.1.2."""

import numpy as np
import pytest

from viewer.imaging.photometric import narrowed, rgb_to_display, ybr_full_to_rgb

PRIMARIES = {
    (76, 85, 255): (254, 0, 0),
    (150, 44, 21): (0, 255, 1),
    (29, 255, 107): (0, 0, 254),
    (255, 128, 128): (255, 255, 255),
    (0, 128, 128): (0, 0, 0),
}


@pytest.mark.parametrize("ybr", PRIMARIES)
def test_primaries_convert_within_one_level(ybr) -> None:
    rgb = ybr_full_to_rgb(np.array([[ybr]], np.uint8), 8)[0, 0].astype(int)
    assert np.abs(rgb - PRIMARIES[ybr]).max() <= 1


def test_grey_stays_grey_in_16_bits() -> None:
    grey = np.array([[[1000, 32768, 32768]]], np.uint16)
    assert ybr_full_to_rgb(grey, 16).tolist() == [[[1000, 1000, 1000]]]


def test_32_bit_samples_keep_their_highest_16_bits() -> None:
    rgb, bits = narrowed(np.array([[[0xFFFFFFFF, 0x00010000, 0]]], np.uint32), 32)
    assert (rgb.tolist(), rgb.dtype, bits) == ([[[65535, 1, 0]]], np.uint16, 16)


def test_8_bit_rgb_is_not_touched() -> None:
    rgb = np.arange(256, dtype=np.uint8)[:, None].repeat(3, axis=1)
    assert np.array_equal(rgb_to_display(rgb, 8), rgb)
