"""Phantom films as decoded frames, and the display set and evidence that go with them."""

from pathlib import Path

import numpy as np
from model_packages import phantom

from viewer.domain.display_set import Acquisition, DisplaySet, FrameRef
from viewer.domain.finding import InputEvidence
from viewer.domain.image import Frame, Photometric

WHITE = 1000
"""Stored value of the brightest organ."""

SOP_UID, STUDY_UID, SERIES_UID = "2.25.300", "2.25.100", "2.25.200"
REF = FrameRef(SOP_UID, 0, Path("phantom.dcm"))
EVIDENCE = InputEvidence(SOP_UID, "1.2.840.10008.5.1.4.1.1.1.1", 0, "a" * 64, "b" * 64)
LARGE_HEART = (0.38, 0.86)
"""Left and right edge as shares of the width; of a chest of 0.82 that is a ratio of 0.585."""

SMALL_HEART = (0.42, 0.66)
"""Ratio 0.293."""


def film(
    rows: int = 200,
    columns: int = 160,
    heart: tuple[float, float] = LARGE_HEART,
    photometric: Photometric = Photometric.MONOCHROME2,
) -> Frame:
    """A phantom, as stored values of 10 bits."""
    stored = np.round(phantom(rows, columns, heart) * WHITE).astype(np.uint16)
    if photometric is Photometric.MONOCHROME1:
        stored = (WHITE - stored).astype(np.uint16)
    return Frame(REF, stored, photometric, bits_stored=10, signed=False)


def display_set(acquisition: Acquisition | None = None) -> DisplaySet:
    """One frame of a PA film of an adult's chest, unless the header says otherwise."""
    stated = acquisition or Acquisition(
        "DX", "CHEST", "PA", photometric="MONOCHROME2", age_years=54.0, rows=200, columns=160
    )
    return DisplaySet("set-1", STUDY_UID, SERIES_UID, 1, "CHEST PA", stated, (REF,))
