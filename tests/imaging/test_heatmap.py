"""A heat map lies where its affine says, in the colours of a fixed scale."""

from pathlib import Path

import numpy as np
import pytest

from viewer.domain.display_set import FrameRef
from viewer.domain.geometry import Affine2D
from viewer.domain.image import Heatmap
from viewer.imaging.heatmap import blend, colour_table, resample

REF = FrameRef("1.2", 0, Path("x"))


def heatmap(values, affine: Affine2D) -> Heatmap:
    return Heatmap(REF, "key", "label", "method", np.asarray(values, np.float32), affine)


def doubling() -> Affine2D:
    """Each map pixel covers 2 x 2 image pixels: centre (0, 0) lies at (0.5, 0.5)."""
    return Affine2D.scale_translate(2, 2, 0.5, 0.5)


def test_a_map_in_the_images_own_grid_is_unchanged() -> None:
    values = np.random.default_rng(0).random((5, 7), dtype=np.float32)
    assert resample(heatmap(values, Affine2D()), 5, 7) == pytest.approx(values)


def test_half_pixel_centres_are_respected() -> None:
    grown = resample(heatmap([[0, 1]], doubling()), 2, 4)
    assert grown.tolist() == [[0, 0.25, 0.75, 1], [0, 0.25, 0.75, 1]]


def test_an_asymmetric_spot_lands_where_it_belongs() -> None:
    values = np.zeros((10, 20), np.float32)
    values[2, 15] = 1
    grown = resample(heatmap(values, Affine2D.scale_translate(4, 4, 1.5, 1.5)), 40, 80)
    rows, columns = np.nonzero(grown > 0.5)
    assert (rows.mean(), columns.mean()) == pytest.approx((9.5, 61.5))


def test_outside_of_the_map_there_is_nothing() -> None:
    shown = resample(heatmap([[1, 1], [1, 1]], Affine2D.scale_translate(1, 1, 2, 1)), 4, 6)
    assert shown.sum() == 4
    assert shown[1:3, 2:4].tolist() == [[1, 1], [1, 1]]


def test_nothing_is_painted_where_the_map_is_zero() -> None:
    image = np.array([[10, 200]], np.uint8)
    shown = blend(image, np.zeros((1, 2), np.float32), 0.7, colour_table("inferno"))
    assert shown.tolist() == [[[10, 10, 10], [200, 200, 200]]]


def test_full_opacity_shows_the_colour_of_the_scale_where_the_map_is_one() -> None:
    colours = colour_table("inferno")
    shown = blend(np.array([[10]], np.uint8), np.ones((1, 1), np.float32), 1.0, colours)
    assert shown[0, 0].tolist() == colours[255].tolist()


def test_half_opacity_mixes_image_and_colour() -> None:
    image = np.full((1, 1, 3), 100, np.uint8)
    colours = np.full((256, 3), 200, np.uint8)
    shown = blend(image, np.ones((1, 1), np.float32), 0.5, colours)
    assert shown.tolist() == [[[150, 150, 150]]]


@pytest.mark.parametrize("name", ["inferno", "cividis"])
def test_a_colour_table_grows_brighter_all_the_way(name) -> None:
    colours = colour_table(name)
    assert (colours.shape, colours.dtype) == ((256, 3), np.uint8)
    luminance = colours @ np.array([0.2126, 0.7152, 0.0722])
    assert np.all(np.diff(luminance) > -1.5)
    assert luminance[-1] - luminance[0] > 150
