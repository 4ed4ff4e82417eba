"""The fidelity mark claims full resolution only where nothing speaks against it, and gives its reasons."""

from pathlib import Path

import numpy as np
import pytest

from viewer.domain.display_set import FrameRef
from viewer.domain.geometry import NO_SPACING, PixelSpacing, SpacingEvidence
from viewer.domain.image import Fidelity, Frame, Photometric
from viewer.ui.viewport.fidelity_mark import fidelity_mark

SIZED = PixelSpacing(0.5, 0.5, SpacingEvidence.PIXEL_SPACING)


def frame(spacing: PixelSpacing = SIZED, **fidelity: object) -> Frame:
    return Frame(
        FrameRef("1.2", 0, Path("file")),
        np.zeros((4, 4), np.uint8),
        Photometric.MONOCHROME2,
        8,
        False,
        spacing=spacing,
        fidelity=Fidelity("JPEG Baseline", **fidelity),
    )


@pytest.mark.parametrize(
    ("shown", "zoom", "word"),
    [
        (frame(), 1.0, "full resolution"),
        (frame(), 3.0, "full resolution"),
        (frame(), 0.4, "reduced on screen"),
        (frame(lossy_ratio=10.0), 1.0, "lossy 10:1"),
        (frame(lossy_ratio=0.0), 0.4, "lossy"),
        (frame(derived=True), 1.0, "derived"),
        (frame(derived=True, resampled=True), 1.0, "resampled"),
        (frame(NO_SPACING), 1.0, "not for measurement"),
        (frame(NO_SPACING, lossy_ratio=10.0), 1.0, "lossy 10:1 · not for measurement"),
    ],
)
def test_the_word_is_the_worst_that_is_true(shown: Frame, zoom: float, word: str) -> None:
    assert fidelity_mark(shown, zoom).word == word


@pytest.mark.parametrize(
    ("shown", "zoom", "reason"),
    [
        (frame(lossy_ratio=0.0), 1.0, "JPEG Baseline, ratio not stated"),
        (frame(lossy_ratio=10.0), 0.4, "Shown at 40 %"),
        (frame(burned_in=True), 1.0, "burned into the pixels"),
        (frame(secondary_capture=True), 1.0, "Secondary capture"),
        (frame(icc_profile="sRGB"), 1.0, "Colour profile of the file: sRGB."),
        (frame(), 1.0, "none compressed with loss"),
    ],
)
def test_the_reasons_name_what_the_word_leaves_out(shown: Frame, zoom: float, reason: str) -> None:
    assert any(reason in sentence for sentence in fidelity_mark(shown, zoom).reasons)
