"""The value under the pointer: through the Modality LUT, with the file's unit, padding named."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from viewer.app.probe import probe_words
from viewer.domain.display_set import FrameRef
from viewer.domain.image import Frame, Photometric, Suv
from viewer.domain.presentation import Rescale

REF = FrameRef("1.2", 0, Path("file"))
CT = Frame(
    REF,
    np.array([[-2000, 24], [1064, 40]], np.int16),
    Photometric.MONOCHROME2,
    16,
    True,
    modality=Rescale(2.0, -1024.0),
    padding=(-2000, -2000),
    unit="HU",
)
PET = Frame(
    REF,
    np.array([[6000]], np.int16),
    Photometric.MONOCHROME2,
    16,
    True,
    unit="BQML",
    suv=Suv(0.00035, "400 MBq"),
)
WEIGHTLESS = replace(PET, suv=Suv(None, "no SUV: no weight"))
RGB = Frame(REF, np.array([[[1, 2, 3]]], np.uint8), Photometric.RGB, 8, False)


@pytest.mark.parametrize(
    ("frame", "point", "words"),
    [
        (CT, (1.0, 0.0), "(1, 0)  -976 HU"),
        (CT, (0.4, 1.3), "(0, 1)  1104 HU"),
        (CT, (0.0, 0.0), "(0, 0)  padding, no value"),
        (PET, (0.0, 0.0), "(0, 0)  6000 BQML  SUV bw 2.10"),
        (WEIGHTLESS, (0.0, 0.0), "(0, 0)  6000 BQML  no SUV: no weight"),
        (RGB, (0.0, 0.0), "(0, 0)  RGB 1 2 3"),
    ],
)
def test_the_probe_says_place_and_value(
    frame: Frame, point: tuple[float, float], words: str
) -> None:
    assert probe_words(frame, point) == words


@pytest.mark.parametrize("point", [(5.0, 0.0), (0.0, 2.0), (-1.0, 0.0)])
def test_outside_of_the_image_there_is_no_value(point: tuple[float, float]) -> None:
    assert probe_words(CT, point) == ""
