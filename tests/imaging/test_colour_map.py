"""Colour maps: the standard's own tables, one colour for each display value, only where colours are offered."""

import numpy as np
import pytest
from pydicom.pixels import apply_color_lut

from viewer.domain.display_set import Acquisition
from viewer.imaging.colour_map import COLOUR_MAPS, coloured, may_be_coloured
from viewer.imaging.heatmap import colour_table

GREYS = np.arange(256, dtype=np.uint8).reshape(16, 16)


@pytest.mark.parametrize(("name", "palette"), [("hot_iron", "HOT_IRON"), ("pet", "PET")])
def test_the_maps_of_the_standard_are_those_of_the_standard(name: str, palette: str) -> None:
    expected = apply_color_lut(GREYS, palette=palette)
    if expected.dtype != np.uint8:
        expected = (expected >> 8).astype(np.uint8)
    np.testing.assert_array_equal(coloured(GREYS, name), expected)


@pytest.mark.parametrize("name", COLOUR_MAPS)
def test_each_display_value_has_its_own_row(name: str) -> None:
    shown = coloured(GREYS, name)
    np.testing.assert_array_equal(shown.reshape(-1, 3), colour_table(name))


def test_grey_and_colour_images_stay_as_they_are() -> None:
    assert coloured(GREYS, "") is GREYS
    rgb = np.zeros((2, 2, 3), np.uint8)
    assert coloured(rgb, "hot_iron") is rgb


@pytest.mark.parametrize(
    ("acquisition", "offered"),
    [
        (Acquisition("PT"), True),
        (Acquisition("NM"), True),
        (Acquisition("MR", image_type=("DERIVED", "PRIMARY")), True),
        (Acquisition("MR", image_type=("ORIGINAL", "PRIMARY")), False),
        (Acquisition("DX"), False),
    ],
)
def test_colours_are_offered_for_pet_and_derived_images(
    acquisition: Acquisition, offered: bool
) -> None:
    assert may_be_coloured(acquisition) is offered


def test_every_map_of_the_menu_is_shipped() -> None:
    for name in COLOUR_MAPS:
        assert colour_table(name).shape == (256, 3)
