"""Probe: the value of one pixel."""

import math

import numpy as np

from viewer.base.i18n import _
from viewer.domain.image import Frame
from viewer.domain.measurement import NO_UNIT, Measurement
from viewer.imaging.display import is_padding
from viewer.imaging.modality_lut import apply_modality
from viewer.measure.region_values import suv_measurement, value_evidence, value_unit
from viewer.measure.tool import FreeHandles, HandleRule, PointsPx, Polyline


def _pixel(point_px: PointsPx, image: Frame) -> tuple[int, int] | None:
    """Row and column of the pixel under a point; None beside the image."""
    column, row = (math.floor(value + 0.5) for value in point_px)
    inside = 0 <= row < image.rows and 0 <= column < image.columns
    return (row, column) if inside else None


def _grey(image: Frame, row: int, column: int) -> tuple[Measurement, ...]:
    stored = image.stored[row : row + 1, column]
    padding = is_padding(image, stored)
    value = apply_modality(image.modality, stored)
    if (padding is not None and padding.any()) or not np.isfinite(value).all():
        return ()
    number = float(value[0])
    return (
        Measurement(_("Value"), number, value_unit(image), value_evidence(image)),
        *suv_measurement(_("Uptake"), number, image),
    )


def _colour(image: Frame, row: int, column: int) -> tuple[Measurement, ...]:
    names = (_("Red"), _("Green"), _("Blue"))
    samples, words = image.stored[row, column].tolist(), value_evidence(image)
    return tuple(
        Measurement(name, float(sample), NO_UNIT, words)
        for name, sample in zip(names, samples, strict=True)
    )


class ProbeTool(FreeHandles):
    """One handle: a point of the pixel."""

    key = "probe"
    shortcut = "P"
    icon = "pipette"
    handles = HandleRule(1, 1)

    @property
    def title(self) -> str:
        """For the reader."""
        return _("Pixel value")

    def measure(self, handles_px: PointsPx, image: Frame) -> tuple[Measurement, ...]:
        """The modality value, or red, green and blue; nothing beside the image and in its padding."""
        if not self.handles.allows(len(handles_px)):
            return ()
        place = _pixel(handles_px[0], image)
        if place is None:
            return ()
        return _colour(image, *place) if image.is_colour else _grey(image, *place)

    def outline(self, handles_px: PointsPx) -> tuple[Polyline, ...]:
        """Nothing: the handle is the mark."""
        return ()


PLUGIN = ProbeTool()
