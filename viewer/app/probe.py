"""What lies under the pointer: column, row, and the value the file entitles to."""

from viewer.base.i18n import _
from viewer.domain.finding import PointPx
from viewer.domain.image import Frame
from viewer.imaging.display import is_padding
from viewer.imaging.modality_lut import apply_modality


def probe_words(frame: Frame, point_px: PointPx) -> str:
    """Column, row (0 is the first) and modality value with its unit, or the RGB values; "" outside."""
    column, row = (round(value) for value in point_px)
    if not (0 <= column < frame.columns and 0 <= row < frame.rows):
        return ""
    place = f"({column}, {row})"
    stored = frame.stored[row, column]
    if frame.is_colour:
        red, green, blue = (int(value) for value in stored)
        return f"{place}  RGB {red} {green} {blue}"
    padding = is_padding(frame, stored)
    if padding is not None and bool(padding):
        return _("{place}  padding, no value").format(place=place)
    value = float(apply_modality(frame.modality, stored))
    return f"{place}  {value:g} {frame.unit}{_uptake(frame, value)}".strip()


def _uptake(frame: Frame, value: float) -> str:
    """The value of PET as SUV by body weight, or why there is none."""
    if frame.suv is None:
        return ""
    if frame.suv.factor is None:
        return f"  {frame.suv.words}"
    return f"  SUV bw {value * frame.suv.factor:.2f}"
