"""Ultrasound regions: where in the picture a pixel has a size, and which (PS3.3 C.8.5.5)."""

from pydicom.dataset import Dataset

from viewer.base.i18n import _
from viewer.dicom.scope import Scope
from viewer.domain.geometry import (
    AxisScale,
    CalibratedRegion,
    PixelSpacing,
    SpacingEvidence,
)

TWO_DIMENSIONAL = 1
"""Region Spatial Format (0018,6012) of tissue images; M-mode and spectra have time along one side."""

MM_PER_CM = 10.0
UNITS = {3: ("mm", MM_PER_CM), 4: ("s", 1.0), 5: ("Hz", 1.0), 7: ("cm/s", 1.0)}
"""Physical Units X and Y Direction (0018,6024), (0018,6026) to UCUM and how many of it one is (C.8.5.5.1.15)."""

LOW_PRIORITY = 1
"""Bit 0 of Region Flags (0018,6016): where regions overlap, a region of high priority lies over this one."""

BORDER_PX = 1
"""Writers give the last column as number of columns, one too many."""


def ultrasound_regions(scope: Scope) -> tuple[CalibratedRegion, ...]:
    """All regions with their places, those in cm with their spacing.

    Where one reaches out of the image, the picture was cut or scaled after it was calibrated: then
    none of them has a spacing.
    """
    items = scope.items("SequenceOfUltrasoundRegions")
    found = tuple(region for region in map(_region, items) if region is not None)
    rows, columns = scope.integer("Rows") or 0, scope.integer("Columns") or 0
    if all(_lies_within(region, rows, columns) for region in found):
        return found
    misfit = _unsized(_("the calibrated regions do not fit this image"))
    return tuple(
        CalibratedRegion(one.left_px, one.top_px, one.right_px, one.bottom_px, misfit)
        for one in found
    )


def _region(item: Dataset) -> CalibratedRegion | None:
    keywords = ("MinX0", "MinY0", "MaxX1", "MaxY1")
    places = [Scope((item,)).integer(f"RegionLocation{keyword}") for keyword in keywords]
    left, top, right, bottom = places
    if left is None or top is None or right is None or bottom is None:
        return None
    scope = Scope((item,))
    across, down = _axis(scope, "X"), _axis(scope, "Y")
    return CalibratedRegion(
        left,
        top,
        right,
        bottom,
        _spacing(scope, across, down),
        across,
        down,
        bool((scope.integer("RegionFlags") or 0) & LOW_PRIORITY),
    )


def _axis(scope: Scope, axis: str) -> AxisScale | None:
    """Physical Delta is the step from pixel to pixel, down or up, right or left."""
    step = scope.number(f"PhysicalDelta{axis}")
    known = UNITS.get(scope.integer(f"PhysicalUnits{axis}Direction") or 0)
    if known is None or not step:
        return None
    unit, size = known
    return AxisScale(unit, abs(step) * size)


def _spacing(scope: Scope, across: AxisScale | None, down: AxisScale | None) -> PixelSpacing:
    """Only a picture of tissue with cm along both sides has lengths in all directions."""
    flat = scope.integer("RegionSpatialFormat") == TWO_DIMENSIONAL
    if not flat or not across or not down or {across.unit, down.unit} != {"mm"}:
        return _unsized(_("a region of the ultrasound image without lengths"))
    return PixelSpacing(down.per_px, across.per_px, SpacingEvidence.ULTRASOUND_REGION)


def _unsized(words: str) -> PixelSpacing:
    return PixelSpacing(1.0, 1.0, SpacingEvidence.NONE, words)


def _lies_within(region: CalibratedRegion, rows: int, columns: int) -> bool:
    across = 0 <= region.left_px <= region.right_px < columns + BORDER_PX
    return across and 0 <= region.top_px <= region.bottom_px < rows + BORDER_PX
