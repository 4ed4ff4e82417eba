"""Pixels become millimetres only where the file entitles them to."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from viewer.domain.geometry import NO_SPACING, PixelSpacing, SpacingEvidence
from viewer.measure.calibration import area, distance, length, shape_evidence, to_mm, to_px

TALL = PixelSpacing(1.0, 0.5, SpacingEvidence.PIXEL_SPACING)
AT_DETECTOR = PixelSpacing(0.2, 0.2, SpacingEvidence.IMAGER_PIXEL_SPACING)
PLACES = st.floats(-1e4, 1e4)
SPACINGS = st.floats(0.01, 10)


def test_columns_are_scaled_by_the_second_value_of_pixel_spacing() -> None:
    np.testing.assert_array_equal(to_mm(np.array([[2.0, 3.0]]), TALL), [[1.0, 3.0]])


def test_a_spacing_without_evidence_is_not_used() -> None:
    unfounded = PixelSpacing(0.3, 0.4, SpacingEvidence.NONE)
    assert distance(np.array([[0.0, 0.0], [3.0, 4.0]]), unfounded) == 5.0


@pytest.mark.parametrize(
    ("spacing", "unit", "words"),
    [
        (TALL, "mm", "Pixel Spacing"),
        (AT_DETECTOR, "mm", "Imager Pixel Spacing (at the detector)"),
        (NO_SPACING, "{pixels}", "no spacing in the file"),
    ],
)
def test_a_length_says_what_entitles_it_to_its_unit(
    spacing: PixelSpacing, unit: str, words: str
) -> None:
    stated = length("Length", 1.0, spacing)
    assert (stated.unit, stated.evidence) == (unit, words)


def test_an_area_is_scaled_along_both_axes() -> None:
    stated = area(100.0, PixelSpacing(0.4, 0.3, SpacingEvidence.PIXEL_SPACING))
    assert stated.unit == "mm2"
    assert stated.value == pytest.approx(12.0, rel=1e-12)


def test_an_area_without_spacing_is_in_squared_pixels() -> None:
    stated = area(100.0, NO_SPACING)
    assert (stated.value, stated.unit) == (100.0, "{pixels}2")
    assert stated.shown == "100 px²"


def test_an_angle_without_spacing_says_that_it_assumes_square_pixels() -> None:
    assert shape_evidence(NO_SPACING) == "no spacing in the file; true where pixels are square"
    assert shape_evidence(TALL) == "Pixel Spacing"


@given(arrays.arrays(np.float64, (3, 2), elements=PLACES), SPACINGS, SPACINGS)
def test_points_come_back_from_mm(points: np.ndarray, rows: float, columns: float) -> None:
    spacing = PixelSpacing(rows, columns, SpacingEvidence.PIXEL_SPACING)
    np.testing.assert_allclose(
        to_px(to_mm(points, spacing), spacing), points, rtol=1e-12, atol=1e-12
    )


@given(
    arrays.arrays(np.float64, (2, 2), elements=PLACES),
    st.floats(0, 2 * np.pi),
    st.tuples(PLACES, PLACES),
    SPACINGS,
    SPACINGS,
)
def test_turning_and_moving_a_line_in_mm_leaves_its_length(
    ends_mm: np.ndarray, angle: float, shift: tuple[float, float], rows: float, columns: float
) -> None:
    spacing = PixelSpacing(rows, columns, SpacingEvidence.PIXEL_SPACING)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    before = distance(to_px(ends_mm, spacing), spacing)
    after = distance(to_px(ends_mm @ turn + shift, spacing), spacing)
    assert after == pytest.approx(before, rel=1e-6, abs=1e-6)
    assert before == pytest.approx(float(np.linalg.norm(ends_mm[1] - ends_mm[0])), abs=1e-6)
