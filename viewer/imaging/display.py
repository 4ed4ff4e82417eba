"""What the viewport shows before zoom: stored values through Modality LUT, VOI and polarity, in 8 bits."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.domain.image import Frame, Photometric
from viewer.domain.presentation import Presentation, Voi, VoiLutFunction, VoiWindow
from viewer.imaging.modality_lut import apply_modality
from viewer.imaging.photometric import rgb_to_display
from viewer.imaging.voi_lut import apply_voi

BLACK = 0
WHITE = 255
TABLE_BYTES = 2
"""Integer samples up to this size are shown through a table of all their values."""

AUTO_PERCENTILES = (0.5, 99.5)
"""Of the pixels without padding: what the automatic window spans."""

AUTO_SAMPLE = 250_000
"""Pixels that the automatic window looks at, at most."""


@dataclass(frozen=True, eq=False)
class DisplayTable:
    """A frame's way from stored to display values, ready to be used on any part of the frame.

    table: ndarray, shape (256,) or (65536,), uint8, by the bit pattern of the stored value; None where
    stored values are too many for a table, or colour.
    """

    frame: Frame
    voi: Voi | None
    inverse: bool
    table: NDArray[np.uint8] | None

    def apply(self, stored: NDArray[Any]) -> NDArray[np.uint8]:
        """Display values of stored values of this frame's dtype; any shape and strides."""
        if self.table is not None:
            grey: NDArray[np.uint8] = self.table.take(stored.view(f"u{stored.dtype.itemsize}"))
            return grey
        if self.voi is None:
            shown = rgb_to_display(stored, self.frame.bits_stored)
            return WHITE - shown if self.inverse else shown
        return _grey(self.frame, self.voi, self.inverse, stored)


def display_table(frame: Frame, voi: Voi | None, inverted: bool) -> DisplayTable:
    """The table for a frame; voi None is `default_voi(frame)`; colour has none."""
    if frame.is_colour:
        return DisplayTable(frame, None, inverted, None)
    chosen = voi if voi is not None else default_voi(frame)
    inverse = shows_low_as_white(frame) != inverted
    dtype = frame.stored.dtype
    if dtype.kind not in "iu" or dtype.itemsize > TABLE_BYTES:
        return DisplayTable(frame, chosen, inverse, None)
    patterns = np.arange(1 << (8 * dtype.itemsize), dtype=f"u{dtype.itemsize}")
    return DisplayTable(frame, chosen, inverse, _grey(frame, chosen, inverse, patterns.view(dtype)))


def display_values(frame: Frame, voi: Voi | None, *, inverted: bool = False) -> NDArray[np.uint8]:
    """The whole frame as the viewport shows it before zoom.

    Parameters
    ----------
    voi : window or LUT over modality values; None is the frame's own (`default_voi`)
    inverted : the reader's inversion, on top of MONOCHROME1 or Presentation LUT Shape

    Returns
    -------
    ndarray, shape (rows, columns) or (rows, columns, 3), uint8
    """
    return display_table(frame, voi, inverted).apply(frame.stored)


def shows_low_as_white(frame: Frame) -> bool:
    """MONOCHROME1, or Presentation LUT Shape INVERSE: two words for one inversion (PS3.3 C.8.11.1)."""
    return frame.photometric is Photometric.MONOCHROME1 or frame.presentation_inverse


def _grey(frame: Frame, voi: Voi, inverse: bool, stored: NDArray[Any]) -> NDArray[np.uint8]:
    """Padding is black whatever the polarity: it is outside of the image."""
    shown = apply_voi(voi, apply_modality(frame.modality, stored), frame.presentation_lut)
    if inverse:
        shown = WHITE - shown
    padding = is_padding(frame, stored)
    if padding is not None:
        shown[padding] = BLACK
    return shown


def is_padding(frame: Frame, stored: NDArray[Any]) -> NDArray[np.bool_] | None:
    """Where stored values are padding (PS3.3 C.7.5.1.1.2); None where the file states none."""
    if frame.padding is None:
        return None
    low, high = frame.padding
    return (stored >= low) & (stored <= high)


def default_voi(frame: Frame) -> Voi:
    """The file's first window or LUT, else the range of its values without padding."""
    return frame.voi[0] if frame.voi else full_range(frame)


def voi_in_force(frame: Frame, presentation: Presentation) -> Voi | None:
    """What a grey frame is shown through: the reader's, its own, that of its stack, its range; None for colour."""
    if frame.is_colour:
        return None
    own = frame.voi[0] if frame.voi else None
    return presentation.voi or own or presentation.stack_window or full_range(frame)


def full_range(frame: Frame) -> VoiWindow:
    """The window from the smallest modality value (black) to the largest (white), without padding."""
    inside = _inside(frame, frame.stored)
    if not inside.size:
        return VoiWindow(0.5, 1.0)
    ends = apply_modality(frame.modality, np.array([inside.min(), inside.max()]))
    return window_between(float(ends.min()), float(ends.max()))


def auto_window(frame: Frame) -> VoiWindow:
    """The window over `AUTO_PERCENTILES` of the modality values without padding."""
    step = max(int(np.sqrt(frame.stored.size / AUTO_SAMPLE)), 1)
    inside = _inside(frame, frame.stored[::step, ::step])
    if not inside.size:
        return full_range(frame)
    low, high = np.percentile(apply_modality(frame.modality, inside), AUTO_PERCENTILES)
    return window_between(float(low), float(high)) if high > low else full_range(frame)


def window_between(low: float, high: float) -> VoiWindow:
    """The LINEAR window that shows `low` black and `high` white (PS3.3 C.11.2.1.2.1)."""
    return VoiWindow((low + high + 1) / 2, high - low + 1, VoiLutFunction.LINEAR)


def _inside(frame: Frame, stored: NDArray[Any]) -> NDArray[Any]:
    """Values that count for a window: no padding, nothing infinite."""
    padding = is_padding(frame, stored)
    inside: NDArray[Any] = stored.ravel() if padding is None else stored[~padding]
    return inside[np.isfinite(inside)] if inside.dtype.kind == "f" else inside
