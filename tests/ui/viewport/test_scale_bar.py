"""The scale bar stands on a spacing of the file, in ultrasound on the one its regions share, or is not there."""

from pathlib import Path

import numpy as np

from viewer.domain.display_set import FrameRef
from viewer.domain.geometry import NO_SPACING, CalibratedRegion, PixelSpacing, SpacingEvidence
from viewer.domain.image import Frame, Photometric
from viewer.ui.viewport.text_layer import bar_spacing

FINE = PixelSpacing(0.2, 0.2, SpacingEvidence.ULTRASOUND_REGION)
COARSE = PixelSpacing(0.5, 0.5, SpacingEvidence.ULTRASOUND_REGION)
SPECTRUM = PixelSpacing(1.0, 1.0, SpacingEvidence.NONE, "no lengths")


def picture(*spacings: PixelSpacing) -> Frame:
    regions = tuple(CalibratedRegion(0, 0, 9, 9, spacing) for spacing in spacings)
    stored = np.zeros((10, 10), np.uint8)
    ref = FrameRef("1.2", 0, Path("us.dcm"))
    return Frame(ref, stored, Photometric.MONOCHROME2, 8, False, regions=regions)


def test_one_spacing_of_all_regions_with_lengths_carries_the_bar() -> None:
    assert bar_spacing(picture(FINE, SPECTRUM, FINE)) == FINE


def test_two_spacings_or_none_carry_no_bar() -> None:
    assert bar_spacing(picture(FINE, COARSE)) == NO_SPACING
    assert bar_spacing(picture(SPECTRUM)) == NO_SPACING
