"""The cardiothoracic ratio: of two lines, with or without spacing, never of mixed up ones."""

import pytest

from viewer.domain.geometry import NO_SPACING, PixelSpacing, SpacingEvidence

DETECTOR = PixelSpacing(0.2, 0.2, SpacingEvidence.IMAGER_PIXEL_SPACING)
LINES = [[100, 200], [300, 200], [50, 220], [450, 220]]
"""200 over 400 columns."""


@pytest.mark.parametrize("spacing", [DETECTOR, NO_SPACING])
def test_the_ratio_needs_no_spacing(make_frame, measured, spacing: PixelSpacing) -> None:
    stated = measured("cardiothoracic_ratio", LINES, make_frame(spacing=spacing))
    ratio = stated["Cardiothoracic ratio"]
    assert (ratio.value, ratio.unit, ratio.shown) == (0.5, "1", "0.50")


def test_the_widths_carry_the_evidence_of_the_spacing(make_frame, measured) -> None:
    found = measured("cardiothoracic_ratio", LINES, make_frame(spacing=DETECTOR))
    heart = found["Width of the heart line"]
    assert heart.value == pytest.approx(40.0)
    assert heart.evidence == "Imager Pixel Spacing (at the detector)"
    plain = measured("cardiothoracic_ratio", LINES, make_frame(spacing=NO_SPACING))
    assert plain["Width of the thorax line"].unit == "{pixels}"
    assert "where pixels are square" in plain["Cardiothoracic ratio"].evidence


def test_mixed_up_lines_give_no_ratio_and_say_so(make_frame, measured) -> None:
    found = measured("cardiothoracic_ratio", LINES[2:] + LINES[:2], make_frame())
    assert "Cardiothoracic ratio" not in found
    assert "longer than the thorax line, so no ratio" in found["Width of the heart line"].evidence


def test_a_line_without_length_gives_no_ratio(make_frame, measured) -> None:
    handles = [[5, 5], [5, 5], *LINES[2:]]
    assert "Cardiothoracic ratio" not in measured("cardiothoracic_ratio", handles, make_frame())


def test_tilted_lines_in_2_to_1_pixels_are_measured_in_mm(make_frame, measured) -> None:
    handles = [[0, 0], [6, 4], [0, 0], [12, 8]]  # 3 mm across and 4 mm down; twice that
    found = measured("cardiothoracic_ratio", handles, make_frame())
    assert found["Width of the heart line"].value == pytest.approx(5.0)
    assert found["Cardiothoracic ratio"].value == pytest.approx(0.5)
