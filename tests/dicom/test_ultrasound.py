"""Ultrasound regions give a spacing only where they are flat, in cm, and fit the picture."""

import pytest
from pydicom.dataset import Dataset

from viewer.dicom.decoder import decode
from viewer.dicom.scope import Scope
from viewer.dicom.ultrasound import ultrasound_regions
from viewer.domain.display_set import FrameRef
from viewer.domain.geometry import AxisScale, CalibratedRegion, PixelSpacing, SpacingEvidence

FLAT = {
    "RegionSpatialFormat": 1,
    "RegionLocationMinX0": 10,
    "RegionLocationMinY0": 20,
    "RegionLocationMaxX1": 89,
    "RegionLocationMaxY1": 59,
    "PhysicalUnitsXDirection": 3,
    "PhysicalUnitsYDirection": 3,
    "PhysicalDeltaX": 0.05,
    "PhysicalDeltaY": -0.04,
}


def regions(**changes: object) -> tuple[CalibratedRegion, ...]:
    item, whole = Dataset(), Dataset()
    for keyword, value in {**FLAT, **changes}.items():
        setattr(item, keyword, value)
    whole.Rows, whole.Columns = 60, 100
    whole.SequenceOfUltrasoundRegions = [item]
    return ultrasound_regions(Scope((whole,)))


def test_centimetres_become_millimetres_whatever_the_direction() -> None:
    (found,) = regions()
    assert found == CalibratedRegion(
        10,
        20,
        89,
        59,
        PixelSpacing(0.4, 0.5, SpacingEvidence.ULTRASOUND_REGION),
        AxisScale("mm", 0.5),
        AxisScale("mm", 0.4),
    )


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        ((4, 7), (AxisScale("s", 0.05), AxisScale("cm/s", 0.04))),
        ((4, 5), (AxisScale("s", 0.05), AxisScale("Hz", 0.04))),
        ((4, 3), (AxisScale("s", 0.05), AxisScale("mm", 0.4))),
        ((0, 2), (None, None)),
    ],
    ids=["velocity", "frequency", "M-mode", "none"],
)
def test_sides_keep_their_own_units(units: tuple[int, int], expected: tuple[object, ...]) -> None:
    across, down = units
    (found,) = regions(
        RegionSpatialFormat=3, PhysicalUnitsXDirection=across, PhysicalUnitsYDirection=down
    )
    assert (found.across, found.down) == expected


@pytest.mark.parametrize(("flags", "low"), [(0, False), (1, True), (2, False), (3, True)])
def test_the_lowest_flag_is_the_priority(flags: int, low: bool) -> None:
    (found,) = regions(RegionFlags=flags)
    assert found.low_priority is low


@pytest.mark.parametrize(
    "changes",
    [
        {"RegionSpatialFormat": 2},
        {"RegionSpatialFormat": 3},
        {"PhysicalUnitsXDirection": 4},
        {"PhysicalUnitsYDirection": 0},
        {"PhysicalDeltaX": 0.0},
        {"RegionLocationMaxX1": 101},
        {"RegionLocationMaxY1": 61},
    ],
)
def test_time_other_units_and_misfit_have_no_lengths(changes: dict[str, object]) -> None:
    (found,) = regions(**changes)
    assert found.spacing.evidence is SpacingEvidence.NONE
    assert found.spacing.words


def test_the_last_column_may_be_given_as_their_number() -> None:
    (found,) = regions(RegionLocationMaxX1=100)
    assert found.spacing.unit == "mm"


def test_a_real_picture_scaled_after_calibration_is_not_measured_in_mm(real_file) -> None:
    frame = decode(FrameRef("1.2", 0, real_file("examples_ybr_color.dcm")))
    assert frame.regions
    assert all(region.spacing.evidence is SpacingEvidence.NONE for region in frame.regions)


def test_a_real_picture_carries_its_calibration(real_file) -> None:
    frame = decode(FrameRef("1.2", 0, real_file("OBXXXX1A.dcm")))
    flat, trace = frame.regions
    assert flat.spacing.between_rows == pytest.approx(0.2622878766)
    assert (flat.spacing.unit, trace.spacing.unit) == ("mm", "px")
