"""Geometry: pixel-to-pixel affines, image planes in patient space (LPS, mm), edge letters, pixel spacing."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vector3 = tuple[float, float, float]

LETTER_TOLERANCE = 0.1
"""Direction cosine under which a plane is not said to lean towards that side (about 6 degrees)."""

PARALLEL_TOLERANCE = 1e-3
"""Largest departure from unit length and right angle of the direction cosines still taken as valid."""


@dataclass(frozen=True)
class Affine2D:
    """Maps (column, row) pixels of one grid to another; (0, 0) is the centre of the top left pixel.

    [x', y'] = [[a, b], [c, d]] [x, y] + [tx, ty]
    """

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    tx: float = 0.0
    ty: float = 0.0

    @classmethod
    def scale_translate(cls, sx: float, sy: float, tx: float = 0.0, ty: float = 0.0) -> "Affine2D":
        """Scale each axis, then move."""
        return cls(sx, 0.0, 0.0, sy, tx, ty)

    @property
    def matrix(self) -> NDArray[np.float64]:
        """The 3 x 3 homogeneous matrix."""
        return np.array(
            [[self.a, self.b, self.tx], [self.c, self.d, self.ty], [0, 0, 1]], np.float64
        )

    @classmethod
    def of_matrix(cls, matrix: NDArray[np.floating[Any]]) -> "Affine2D":
        """From a 3 x 3 homogeneous matrix."""
        (a, b, tx), (c, d, ty) = matrix[:2].tolist()
        return cls(a, b, c, d, tx, ty)

    def apply(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map points.

        Parameters
        ----------
        points : ndarray, shape (n, 2), float64; (column, row) of the source grid

        Returns
        -------
        ndarray, shape (n, 2), float64; (column, row) of the target grid
        """
        linear = np.array([[self.a, self.b], [self.c, self.d]])
        mapped: NDArray[np.float64] = np.asarray(points, np.float64) @ linear.T + (self.tx, self.ty)
        return mapped

    def inverse(self) -> "Affine2D":
        """The map back; raises numpy.linalg.LinAlgError where there is none."""
        return Affine2D.of_matrix(np.linalg.inv(self.matrix))

    def __matmul__(self, first: "Affine2D") -> "Affine2D":
        """`self @ first`: do `first`, then `self`."""
        return Affine2D.of_matrix(self.matrix @ first.matrix)


@dataclass(frozen=True)
class ImagePlane:
    """Image Plane module: where the image lies in the patient (DICOM PS3.3 C.7.6.2).

    position_lps_mm: centre of the top left pixel. row_cosines: direction of increasing column.
    column_cosines: direction of increasing row.
    """

    position_lps_mm: Vector3
    row_cosines: Vector3
    column_cosines: Vector3
    frame_of_reference_uid: str = ""

    @property
    def normal(self) -> NDArray[np.float64]:
        """Unit vector along which slices are sorted: row x column direction."""
        return np.cross(self.row_cosines, self.column_cosines)

    def is_valid(self) -> bool:
        """Whether the cosines are unit vectors at a right angle."""
        row, column = np.array(self.row_cosines), np.array(self.column_cosines)
        departures = (np.dot(row, row) - 1, np.dot(column, column) - 1, np.dot(row, column))
        return all(abs(float(value)) < PARALLEL_TOLERANCE for value in departures)


OPPOSITE_LETTER = {"L": "R", "R": "L", "A": "P", "P": "A", "H": "F", "F": "H"}
_POSITIVE_LETTERS, _NEGATIVE_LETTERS = "LPH", "RAF"


def direction_letters(direction_lps: Vector3) -> str:
    """Letters of a direction in the patient, strongest first, e.g. "L" or "LA" (PS3.3 C.7.6.1.1.1)."""
    order = np.argsort([-abs(value) for value in direction_lps], kind="stable")
    letters = ""
    for axis in order:
        value = direction_lps[axis]
        if abs(value) > LETTER_TOLERANCE:
            letters += (_POSITIVE_LETTERS if value > 0 else _NEGATIVE_LETTERS)[axis]
    return letters


