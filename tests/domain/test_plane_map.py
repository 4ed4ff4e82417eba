"""Pixels of one grid to another in the same plane of the patient; other planes have none."""

from dataclasses import replace

import numpy as np
import pytest

from viewer.domain.geometry import ImagePlane, PixelSpacing, SpacingEvidence
from viewer.domain.plane_map import in_one_plane, plane_map

MM = SpacingEvidence.PIXEL_SPACING
SPACING = PixelSpacing(2.0, 0.5, MM)
PLANE = ImagePlane((10.0, 20.0, 30.0), (0.8, 0.6, 0.0), (0.0, 0.0, -1.0), "1.2")
SIZE = (20, 60)
"""Rows, columns."""


def place(plane: ImagePlane, spacing: PixelSpacing, column: float, row: float) -> np.ndarray:
    """PS3.3 equation C.7.6.2.1-1, written out."""
    return (
        np.array(plane.position_lps_mm)
        + np.array(plane.row_cosines) * spacing.between_columns * column
        + np.array(plane.column_cosines) * spacing.between_rows * row
    )


def moved(column: float, row: float) -> ImagePlane:
    x, y, z = place(PLANE, SPACING, column, row).tolist()
    return replace(PLANE, position_lps_mm=(x, y, z))


def turned() -> ImagePlane:
    """Rows run where the columns of PLANE run: an image of the same plane, transposed."""
    return replace(PLANE, row_cosines=PLANE.column_cosines, column_cosines=PLANE.row_cosines)


@pytest.mark.parametrize(
    ("target", "spacing"),
    [
        (PLANE, SPACING),
        (moved(7, 3), SPACING),
        (moved(-4.5, 11.25), PixelSpacing(0.7, 1.3, MM)),
        (turned(), SPACING),
        (replace(PLANE, row_cosines=(-0.8, -0.6, 0.0)), SPACING),
    ],
)
def test_a_pixel_keeps_its_place_in_the_patient(target: ImagePlane, spacing: PixelSpacing) -> None:
    mapped = plane_map(PLANE, SPACING, target, spacing)
    assert mapped is not None
    for column, row in ((0, 0), (59, 0), (0, 19), (31, 7)):
        ((there_column, there_row),) = mapped.apply(np.array([[column, row]], float)).tolist()
        before = place(PLANE, SPACING, column, row)
        assert np.allclose(before, place(target, spacing, there_column, there_row), atol=1e-9)


def test_a_slice_beside_it_is_another_plane() -> None:
    x, y, z = (np.array(PLANE.position_lps_mm) + 0.2 * PLANE.normal).tolist()
    assert plane_map(PLANE, SPACING, replace(PLANE, position_lps_mm=(x, y, z)), SPACING) is None


def test_a_tilted_slice_is_another_plane() -> None:
    tilted = replace(PLANE, column_cosines=(-0.6 * 0.05, 0.8 * 0.05, -0.99875))
    assert plane_map(PLANE, SPACING, tilted, SPACING) is None


def test_another_frame_of_reference_is_another_place() -> None:
    other = replace(PLANE, frame_of_reference_uid="1.3")
    assert not in_one_plane(PLANE, other)
    assert not in_one_plane(PLANE, other, known=True)


def test_an_unstated_frame_of_reference_counts_only_where_the_image_is_named() -> None:
    unstated = replace(PLANE, frame_of_reference_uid="")
    assert not in_one_plane(unstated, unstated)
    assert in_one_plane(unstated, PLANE, known=True)


def test_without_spacing_in_the_patient_there_is_no_map() -> None:
    guessed = PixelSpacing(1.0, 1.0, SpacingEvidence.NONE)
    assert plane_map(PLANE, guessed, PLANE, SPACING) is None
    assert plane_map(PLANE, SPACING, PLANE, guessed) is None
