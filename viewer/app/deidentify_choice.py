"""DeidentifyChoice: what the reader wants kept in a de-identified copy."""

from dataclasses import dataclass
from pathlib import Path

from viewer.dicom.deidentify.plan import Dates, Descriptors


@dataclass(frozen=True)
class DeidentifyChoice:
    """Where to, and how. blank_drawn: black out the rectangles the reader drew, on all of their series."""

    folder: Path
    dates: Dates = Dates.REMOVED
    descriptors: Descriptors = Descriptors.REMOVED
    keep_characteristics: bool = False
    blank_drawn: bool = False
