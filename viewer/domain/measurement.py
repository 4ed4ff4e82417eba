"""Measurements and annotations: a number with what entitles it to its unit, and the handles it came from."""

from collections.abc import Mapping
from dataclasses import dataclass

from viewer.base.i18n import _
from viewer.domain.coding import CodedConcept
from viewer.domain.display_set import FramePlace
from viewer.domain.finding import PointPx

MILLIMETRE = "mm"
SQUARE_MILLIMETRE = "mm2"
PIXEL = "{pixels}"
SQUARE_PIXEL = "{pixels}2"
"""Area of a region in an image without spacing, as a number of pixels."""

COUNT = "{count}"
"""How many pixels: a whole number, no length."""

SUV_BODY_WEIGHT = "g/ml{SUVbw}"
DEGREE = "deg"
HOUNSFIELD = "[hnsf'U]"
UNITLESS = "1"
NO_UNIT = ""
"""The file names no unit of its values."""

SHOWN_UNITS: Mapping[str, str] = {
    MILLIMETRE: "mm",
    SQUARE_MILLIMETRE: "mm²",
    PIXEL: "px",
    SQUARE_PIXEL: "px²",
    COUNT: "",
    DEGREE: "°",
    HOUNSFIELD: "HU",
    UNITLESS: "",
    NO_UNIT: "",
    "Bq/ml": "Bq/ml",
    SUV_BODY_WEIGHT: "SUV bw",
    "g/ml{SUVlbm}": "SUV lbm",
    "cm2/ml{SUVbsa}": "SUV bsa",
    "%": "%",
}
"""UCUM to what people read; a unit that is not here is shown as it is written."""

DIGITS: Mapping[str, int] = {
    MILLIMETRE: 1,
    SQUARE_MILLIMETRE: 1,
    PIXEL: 1,
    SQUARE_PIXEL: 0,
    COUNT: 0,
    DEGREE: 1,
    HOUNSFIELD: 1,
    UNITLESS: 2,
    SUV_BODY_WEIGHT: 2,
    "s": 3,
    "cm/s": 1,
    "Hz": 0,
}
"""Decimals shown; values in other units get `SIGNIFICANT_DIGITS`."""

SIGNIFICANT_DIGITS = 6
"""Enough to tell neighbouring 16 bit values apart."""


@dataclass(frozen=True)
class Measurement:
    """One number about an image, as it was measured, not rounded.

    name: for the reader, e.g. "Length". unit: UCUM, or the file's own word for its values where it
    has no UCUM code, "" for values without a unit. evidence: in words, what entitles the number to
    its unit, and what it leaves out. code: the concept measured (DICOM PS3.16), where there is one.
    """

    name: str
    value: float
    unit: str
    evidence: str
    code: CodedConcept | None = None

    @property
    def shown(self) -> str:
        """The value and its unit as people read them: "12.3 mm", "0.52"; without the evidence."""
        unit = unit_shown(self.unit)
        gap = "" if unit in ("", "°", "%") else " "
        return f"{_rounded(self.value, self.unit)}{gap}{unit}"

    @property
    def sentence(self) -> str:
        """Name, value, unit and evidence: "Length: 12.3 mm (Pixel Spacing)"."""
        return _("{name}: {value} ({evidence})").format(
            name=self.name, value=self.shown, evidence=self.evidence
        )


@dataclass(frozen=True)
class Annotation:
    """What a reader drew on one frame with one tool; measurements are computed from it, never stored in it.

    tool: key of the measuring tool. frame: 0 is the first. handles_px: (column, row), (0, 0) is the
    centre of the top left pixel, in the order the tool defines. text: for the tools that write.
    label: the reader's name for it, e.g. "Target lesion 1".
    """

    uid: str
    tool: str
    sop_instance_uid: str
    frame: int
    handles_px: tuple[PointPx, ...]
    text: str = ""
    label: str = ""

    @property
    def place(self) -> FramePlace:
        """The frame, apart from what is said of it."""
        return (self.sop_instance_uid, self.frame)


def unit_shown(unit: str) -> str:
    """What people read for a UCUM unit: "mm²" for "mm2", "HU" for "[hnsf'U]"."""
    return SHOWN_UNITS.get(unit, unit)


def _rounded(value: float, unit: str) -> str:
    digits = DIGITS.get(unit)
    return f"{value:.{SIGNIFICANT_DIGITS}g}" if digits is None else f"{value:.{digits}f}"
