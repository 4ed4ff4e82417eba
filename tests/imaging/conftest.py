"""Small frames for one question each."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from viewer.domain.display_set import FrameRef
from viewer.domain.image import Frame, Photometric


@pytest.fixture
def make_frame() -> Callable[..., Frame]:
    """A frame of given stored values; further fields by name."""

    def make(stored: object, kind: type = np.uint16, **fields: object) -> Frame:
        values = np.asarray(stored, kind)
        given = {
            "photometric": Photometric.RGB if values.ndim == 3 else Photometric.MONOCHROME2,
            "bits_stored": 8 * values.dtype.itemsize,
            "signed": values.dtype.kind == "i",
            **fields,
        }
        return Frame(FrameRef("1.2", 0, Path("image.dcm")), values, **given)

    return make
