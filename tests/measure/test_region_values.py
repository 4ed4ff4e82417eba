"""Region statistics are of modality values, without padding, with their unit and its evidence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from viewer.domain.geometry import NO_SPACING
from viewer.domain.image import Photometric
from viewer.domain.presentation import LookupTable, Rescale

ALL_OF_3_X_3 = [[-0.5, -0.5], [2.5, 2.5]]
STATISTICS = ["Mean", "Standard deviation", "Minimum", "Maximum"]


def test_signed_stored_values_go_through_slope_and_intercept(make_frame, measured) -> None:
    stored = [[-2000, 10, 20], [30, 40, 50], [60, 70, 80]]
    frame = make_frame(stored, modality=Rescale(2.0, -1024.0), unit="HU", signed=True)
    found = measured("rectangle", [[0.5, -0.5], [2.5, 1.5]], frame)
    # Stored 10, 20, 40, 50: 2 x - 1024 is -1004, -984, -944, -924, of mean -964.
    assert found["Mean"].value == -964.0
    assert found["Standard deviation"].value == pytest.approx(np.sqrt(1000))
    assert (found["Minimum"].value, found["Maximum"].value) == (-1004.0, -924.0)
    assert found["Pixels"].value == 4
    assert {found[name].unit for name in STATISTICS} == {"[hnsf'U]"}
    assert found["Mean"].evidence == "modality values in HU, as the file states"


def test_padding_is_left_out_and_said_so(make_frame, measured) -> None:
    stored = [[-2000, -2000, 1], [2, 3, 4], [5, 6, 7]]
    frame = make_frame(stored, padding=(-2000.0, -2000.0), modality=Rescale(1.0, -1000.0))
    found = measured("rectangle", ALL_OF_3_X_3, frame)
    assert found["Mean"].value == 4.0 - 1000
    assert found["Minimum"].value == 1.0 - 1000
    assert found["Pixels"].value == 7
    assert "2 padding pixels left out" in found["Mean"].evidence


def test_a_padding_range_is_left_out_from_end_to_end(make_frame, measured) -> None:
    stored = [[0, 1, 2], [3, 10, 10], [10, 10, 10]]
    frame = make_frame(stored, padding=(0.0, 3.0))
    assert measured("rectangle", ALL_OF_3_X_3, frame)["Mean"].value == 10.0


def test_only_padding_gives_no_statistics_and_says_why(make_frame, measured) -> None:
    frame = make_frame(np.full((3, 3), 7), padding=(7.0, 7.0))
    found = measured("rectangle", ALL_OF_3_X_3, frame)
    assert list(found) == ["Area"]
    assert "9 padding pixels left out; no values" in found["Area"].evidence


def test_a_modality_table_is_looked_up(make_frame, measured) -> None:
    table = LookupTable(0, np.array([100, 300, 500], np.uint16), 16)
    frame = make_frame([[0, 1, 2]] * 3, np.uint16, modality=table)
    assert measured("rectangle", ALL_OF_3_X_3, frame)["Mean"].value == 300.0


def test_values_without_a_unit_carry_none(make_frame, measured) -> None:
    plain = measured("rectangle", ALL_OF_3_X_3, make_frame(np.eye(3)))["Mean"]
    assert (plain.unit, plain.evidence) == ("", "stored values, no unit in the file")
    rescaled = make_frame(np.eye(3), modality=Rescale(2.0, 0.0))
    mean = measured("rectangle", ALL_OF_3_X_3, rescaled)["Mean"]
    assert (mean.unit, mean.evidence) == ("", "rescaled values, no unit in the file")


@pytest.mark.parametrize(("stated", "unit"), [("BQML", "Bq/ml"), ("OD", "OD"), ("PCT", "%")])
def test_other_units_are_the_files_own(make_frame, measured, stated: str, unit: str) -> None:
    frame = make_frame(np.eye(3), unit=stated)
    assert measured("rectangle", ALL_OF_3_X_3, frame)["Mean"].unit == unit


def test_colour_gives_the_area_alone_and_says_why(make_frame, measured) -> None:
    frame = make_frame(np.zeros((3, 3, 3)), np.uint8)
    assert frame.photometric is Photometric.RGB
    found = measured("rectangle", ALL_OF_3_X_3, frame)
    assert list(found) == ["Area"]
    assert "no mean: colour pixels have no single value" in found["Area"].evidence


def test_partly_outside_counts_only_pixels_inside_and_says_so(make_frame, measured) -> None:
    frame = make_frame([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    found = measured("rectangle", [[1.5, -0.5], [11.5, 2.5]], frame)
    assert found["Pixels"].value == 3
    assert found["Mean"].value == 6.0
    assert "only the part inside of the image" in found["Mean"].evidence
    assert "the outline reaches out of the image" in found["Area"].evidence


def test_wholly_outside_gives_no_statistics_and_says_why(make_frame, measured) -> None:
    found = measured("ellipse", [[50.0, 50.0], [60.0, 60.0]], make_frame(np.eye(3)))
    assert list(found) == ["Area"]
    assert "no pixel of the image lies inside" in found["Area"].evidence


def test_values_that_are_no_numbers_are_left_out_and_said_so(make_frame, measured) -> None:
    stored = [[np.nan, np.inf, 1], [2, 3, 4], [5, 6, 7]]
    found = measured("rectangle", ALL_OF_3_X_3, make_frame(stored, np.float32))
    assert found["Mean"].value == 4.0
    assert "2 pixels are not numbers" in found["Mean"].evidence


def test_large_values_do_not_lose_their_small_differences(make_frame, measured) -> None:
    stored = np.array([[2**31, 2**31 + 1, 2**31 + 2]] * 3)
    found = measured("rectangle", ALL_OF_3_X_3, make_frame(stored, np.uint32))
    assert found["Mean"].value == 2**31 + 1
    assert found["Standard deviation"].value == pytest.approx(np.sqrt(2 / 3))


@given(
    arrays.arrays(np.int16, (6, 7)),
    st.floats(-4, 4).filter(lambda slope: slope != 0),
    st.floats(-2000, 2000),
    arrays.arrays(np.float64, (2, 2), elements=st.floats(-3, 9)),
)
def test_the_mean_lies_between_minimum_and_maximum(
    make_frame, measured, stored: np.ndarray, slope: float, intercept: float, corners: np.ndarray
) -> None:
    frame = make_frame(stored, modality=Rescale(slope, intercept), spacing=NO_SPACING)
    for tool in ("rectangle", "ellipse"):
        found = measured(tool, corners, frame)
        if "Mean" in found:
            low, high = found["Minimum"].value, found["Maximum"].value
            assert low <= found["Mean"].value <= high
            assert 0 <= found["Standard deviation"].value <= (high - low) / 2 * (1 + 1e-9) + 1e-9
