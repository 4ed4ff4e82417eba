"""From pixels to what the file entitles them to: mm with its evidence, or px; never a guess."""

import numpy as np
from numpy.typing import NDArray

from viewer.base.i18n import _
from viewer.domain.geometry import (
    NO_SPACING,
    AxisScale,
    CalibratedRegion,
    PixelSpacing,
    SpacingEvidence,
)
from viewer.domain.image import Frame
from viewer.domain.measurement import (
    MILLIMETRE,
    PIXEL,
    SQUARE_MILLIMETRE,
    SQUARE_PIXEL,
    Measurement,
)
from viewer.measure.codes import measurement_code

Points = NDArray[np.float64]


def is_calibrated(spacing: PixelSpacing) -> bool:
    """Whether the file gives pixels a size."""
    return spacing.evidence is not SpacingEvidence.NONE


def spacing_of(points_px: Points, image: Frame) -> PixelSpacing:
    """The spacing that holds for all of the points: the image's, or that of the region they lie in.

    In an image with regions (PS3.3 C.8.5.5) one of them must hold all points, and every other one
    that holds any of them must have the same spacing; else there is none. Where regions overlap, one
    of high priority hides one of low priority.

    Parameters
    ----------
    points_px : ndarray, shape (n, 2), float64; (column, row)
    """
    if not image.regions:
        return image.spacing
    spacings = {region.spacing for region in _touched(points_px, image)}
    if len(spacings) == 1:
        return spacings.pop()
    outside = _("not inside of one calibrated region")
    return PixelSpacing(1.0, 1.0, SpacingEvidence.NONE, outside)


def axes_of(points_px: Points, image: Frame) -> tuple[AxisScale, AxisScale] | None:
    """What the sides of the one region that holds all points are worth; None where it has lengths.

    For regions with time, velocity or frequency along a side, in which a slanted line has no length.
    """
    found = {
        (region.across, region.down, is_calibrated(region.spacing))
        for region in _touched(points_px, image)
    }
    if len(found) != 1:
        return None
    across, down, flat = found.pop()
    return None if flat or across is None or down is None else (across, down)


def _touched(points_px: Points, image: Frame) -> list[CalibratedRegion]:
    """The regions to be seen at any of the points; none where no region holds all of them."""
    holding = [(region, region.holds(points_px)) for region in image.regions]
    if not any(inside.all() for _region, inside in holding):
        return []
    above = [inside for region, inside in holding if not region.low_priority]
    hidden = np.any(above, axis=0) if above else np.zeros(len(points_px), np.bool_)
    seen = ((region, inside & ~(hidden & region.low_priority)) for region, inside in holding)
    return [region for region, inside in seen if inside.any()]


def scale(spacing: PixelSpacing) -> NDArray[np.float64]:
    """Size of a pixel, ndarray, shape (2,): mm along (column, row), or 1, 1 without evidence."""
    sized = spacing if is_calibrated(spacing) else NO_SPACING
    return np.array([sized.between_columns, sized.between_rows], np.float64)


def to_mm(points_px: Points, spacing: PixelSpacing) -> Points:
    """Points in the image's own mm, or px without evidence.

    Parameters
    ----------
    points_px : ndarray, shape (n, 2), float64; (column, row)

    Returns
    -------
    ndarray, shape (n, 2), float64; (x along the row, y down the column), 0, 0 at the centre of the
    top left pixel. The columns lie `between_columns` apart: the second value of Pixel Spacing
    (DICOM PS3.3 10.7.1.3).
    """
    scaled: Points = np.asarray(points_px, np.float64) * scale(spacing)
    return scaled


def to_px(points_mm: Points, spacing: PixelSpacing) -> Points:
    """The way back from `to_mm`."""
    points: Points = np.asarray(points_mm, np.float64) / scale(spacing)
    return points


def evidence(spacing: PixelSpacing) -> str:
    """In words, what a length in this image rests on."""
    return spacing.words or _(spacing.evidence.value)


def shape_evidence(spacing: PixelSpacing) -> str:
    """What an angle or a ratio of lines rests on: without spacing, on square pixels."""
    if is_calibrated(spacing):
        return evidence(spacing)
    return joined(evidence(spacing), _("true where pixels are square"))


def joined(*parts: str) -> str:
    """Parts of an evidence as one; empty ones left out."""
    return "; ".join(part for part in parts if part)


def distance(ends_px: Points, spacing: PixelSpacing) -> float:
    """Length of a straight line, mm, or px without evidence; ends_px: ndarray, shape (2, 2)."""
    return float(np.hypot(*to_mm(ends_px[1] - ends_px[0], spacing)))


def length(
    name: str, value: float, spacing: PixelSpacing, code: str = "length", remark: str = ""
) -> Measurement:
    """A length as a measurement; code: key in resources/codes/measurements.csv."""
    unit = MILLIMETRE if is_calibrated(spacing) else PIXEL
    words = joined(evidence(spacing), remark)
    return Measurement(name, value, unit, words, measurement_code(code))


def area(area_px: float, spacing: PixelSpacing, *remarks: str) -> Measurement:
    """The area of a region given in squared px, as the file entitles it."""
    unit = SQUARE_MILLIMETRE if is_calibrated(spacing) else SQUARE_PIXEL
    value = area_px * float(np.prod(scale(spacing)))
    words = joined(evidence(spacing), *remarks)
    return Measurement(_("Area"), value, unit, words, measurement_code("area"))
