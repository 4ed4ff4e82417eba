"""The cardiothoracic ratio of phantoms measured by hand, and what is refused."""

import dataclasses

import numpy as np
import pytest

from viewer.base.errors import ModelError
from viewer.inference.ctr_geometry import Diameters, Implausible, Limits, diameters

PARAMETERS = {
    "mask_threshold": 0.5,
    "plausible_ratio": [0.3, 0.85],
    "heart_area": [0.02, 0.3],
    "lung_area": [0.03, 0.35],
    "largest_component_share": 0.8,
}
LIMITS = Limits.from_parameters(PARAMETERS)
SHAPE = (60, 100)


def block(rows: slice, columns: slice) -> np.ndarray:
    plane = np.zeros(SHAPE, dtype=np.float32)
    plane[rows, columns] = 1.0
    return plane


@pytest.fixture
def chest() -> list[np.ndarray]:
    """Heart 40 px wide, lungs 80 px from edge to edge; ratio 0.5."""
    return [
        block(slice(30, 50), slice(30, 70)),
        block(slice(10, 50), slice(10, 30)),
        block(slice(10, 50), slice(70, 90)),
    ]


def measured(maps: list[np.ndarray], limits: Limits = LIMITS) -> Diameters:
    found = diameters(*maps, limits)
    assert isinstance(found, Diameters)
    return found


def test_a_heart_half_as_wide_as_the_chest_has_a_ratio_of_one_half(chest: list[np.ndarray]) -> None:
    found = measured(chest)
    assert found.ratio == pytest.approx(0.5)
    assert found.heart == ((29.5, 30.0), (69.5, 30.0))
    assert found.thorax == ((9.5, 10.0), (89.5, 10.0))


def test_an_edge_is_found_between_pixels_where_the_probability_crosses_the_threshold(
    chest: list[np.ndarray],
) -> None:
    chest[0][35, 29] = 0.4
    found = measured(chest)
    assert found.heart[0][0] == pytest.approx(30 - 0.5 / 0.6)
    assert found.heart[0][1] == pytest.approx((35 + 30) / 2)


def test_the_heart_is_as_wide_as_its_two_extremes_even_in_different_rows(
    chest: list[np.ndarray],
) -> None:
    chest[0][32:34, 20:30] = 1
    chest[0][46:48, 70:80] = 1
    assert measured(chest).ratio == pytest.approx(60 / 80)


def test_the_chest_is_as_wide_as_its_two_extremes_even_in_different_rows(
    chest: list[np.ndarray],
) -> None:
    chest[1][12:14, 5:10] = 1
    chest[2][48:50, 90:95] = 1
    assert measured(chest).ratio == pytest.approx(40 / 90)


def test_segments_are_horizontal_so_that_their_length_is_the_width(chest: list[np.ndarray]) -> None:
    chest[0][46:48, 70:80] = 1
    found = measured(chest)
    for (_, start_row), (_, end_row) in (found.heart, found.thorax):
        assert start_row == end_row


def test_horizontal_stretching_leaves_the_ratio_alone(chest: list[np.ndarray]) -> None:
    stretched = [np.repeat(plane, 3, axis=1) for plane in chest]
    assert measured(stretched).ratio == pytest.approx(measured(chest).ratio)


def test_a_lung_cut_off_by_the_film_ends_at_the_edge_of_the_film(chest: list[np.ndarray]) -> None:
    chest[1][10:50, 0:10] = 1
    assert measured(chest).thorax[0][0] == -0.5


def test_a_speck_outside_the_chest_is_not_measured(chest: list[np.ndarray]) -> None:
    chest[0][2:4, 95:98] = 1
    assert measured(chest).ratio == pytest.approx(0.5)


def test_a_missed_heart_is_refused(chest: list[np.ndarray]) -> None:
    chest[0][:] = 0.1
    assert diameters(*chest, LIMITS) == Implausible("no_heart")


@pytest.mark.parametrize("lung", [1, 2])
def test_a_missing_lung_is_refused(chest: list[np.ndarray], lung: int) -> None:
    chest[lung][:] = 0
    assert diameters(*chest, LIMITS) == Implausible("one_lung")


@pytest.mark.parametrize("organ", [0, 1, 2])
def test_an_organ_in_pieces_is_refused(chest: list[np.ndarray], organ: int) -> None:
    chest[organ][:, ::2] = 0
    assert diameters(*chest, LIMITS) == Implausible("fragmented")


@pytest.mark.parametrize("name", ["heart_area", "lung_area"])
def test_an_organ_of_impossible_size_is_refused(chest: list[np.ndarray], name: str) -> None:
    limits = dataclasses.replace(LIMITS, **{name: (0.9, 1.0)})
    assert diameters(*chest, limits) == Implausible("area_out_of_range")


def test_a_ratio_no_patient_has_is_refused(chest: list[np.ndarray]) -> None:
    chest[0] = block(slice(30, 50), slice(40, 60))
    assert diameters(*chest, LIMITS) == Implausible("ratio_out_of_range")


def test_a_mirrored_film_is_refused(chest: list[np.ndarray]) -> None:
    heart, right, left = chest
    assert diameters(heart, left, right, LIMITS) == Implausible("ratio_out_of_range")


@pytest.mark.parametrize("name", list(PARAMETERS))
def test_a_manifest_without_a_limit_is_refused_by_name(name: str) -> None:
    parameters = {key: value for key, value in PARAMETERS.items() if key != name}
    with pytest.raises(ModelError, match=name):
        Limits.from_parameters(parameters)


def sided(chest: list[np.ndarray]) -> list[np.ndarray]:
    """The same chest, its heart 10 px to the patient's left."""
    return [np.roll(chest[0], 10, axis=1), *chest[1:]]


def with_side(least: float) -> Limits:
    return Limits.from_parameters({**PARAMETERS, "least_heart_offset": least})


def test_a_heart_on_the_patients_right_is_refused_where_the_manifest_says_so(
    chest: list[np.ndarray],
) -> None:
    organs = sided(chest)
    mirrored = [plane[:, ::-1].copy() for plane in (organs[0], organs[2], organs[1])]
    assert isinstance(diameters(*organs, with_side(0.0)), Diameters)
    assert diameters(*mirrored, with_side(0.0)) == Implausible("heart_on_right")
    assert isinstance(diameters(*mirrored, LIMITS), Diameters)


def test_the_offset_is_a_share_of_the_width_of_the_chest(chest: list[np.ndarray]) -> None:
    organs = sided(chest)
    share = 10 / 79
    assert isinstance(diameters(*organs, with_side(share - 0.001)), Diameters)
    assert diameters(*organs, with_side(share + 0.001)) == Implausible("heart_on_right")


def test_a_film_upside_down_is_refused(chest: list[np.ndarray]) -> None:
    turned = [plane[::-1].copy() for plane in chest]
    assert diameters(*turned, LIMITS) == Implausible("upside_down")


def test_lungs_denser_than_the_heart_are_refused(chest: list[np.ndarray]) -> None:
    film = 0.2 * (chest[1] + chest[2]) + 0.8 * chest[0]
    assert isinstance(diameters(*chest, LIMITS, film), Diameters)
    assert diameters(*chest, LIMITS, 1 - film) == Implausible("inverted")
