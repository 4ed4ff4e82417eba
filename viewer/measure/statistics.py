"""Area and statistics of a region, each with its evidence; no statistics where there is nothing to count."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from viewer.base.i18n import _
from viewer.domain.image import Frame
from viewer.domain.measurement import COUNT, Measurement
from viewer.measure.calibration import area, joined, spacing_of
from viewer.measure.codes import measurement_code
from viewer.measure.region import Region
from viewer.measure.region_values import (
    RegionValues,
    region_values,
    suv_measurement,
    value_evidence,
    value_unit,
)


def region_measurements(
    region: Region, area_px: float, image: Frame, remark: str = ""
) -> tuple[Measurement, ...]:
    """Area, then mean, standard deviation, minimum, maximum and number of pixels.

    Statistics are of modality values at pixels whose centres lie inside of the outline and of the
    image, without padding. Where there are none the evidence of the area says why.

    Parameters
    ----------
    area_px : float, of the whole outline, squared px
    remark : a caution for the evidence of the area
    """
    partly = _("the outline reaches out of the image") if region.reaches_out else ""
    spacing = spacing_of(region.corners_px, image)
    reason = _no_statistics(region, image)
    if reason:
        return (area(area_px, spacing, remark, partly, reason),)
    found = region_values(region, image)
    if not found.values.size:
        return (area(area_px, spacing, remark, partly, *found.remarks, _("no values")),)
    words = joined(value_evidence(image), *found.remarks)
    whole = area(area_px, spacing, remark, partly)
    return (
        whole,
        *_statistics(found.values, value_unit(image), words),
        *_uptake(found, image),
    )


def _uptake(found: RegionValues, image: Frame) -> Iterator[Measurement]:
    """Mean and maximum of PET as SUV, as far as the file entitles to them."""
    remark = joined(*found.remarks)
    yield from suv_measurement(_("Mean uptake"), _mean(found.values), image, remark)
    yield from suv_measurement(_("Maximum uptake"), float(found.values.max()), image, remark)


def _no_statistics(region: Region, image: Frame) -> str:
    if image.is_colour:
        return _("no mean: colour pixels have no single value")
    if not region.count:
        return _("no statistics: no pixel of the image lies inside")
    return ""


def _statistics(values: NDArray[np.float64], unit: str, words: str) -> Iterator[Measurement]:
    """The standard deviation is of these pixels (divisor n), not an estimate for others."""
    mean = _mean(values)
    yield Measurement(_("Mean"), mean, unit, words, measurement_code("mean"))
    yield Measurement(
        _("Standard deviation"),
        _spread(values, mean),
        unit,
        words,
        measurement_code("standard_deviation"),
    )
    yield Measurement(_("Minimum"), float(values.min()), unit, words, measurement_code("minimum"))
    yield Measurement(_("Maximum"), float(values.max()), unit, words, measurement_code("maximum"))
    yield Measurement(_("Pixels"), float(values.size), COUNT, words)


def _mean(values: NDArray[np.float64]) -> float:
    """The mean, kept within the values where rounding would put it outside."""
    return float(min(max(values.mean(), values.min()), values.max()))


def _spread(values: NDArray[np.float64], mean: float) -> float:
    """The standard deviation, in one temporary array: regions can be whole radiographs."""
    squares = values - mean
    squares *= squares
    return float(np.sqrt(squares.mean()))
