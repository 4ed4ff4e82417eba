"""Small frames whose measures can be worked out by hand."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from viewer.domain.display_set import FrameRef
from viewer.domain.geometry import PixelSpacing, SpacingEvidence
from viewer.domain.image import Frame, Photometric
from viewer.domain.measurement import Measurement
from viewer.measure.tool import known_tools

TALL_PIXELS = PixelSpacing(1.0, 0.5, SpacingEvidence.PIXEL_SPACING)
"""2:1: rows lie 1 mm apart, columns 0.5 mm."""

FrameMaker = Callable[..., Frame]


@pytest.fixture(scope="session")
def make_frame() -> FrameMaker:
    """A frame of given stored values, by default 20 x 30 zeros with 2:1 pixels; fields by name."""

    def make(stored: object = None, kind: type = np.int16, **fields: object) -> Frame:
        values = np.zeros((20, 30), kind) if stored is None else np.asarray(stored, kind)
        given = {
            "photometric": Photometric.RGB if values.ndim == 3 else Photometric.MONOCHROME2,
            "bits_stored": 8 * values.dtype.itemsize,
            "signed": values.dtype.kind == "i",
            "spacing": TALL_PIXELS,
            **fields,
        }
        return Frame(FrameRef("1.2", 0, Path("image.dcm")), values, **given)

    return make


@pytest.fixture(scope="session")
def measured() -> Callable[..., dict[str, Measurement]]:
    """What a tool states of (column, row) handles on a frame, by name."""

    def measure(tool: str, handles: object, frame: Frame) -> dict[str, Measurement]:
        points = np.asarray(handles, np.float64).reshape(-1, 2)
        found = known_tools()[tool].measure(points, frame)
        return {measurement.name: measurement for measurement in found}

    return measure
