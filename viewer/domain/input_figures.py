"""What a network was given, in a few numbers of the whole: no pixel, no place, nothing of the patient."""

from dataclasses import dataclass
from enum import Enum

from viewer.base.i18n import _


class InputKey(Enum):
    """Which number. MEAN to P95: of the input tensor as the network got it. DISTANCE: the network's own,
    from its training images. The others: of the image as the file has it."""

    MEAN = "mean"
    SD = "sd"
    P5 = "p5"
    P50 = "p50"
    P95 = "p95"
    DISTANCE = "distance"
    ROWS = "rows"
    COLUMNS = "columns"
    ROW_MM = "row_mm"
    COLUMN_MM = "column_mm"
    SLICES = "slices"
    SLICE_MM = "slice_mm"


@dataclass(frozen=True)
class InputFigure:
    """One number. key: value of an InputKey; kept as text, so that a later program's keys can be read."""

    key: str
    value: float


def input_title(key: InputKey) -> str:
    """The number's name in the reader's language."""
    return {
        InputKey.MEAN: _("Mean of the input"),
        InputKey.SD: _("Spread of the input (SD)"),
        InputKey.P5: _("5th percentile of the input"),
        InputKey.P50: _("Median of the input"),
        InputKey.P95: _("95th percentile of the input"),
        InputKey.DISTANCE: _("Distance from the training images"),
        InputKey.ROWS: _("Rows of the image"),
        InputKey.COLUMNS: _("Columns of the image"),
        InputKey.ROW_MM: _("Row spacing, mm"),
        InputKey.COLUMN_MM: _("Column spacing, mm"),
        InputKey.SLICES: _("Slices of the series"),
        InputKey.SLICE_MM: _("Slice distance, mm"),
    }[key]