def opposite(letters: str) -> str:
    """The other side, letter by letter."""
    return "".join(OPPOSITE_LETTER[letter] for letter in letters)


@dataclass(frozen=True)
class EdgeLetters:
    """What to write at each edge of the image as it is shown."""

    left: str
    right: str
    top: str
    bottom: str

    @classmethod
    def of_directions(cls, row_direction: str, column_direction: str) -> "EdgeLetters":
        """From Patient Orientation letters: row direction (to the right), column direction (down)."""
        return cls(
            opposite(row_direction), row_direction, opposite(column_direction), column_direction
        )

    def flipped_horizontally(self) -> "EdgeLetters":
        """Left and right change places."""
        return EdgeLetters(self.right, self.left, self.top, self.bottom)

    def rotated_clockwise(self, quarter_turns: int) -> "EdgeLetters":
        """After `quarter_turns` of 90 degrees clockwise."""
        edges = [self.top, self.right, self.bottom, self.left]
        turn = quarter_turns % 4
        top, right, bottom, left = edges[-turn:] + edges[:-turn] if turn else edges
        return EdgeLetters(left, right, top, bottom)


class SpacingEvidence(Enum):
    """What entitles a length in this image to its unit."""

    PIXEL_SPACING = "Pixel Spacing"
    PIXEL_SPACING_UNSTATED = "Pixel Spacing, correction for magnification not stated"
    IMAGER_PIXEL_SPACING = "Imager Pixel Spacing (at the detector)"
    MAGNIFICATION_CORRECTED = "Imager Pixel Spacing / ERMF"
    ULTRASOUND_REGION = "Ultrasound region calibration"
    NONE = "no spacing in the file"


@dataclass(frozen=True)
class PixelSpacing:
    """Distance of pixel centres: between rows and between columns, mm; 1, 1 where there is no evidence.

    words: the evidence said more exactly, with its numbers; "" where its own words are enough.
    """

    between_rows: float
    between_columns: float
    evidence: SpacingEvidence
    words: str = ""

    @property
    def unit(self) -> str:
        """The unit a length may carry: "mm", "mm at detector" or "px"."""
        return _UNIT_OF_EVIDENCE[self.evidence]


_UNIT_OF_EVIDENCE = {
    SpacingEvidence.PIXEL_SPACING: "mm",
    SpacingEvidence.PIXEL_SPACING_UNSTATED: "mm",
    SpacingEvidence.IMAGER_PIXEL_SPACING: "mm at detector",
    SpacingEvidence.MAGNIFICATION_CORRECTED: "mm",
    SpacingEvidence.ULTRASOUND_REGION: "mm",
    SpacingEvidence.NONE: "px",
}
NO_SPACING = PixelSpacing(1.0, 1.0, SpacingEvidence.NONE)


@dataclass(frozen=True)
class AxisScale:
    """What one step from pixel to pixel along a side of a region is worth. unit: UCUM; per_px > 0."""

    unit: str
    per_px: float


@dataclass(frozen=True)
class CalibratedRegion:
    """A part of a picture with a spacing of its own, as in ultrasound (PS3.3 C.8.5.5).

    First and last column and row that belong to it, px; 0, 0 is the top left pixel. spacing: without
    evidence where the region has no lengths. across, down: what its sides are worth, time and velocity
    too; None where that is not stated. low_priority: other regions lie over it (C.8.5.5.1.3).
    """

    left_px: int
    top_px: int
    right_px: int
    bottom_px: int
    spacing: PixelSpacing
    across: AxisScale | None = None
    down: AxisScale | None = None
    low_priority: bool = False

    def holds(self, points_px: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which points lie on its pixels; points_px: ndarray, shape (n, 2), (column, row)."""
        low = np.array([self.left_px, self.top_px]) - 0.5
        high = np.array([self.right_px, self.bottom_px]) + 0.5
        within: NDArray[np.bool_] = (points_px >= low) & (points_px <= high)
        inside: NDArray[np.bool_] = np.all(within, axis=1)
        return inside
