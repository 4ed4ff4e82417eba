"""A thumbnail is the whole frame, small, through its own window."""

import numpy as np

from viewer.domain.image import Photometric
from viewer.imaging.thumbnail import thumbnail


def test_the_longer_side_is_as_asked_and_the_aspect_is_kept(make_frame) -> None:
    assert thumbnail(make_frame(np.zeros((400, 100)))).shape == (96, 24)
    assert thumbnail(make_frame(np.zeros((100, 400))), 50).shape == (12, 50)


def test_a_tiny_frame_grows_and_an_extreme_one_keeps_a_row(make_frame) -> None:
    assert thumbnail(make_frame(np.zeros((4, 4)))).shape == (96, 96)
    assert thumbnail(make_frame(np.zeros((1, 1000)))).shape == (1, 96)


def test_each_pixel_is_the_mean_of_its_area(make_frame) -> None:
    checkers = np.indices((192, 192)).sum(axis=0) % 2 * 100
    assert np.abs(thumbnail(make_frame(checkers)).astype(int) - 128).max() <= 1


def test_monochrome1_and_colour_are_shown_as_in_the_viewport(make_frame) -> None:
    film = make_frame([[0, 100]] * 2, photometric=Photometric.MONOCHROME1)
    assert thumbnail(film)[0, 0] > thumbnail(film)[0, -1]
    assert thumbnail(make_frame(np.zeros((8, 8, 3)), np.uint8)).shape == (96, 96, 3)
