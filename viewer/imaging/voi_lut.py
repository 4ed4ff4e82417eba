"""Modality values to display values 0 to 255 (PS3.3 C.11.2): LINEAR, LINEAR_EXACT, SIGMOID and VOI LUTs."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from viewer.domain.presentation import LookupTable, Voi, VoiLutFunction, VoiWindow
from viewer.imaging.modality_lut import table_lookup

Values = NDArray[np.float64]

DISPLAY_MAXIMUM = 255.0
NARROWEST_SLOPE_WIDTH = 1e-9
"""Modality units; a narrower LINEAR slope is a step, as width 1 is by definition."""


def _linear(values: Values, window: VoiWindow) -> Values:
    """PS3.3 C.11.2.1.2.1: the slope runs from c - 0.5 - (w - 1) / 2 to c - 0.5 + (w - 1) / 2."""
    middle, width = window.center - 0.5, window.width - 1
    if width < NARROWEST_SLOPE_WIDTH:
        return np.where(values <= middle, 0.0, DISPLAY_MAXIMUM)
    return ((values - middle) / width + 0.5) * DISPLAY_MAXIMUM


def _linear_exact(values: Values, window: VoiWindow) -> Values:
    """PS3.3 C.11.2.1.3.2: the slope runs from c - w / 2 to c + w / 2."""
    return ((values - window.center) / window.width + 0.5) * DISPLAY_MAXIMUM


def _sigmoid(values: Values, window: VoiWindow) -> Values:
    """PS3.3 C.11.2.1.3.1."""
    exponent = np.clip(-4 * (values - window.center) / window.width, -700, 700)
    return DISPLAY_MAXIMUM / (1 + np.exp(exponent))


FUNCTIONS: dict[VoiLutFunction, Callable[[Values, VoiWindow], Values]] = {
    VoiLutFunction.LINEAR: _linear,
    VoiLutFunction.LINEAR_EXACT: _linear_exact,
    VoiLutFunction.SIGMOID: _sigmoid,
}


def _through_table(values: Values, table: LookupTable) -> Values:
    """PS3.3 C.11.2.1.1: entries of `bits` bits fill the display range."""
    return table_lookup(table, values) * (DISPLAY_MAXIMUM / ((1 << table.bits) - 1))


def apply_voi(voi: Voi, values: Values, lut: LookupTable | None = None) -> NDArray[np.uint8]:
    """Display values, 0 the darkest of MONOCHROME2, rounded to the nearest grey level.

    Parameters
    ----------
    values : ndarray, any shape, float64; modality values; NaN becomes 0
    lut : a Presentation LUT, whose entries span the whole output of the VOI LUT (PS3.3 C.11.6.1)
    """
    shown = (
        _through_table(values, voi)
        if isinstance(voi, LookupTable)
        else FUNCTIONS[voi.function](values, voi)
    )
    levels = np.clip(np.nan_to_num(shown, nan=0.0), 0, DISPLAY_MAXIMUM)
    if lut is not None:
        levels = _through_table(levels / DISPLAY_MAXIMUM * (lut.entries.size - 1), lut)
    return (levels + 0.5).astype(np.uint8)
