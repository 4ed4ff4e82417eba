"""The probe reads the pixel under it, never its neighbour, never padding."""

import numpy as np
import pytest

from viewer.domain.presentation import Rescale

STORED = [[-1, 2, 3], [4, 5, 6]]


@pytest.mark.parametrize(
    ("point", "hounsfield"),
    [((0, 0), -1001.0), ((2, 1), -994.0), ((0.49, 0.49), -1001.0), ((0.51, 0.49), -998.0)],
)
def test_it_gives_the_modality_value_of_the_nearest_centre(
    make_frame, measured, point: tuple[float, float], hounsfield: float
) -> None:
    frame = make_frame(STORED, modality=Rescale(1.0, -1000.0), unit="HU")
    stated = measured("probe", point, frame)["Value"]
    assert (stated.value, stated.unit) == (hounsfield, "[hnsf'U]")


@pytest.mark.parametrize("point", [(-0.51, 0), (2.51, 0), (0, -0.51), (0, 1.51)])
def test_beside_the_image_there_is_no_value(make_frame, measured, point) -> None:
    assert measured("probe", point, make_frame(STORED)) == {}


def test_padding_has_no_value(make_frame, measured) -> None:
    frame = make_frame(STORED, padding=(-1.0, -1.0))
    assert measured("probe", (0, 0), frame) == {}
    assert measured("probe", (1, 0), frame)["Value"].value == 2.0


def test_what_is_no_number_has_no_value(make_frame, measured) -> None:
    assert measured("probe", (0, 0), make_frame([[np.nan, 1.0]], np.float32)) == {}


def test_colour_gives_its_three_samples(make_frame, measured) -> None:
    frame = make_frame([[[10, 20, 30]]], np.uint8)
    found = measured("probe", (0, 0), frame)
    assert {name: stated.value for name, stated in found.items()} == {
        "Red": 10.0,
        "Green": 20.0,
        "Blue": 30.0,
    }
