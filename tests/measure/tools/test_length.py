"""Lengths by hand: anisotropic pixels, every kind of evidence."""

import pytest

from viewer.domain.geometry import NO_SPACING, PixelSpacing, SpacingEvidence

TALL = PixelSpacing(1.0, 0.5, SpacingEvidence.PIXEL_SPACING)


@pytest.mark.parametrize(
    ("ends", "mm"),
    [
        ([[0, 0], [10, 0]], 5.0),  # along a row: 10 columns, 0.5 mm each
        ([[0, 0], [0, 10]], 10.0),  # down a column: 10 rows, 1 mm each
        ([[2, 1], [8, 5]], 5.0),  # 3 mm across, 4 mm down
        ([[8, 5], [2, 1]], 5.0),
        ([[4.25, 4.25], [4.25, 4.25]], 0.0),
    ],
)
def test_a_length_in_2_to_1_pixels_is_right_in_every_direction(
    make_frame, measured, ends: object, mm: float
) -> None:
    stated = measured("length", ends, make_frame(spacing=TALL))["Length"]
    assert stated.value == pytest.approx(mm, rel=1e-3)
    assert (stated.unit, stated.evidence) == ("mm", "Pixel Spacing")
    assert stated.code is not None and stated.code.meaning == "Length"


def test_imager_pixel_spacing_gives_mm_at_the_detector(make_frame, measured) -> None:
    at_detector = PixelSpacing(0.2, 0.2, SpacingEvidence.IMAGER_PIXEL_SPACING)
    stated = measured("length", [[0, 0], [30, 40]], make_frame(spacing=at_detector))["Length"]
    assert stated.value == pytest.approx(10.0)
    assert (stated.unit, stated.evidence) == ("mm", "Imager Pixel Spacing (at the detector)")


def test_no_spacing_gives_pixels(make_frame, measured) -> None:
    stated = measured("length", [[0, 0], [3, 4]], make_frame(spacing=NO_SPACING))["Length"]
    assert (stated.value, stated.unit) == (5.0, "{pixels}")
    assert stated.shown == "5.0 px"
    assert stated.evidence == "no spacing in the file"
