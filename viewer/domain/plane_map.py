"""From the pixels of one image plane to those of another that lies in the same plane of the patient."""

import numpy as np
from numpy.typing import NDArray

from viewer.domain.geometry import (
    Affine2D,
    ImagePlane,
    PixelSpacing,
    SpacingEvidence,
    Vector3,
)

PLANE_TOLERANCE_MM = 0.1
"""Distance from the plane under which a pixel still lies in it: finer than slices, coarser than rounding."""

TILT_TOLERANCE = 1e-4
"""Departure of the cosine between two normals from 1 that is still one plane (0.8 degrees)."""


def in_one_plane(first: ImagePlane, second: ImagePlane, *, known: bool = False) -> bool:
    """Whether two planes are one, in one frame of reference (PS3.3 C.7.4.1).

    known: that both share a patient and a place is known otherwise, so that a frame of reference may
    be unstated; where both state it, it must be the same all the same.
    """
    references = {first.frame_of_reference_uid, second.frame_of_reference_uid}
    if len(references - {""}) > 1 or ("" in references and not known):
        return False
    apart = np.subtract(first.position_lps_mm, second.position_lps_mm)
    tilt = 1 - abs(float(np.dot(first.normal, second.normal)))
    return tilt <= TILT_TOLERANCE and abs(float(apart @ second.normal)) <= PLANE_TOLERANCE_MM


def plane_map(
    source: ImagePlane,
    source_px: PixelSpacing,
    target: ImagePlane,
    target_px: PixelSpacing,
    *,
    known: bool = False,
) -> Affine2D | None:
    """Pixels of `source` to pixels of `target`, (column, row) both; None where they share no plane,
    or where a spacing is not that of the patient. known: as in `in_one_plane`."""
    spacings = (source_px, target_px)
    entitled = all(each.evidence is SpacingEvidence.PIXEL_SPACING for each in spacings)
    if not entitled or not in_one_plane(source, target, known=known):
        return None
    across, down = _axis(target.row_cosines), _axis(target.column_cosines)
    step_column = _axis(source.row_cosines) * source_px.between_columns
    step_row = _axis(source.column_cosines) * source_px.between_rows
    start = _axis(source.position_lps_mm) - _axis(target.position_lps_mm)
    width, height = target_px.between_columns, target_px.between_rows
    return Affine2D(
        float(step_column @ across) / width,
        float(step_row @ across) / width,
        float(step_column @ down) / height,
        float(step_row @ down) / height,
        float(start @ across) / width,
        float(start @ down) / height,
    )


def _axis(vector: Vector3) -> NDArray[np.float64]:
    return np.array(vector, np.float64)
