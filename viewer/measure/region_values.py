"""The modality values of a region, and what entitles them to their unit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.base.i18n import _, plural
from viewer.domain.image import NO_RESCALE, Frame
from viewer.domain.measurement import HOUNSFIELD, SUV_BODY_WEIGHT, Measurement
from viewer.imaging.display import is_padding
from viewer.imaging.modality_lut import apply_modality
from viewer.measure.region import Region

UCUM_OF_FILE_UNIT: Mapping[str, str] = {
    "HU": HOUNSFIELD,
    "BQML": "Bq/ml",
    "CNTS": "{counts}",
    "CPS": "{counts}/s",
    "PROPCNTS": "{propcounts}",
    "PCT": "%",
    "PCNT": "%",
    "MGML": "mg/ml",
    "MLG": "ml/g",
    "1CM": "/cm",
    "CM2": "cm2",
}
"""Rescale Type (DICOM PS3.3 C.11.1.1.2) and PET Units (C.8.9.1.1.3) to the UCUM codes of PS3.16."""


@dataclass(frozen=True, eq=False)
class RegionValues:
    """What can be said of the pixels of a region.

    values: ndarray, shape (n,), float64, modality values without padding. remarks: sentences' parts
    on what was left out.
    """

    values: NDArray[np.float64]
    remarks: tuple[str, ...]


def value_unit(image: Frame) -> str:
    """UCUM unit of the modality values; the file's own word where UCUM has none; "" for none."""
    return UCUM_OF_FILE_UNIT.get(image.unit, image.unit)


def value_evidence(image: Frame) -> str:
    """In words, what the modality values are; of PET without SUV also why."""
    missing = "" if image.suv is None or image.suv.factor is not None else image.suv.words
    return "; ".join(part for part in (_of_values(image), missing) if part)


def _of_values(image: Frame) -> str:
    if image.is_colour:
        return _("stored colour values")
    if image.unit:
        return _("modality values in {unit}, as the file states").format(unit=image.unit)
    if image.modality == NO_RESCALE:
        return _("stored values, no unit in the file")
    return _("rescaled values, no unit in the file")


def suv_measurement(
    name: str, value: float, image: Frame, remark: str = ""
) -> Iterator[Measurement]:
    """A modality value as uptake by body weight; nothing where the file does not entitle to it."""
    if image.suv is not None and image.suv.factor is not None:
        words = "; ".join(part for part in (image.suv.words, remark) if part)
        yield Measurement(name, value * image.suv.factor, SUV_BODY_WEIGHT, words)


def region_values(region: Region, image: Frame) -> RegionValues:
    """Modality values of a greyscale frame at the pixels of the region; padding is left out."""
    stored = image.stored[region.window][region.mask]
    padding = is_padding(image, stored)
    kept = stored if padding is None else stored[~padding]
    values = apply_modality(image.modality, kept)
    finite = values[np.isfinite(values)] if kept.dtype.kind == "f" else values
    remarks = (
        _("only the part inside of the image") if region.reaches_out else "",
        _left_out("{n} padding pixel left out", "{n} padding pixels left out", stored, kept),
        _left_out("{n} pixel is not a number", "{n} pixels are not numbers", values, finite),
    )
    return RegionValues(finite, tuple(remark for remark in remarks if remark))


def _left_out(one: str, many: str, before: NDArray[np.generic], after: NDArray[np.generic]) -> str:
    count = before.size - after.size
    return plural(one, many, count) if count else ""
