"""Phantom series as decoded frames: a chest with balls in its lungs, a head with a bright place."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from viewer.domain.display_set import Acquisition, DisplaySet, FrameRef
from viewer.domain.geometry import (
    EdgeLetters,
    ImagePlane,
    PixelSpacing,
    SpacingEvidence,
    direction_letters,
)
from viewer.domain.image import Frame, Photometric
from viewer.domain.presentation import Rescale

LUNG_HU, TISSUE_HU, AIR_HU = -850, 40, -1000
STUDY_UID, SERIES_UID = "2.25.7100", "2.25.7200"

CHEST_CT = Acquisition(
    "CT", "CHEST", photometric="MONOCHROME2", age_years=60.0, rows=160, columns=200,
    orientation="AXIAL",
)  # fmt: skip
HEAD_FLAIR = Acquisition(
    "MR", "BRAIN", photometric="MONOCHROME2", rows=96, columns=80, sequence="FLAIR",
    orientation="AXIAL",
)  # fmt: skip


@dataclass(frozen=True)
class Ball:
    """A dense ball: centre in the patient (LPS, mm) and diameter."""

    centre_lps_mm: tuple[float, float, float]
    diameter_mm: float


@dataclass(frozen=True)
class Stack:
    """How slices lie: count, rows, columns, spacings in mm, and the directions of rows and columns.

    The first voxel is at `origin_lps_mm`; slices go along row x column direction.
    """

    count: int
    rows: int
    columns: int
    slice_mm: float
    row_mm: float
    column_mm: float
    origin_lps_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)
    across: tuple[float, float, float] = (1.0, 0.0, 0.0)
    down: tuple[float, float, float] = (0.0, 1.0, 0.0)

    def planes(self) -> list[ImagePlane]:
        normal = np.cross(self.across, self.down)
        places = [
            np.array(self.origin_lps_mm) + i * self.slice_mm * normal for i in range(self.count)
        ]
        return [ImagePlane(tuple(p.tolist()), self.across, self.down, "2.25.1") for p in places]

    def lps_mm(self, slice_: int) -> np.ndarray:
        """(rows, columns, 3): the place of every pixel of a slice."""
        row, column = np.mgrid[: self.rows, : self.columns].astype(np.float64)
        place = self.planes()[slice_].position_lps_mm
        return (
            np.array(place)
            + column[..., None] * self.column_mm * np.array(self.across)
            + row[..., None] * self.row_mm * np.array(self.down)
        )


def frames(stack: Stack, slices: Sequence[np.ndarray], unit: str = "HU") -> list[Frame]:
    """Decoded frames of modality values, one for each slice."""
    edges = EdgeLetters.of_directions(
        direction_letters(stack.across), direction_letters(stack.down)
    )
    spacing = PixelSpacing(stack.row_mm, stack.column_mm, SpacingEvidence.PIXEL_SPACING)
    return [
        Frame(
            FrameRef(f"2.25.8{i:04d}", 0, Path(f"slice{i}.dcm")),
            (values + 1024).astype(np.uint16),
            Photometric.MONOCHROME2,
            bits_stored=16,
            signed=False,
            modality=Rescale(1.0, -1024.0),
            unit=unit,
            plane=plane,
            spacing=spacing,
            edges=edges,
        )
        for i, (plane, values) in enumerate(zip(stack.planes(), slices, strict=True))
    ]


CHEST = Stack(40, 160, 200, 3.0, 1.5, 1.5)
"""300 mm wide, 240 mm deep, 120 mm high."""

LUNGS = ((85.0, 120.0), (215.0, 120.0))
"""Middles of the right and the left lung, LPS x and y, mm; the patient's left is at greater x."""


def chest(stack: Stack = CHEST, balls: Sequence[Ball] = (), lungs: bool = True) -> list[Frame]:
    """A body of soft tissue with two lungs, and balls in them."""
    return frames(stack, [_chest_slice(stack, i, balls, lungs) for i in range(stack.count)])


def _chest_slice(stack: Stack, index: int, balls: Sequence[Ball], lungs: bool) -> np.ndarray:
    place = stack.lps_mm(index)
    values = np.full(place.shape[:2], AIR_HU, np.int32)
    values[_inside(place, (150, 120), (140, 105))] = TISSUE_HU
    for middle in LUNGS if lungs else ():
        values[_inside(place, middle, (50, 75))] = LUNG_HU
    for ball in balls:
        distance = np.linalg.norm(place - np.array(ball.centre_lps_mm), axis=2)
        values[distance <= ball.diameter_mm / 2] = TISSUE_HU
    return values


def _inside(place: np.ndarray, middle: tuple[float, float], radii: tuple[float, float]):
    across, along = ((place[..., i] - middle[i]) / radii[i] for i in (0, 1))
    return across**2 + along**2 <= 1


def display_set(
    acquisition: Acquisition, shown: Sequence[Frame], uid: str = "series-set"
) -> DisplaySet:
    """The frames as one stack."""
    refs = tuple(frame.ref for frame in shown)
    return DisplaySet(uid, STUDY_UID, SERIES_UID, 3, "phantom", acquisition, refs)
