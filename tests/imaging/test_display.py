"""What is shown: polarity, padding, colour and the default window, on every kind of stored value."""

import numpy as np
import pytest

from viewer.domain.image import Photometric
from viewer.domain.presentation import LookupTable, Rescale, VoiWindow
from viewer.imaging.display import auto_window, default_voi, display_table, display_values
from viewer.imaging.modality_lut import modality_values

FULL = VoiWindow(2048, 4096)


def test_monochrome1_shows_low_values_white(make_frame) -> None:
    frame = make_frame([[0, 4095]], photometric=Photometric.MONOCHROME1)
    assert display_values(frame, FULL).tolist() == [[255, 0]]


def test_the_readers_inversion_comes_on_top(make_frame) -> None:
    frame = make_frame([[0, 4095]], photometric=Photometric.MONOCHROME1)
    assert display_values(frame, FULL, inverted=True).tolist() == [[0, 255]]


def test_presentation_lut_shape_inverse_inverts_once(make_frame) -> None:
    """MONOCHROME1 with INVERSE is what DX objects say (PS3.3 C.8.11.3): one inversion, not two."""
    plain = make_frame([[0, 4095]], presentation_inverse=True)
    film = make_frame([[0, 4095]], presentation_inverse=True, photometric=Photometric.MONOCHROME1)
    assert display_values(plain, FULL).tolist() == [[255, 0]]
    assert display_values(film, FULL).tolist() == [[255, 0]]


@pytest.mark.parametrize("photometric", [Photometric.MONOCHROME1, Photometric.MONOCHROME2])
@pytest.mark.parametrize("inverted", [False, True])
def test_padding_is_black_in_every_polarity(photometric, inverted, make_frame) -> None:
    frame = make_frame([[4000, 100]], photometric=photometric, padding=(4000.0, 4010.0))
    assert display_values(frame, FULL, inverted=inverted)[0, 0] == 0


def test_padding_does_not_widen_the_default_window(make_frame) -> None:
    frame = make_frame([[-2000, 0], [50, 100]], np.int16, padding=(-2000.0, -2000.0))
    assert display_values(frame, None).tolist() == [[0, 0], [128, 255]]


def test_the_default_window_runs_from_the_smallest_value_to_the_largest(make_frame) -> None:
    frame = make_frame([[10, 20, 30]])
    assert default_voi(frame) == VoiWindow(20.5, 21)
    assert display_values(frame, None).tolist() == [[0, 128, 255]]


def test_a_negative_slope_turns_the_default_window_with_the_values(make_frame) -> None:
    frame = make_frame([[10, 30]], modality=Rescale(-1, 0))
    assert display_values(frame, None).tolist() == [[255, 0]]


def test_the_files_first_window_is_the_default(make_frame) -> None:
    first, second = VoiWindow(40, 350), VoiWindow(-600, 1500)
    assert default_voi(make_frame([[0]], voi=(first, second))) is first


def test_an_image_of_one_value_or_of_nothing_but_padding_is_still_shown(make_frame) -> None:
    assert display_values(make_frame([[7, 7]]), None).shape == (1, 2)
    assert display_values(make_frame([[7, 7]], padding=(7.0, 7.0)), None).tolist() == [[0, 0]]


def test_windows_are_over_modality_values(make_frame) -> None:
    frame = make_frame([[24, 1024, 2024]], modality=Rescale(1, -1024))
    assert display_values(frame, VoiWindow(0.5, 2001)).tolist() == [[0, 128, 255]]


def test_a_modality_table_is_applied_before_the_window(make_frame) -> None:
    table = LookupTable(1, np.array([100, 200], np.uint16), 16)
    frame = make_frame([[0, 1, 2, 9]], modality=table)
    assert modality_values(frame).tolist() == [[100, 100, 200, 200]]
    assert display_values(frame, VoiWindow(150.5, 101)).tolist() == [[0, 0, 255, 255]]


@pytest.mark.parametrize(
    "kind", [np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32, np.float32, np.float64]
)
def test_every_kind_of_stored_value_is_shown_by_the_same_formula(kind, make_frame) -> None:
    values = np.arange(0, 120, 7).reshape(3, 6)
    frame = make_frame(values, kind)
    window = VoiWindow(50, 80)
    by_hand = np.clip(((values - 49.5) / 79 + 0.5) * 255, 0, 255)
    assert np.abs(display_values(frame, window) - by_hand).max() <= 0.5 + 1e-6


def test_negative_stored_values_use_their_own_table_entries(make_frame) -> None:
    frame = make_frame([[-32768, -1, 0, 32767]], np.int16)
    assert display_values(frame, VoiWindow(0, 2)).tolist() == [[0, 0, 255, 255]]


def test_a_part_of_the_frame_is_shown_like_the_whole(make_frame) -> None:
    stored = np.random.default_rng(2).integers(-1000, 3000, (50, 70), dtype=np.int16)
    frame = make_frame(stored, np.int16, padding=(-1000.0, -990.0))
    table = display_table(frame, VoiWindow(40, 400), True)
    whole = table.apply(frame.stored)
    assert np.array_equal(table.apply(frame.stored[5:40:3, 60:10:-2]), whole[5:40:3, 60:10:-2])


def test_rgb_is_shown_as_it_is_and_takes_no_window(make_frame) -> None:
    rgb = np.array([[[255, 0, 10]]], np.uint8)
    frame = make_frame(rgb, np.uint8)
    assert display_values(frame, VoiWindow(1, 1)).tolist() == [[[255, 0, 10]]]
    assert display_values(frame, None, inverted=True).tolist() == [[[0, 255, 245]]]


def test_16_bit_rgb_keeps_its_highest_bits(make_frame) -> None:
    frame = make_frame(np.array([[[65535, 65280, 255]]], np.uint16))
    assert display_values(frame, None).tolist() == [[[255, 255, 0]]]


def test_the_automatic_window_leaves_out_the_extremes_and_the_padding(make_frame) -> None:
    stored = np.full((100, 100), 5000, np.uint16)
    stored[:, :50] = np.linspace(1000, 2000, 5000).reshape(100, 50)
    stored[0, 0] = 60000
    window = auto_window(make_frame(stored, padding=(5000.0, 5000.0)))
    assert 985 <= window.width <= 1001
    assert 1450 <= window.center <= 1550


def test_infinite_values_do_not_widen_the_default_window(make_frame) -> None:
    frame = make_frame([[0.0, 1.0, np.inf, np.nan]], np.float32)
    assert display_values(frame, None).tolist() == [[0, 255, 255, 0]]
