"""Inside of one calibrated region a length is in mm with that region as its evidence; elsewhere px."""

from typing import Any

import numpy as np
import pytest

from viewer.domain.geometry import (
    NO_SPACING,
    AxisScale,
    CalibratedRegion,
    PixelSpacing,
    SpacingEvidence,
)
from viewer.domain.image import Frame
from viewer.domain.measurement import Measurement
from viewer.measure.calibration import spacing_of

FINE = PixelSpacing(0.2, 0.5, SpacingEvidence.ULTRASOUND_REGION)
COARSE = PixelSpacing(1.0, 1.0, SpacingEvidence.ULTRASOUND_REGION)
TRACE = PixelSpacing(1.0, 1.0, SpacingEvidence.NONE, "a trace")
REGIONS = (
    CalibratedRegion(0, 0, 9, 19, FINE),
    CalibratedRegion(10, 0, 19, 19, COARSE),
    CalibratedRegion(0, 0, 2, 2, TRACE),
    CalibratedRegion(5, 5, 8, 8, FINE),
)


@pytest.fixture
def picture(make_frame: Any) -> Frame:
    frame: Frame = make_frame(np.zeros((40, 40)), spacing=NO_SPACING, regions=REGIONS)
    return frame


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ([[3, 3], [3, 13]], FINE),
        ([[12, 3], [18, 3]], COARSE),
        ([[3, 10], [6, 6]], FINE),
        ([[1, 1], [2, 2]], None),
        ([[3, 3], [12, 3]], None),
        ([[1, 1], [3, 13]], None),
        ([[3, 3], [3, 30]], None),
        ([[30, 30], [35, 35]], None),
    ],
    ids=["one", "other", "nested alike", "trace", "two", "over trace", "half out", "out"],
)
def test_only_points_of_one_region_have_its_spacing(
    picture: Frame, ends: list[list[float]], expected: PixelSpacing | None
) -> None:
    found = spacing_of(np.array(ends, np.float64), picture)
    assert found == expected or (expected is None and found.unit == "px" and found.words)


def test_a_length_names_the_region_as_its_evidence(picture: Frame, measured: Any) -> None:
    stated: Measurement = measured("length", [[3, 3], [3, 13]], picture)["Length"]
    assert stated.value == pytest.approx(2.0)
    assert (stated.unit, stated.evidence) == ("mm", "Ultrasound region calibration")


def test_an_area_is_in_square_millimetres_only_inside_of_one_region(
    picture: Frame, measured: Any
) -> None:
    inside = measured("rectangle", [[3, 9], [7, 19]], picture)["Area"]
    assert (inside.value, inside.unit) == (pytest.approx(4 * 10 * 0.1), "mm2")
    across = measured("rectangle", [[3, 9], [13, 19]], picture)["Area"]
    assert (across.value, across.unit) == (100.0, "{pixels}2")


@pytest.mark.parametrize("tool", ["bidirectional", "cardiothoracic_ratio"])
def test_every_line_of_a_tool_counts(picture: Frame, measured: Any, tool: str) -> None:
    across = measured(tool, [[3, 3], [3, 6], [3, 9], [15, 9]], picture)
    assert {one.unit for one in across.values()} <= {"{pixels}", "1"}


TISSUE = CalibratedRegion(0, 0, 39, 19, FINE, low_priority=True)
FLOW = CalibratedRegion(10, 5, 19, 14, COARSE)
SPECTRUM = CalibratedRegion(0, 20, 39, 39, TRACE, AxisScale("s", 0.01), AxisScale("cm/s", 2.0))


@pytest.fixture
def duplex(make_frame: Any) -> Frame:
    frame: Frame = make_frame(
        np.zeros((40, 40)), spacing=NO_SPACING, regions=(TISSUE, FLOW, SPECTRUM)
    )
    return frame


def test_a_region_of_high_priority_hides_what_lies_under_it(duplex: Frame) -> None:
    assert spacing_of(np.array([[12.0, 6.0], [18.0, 6.0]]), duplex) == COARSE
    assert spacing_of(np.array([[2.0, 6.0], [8.0, 6.0]]), duplex) == FINE
    assert spacing_of(np.array([[2.0, 6.0], [12.0, 6.0]]), duplex).unit == "px"


def test_in_a_spectrum_a_line_gives_time_and_velocity_but_no_length(
    duplex: Frame, measured: Any
) -> None:
    found = measured("length", [[5, 35], [25, 25]], duplex)
    assert {name: (one.value, one.unit) for name, one in found.items()} == {
        "Time": (pytest.approx(0.2), "s"),
        "Velocity": (pytest.approx(20.0), "cm/s"),
    }
    assert {one.shown for one in found.values()} == {"0.200 s", "20.0 cm/s"}
    assert all(one.evidence == "Ultrasound region calibration" for one in found.values())


def test_a_line_from_tissue_into_the_spectrum_is_in_pixels(duplex: Frame, measured: Any) -> None:
    found = measured("length", [[5, 15], [5, 25]], duplex)
    assert [(one.value, one.unit) for one in found.values()] == [(10.0, "{pixels}")]
