"""Where an image lies in the patient: plane, edge letters and pixel spacing, only from what the file says."""

from viewer.dicom.scope import Scope
from viewer.domain.geometry import (
    NO_SPACING,
    OPPOSITE_LETTER,
    EdgeLetters,
    ImagePlane,
    PixelSpacing,
    SpacingEvidence,
    Vector3,
    direction_letters,
)

SPACING_ATTRIBUTES = (
    ("PixelSpacing", SpacingEvidence.PIXEL_SPACING),
    ("ImagerPixelSpacing", SpacingEvidence.IMAGER_PIXEL_SPACING),
)
"""In the order of trust (PS3.3 10.7.1)."""

NOWHERE: Vector3 = (0.0, 0.0, 0.0)


def _vector(values: tuple[float, ...]) -> Vector3:
    first, second, third = values
    return (first, second, third)


def image_plane(scope: Scope, *, position_is_own: bool = True) -> ImagePlane | None:
    """The Image Plane, where position and orientation are both stated and valid (PS3.3 C.7.6.2)."""
    position = scope.numbers("ImagePositionPatient")
    oriented = _oriented(scope)
    if len(position) != 3 or oriented is None or not position_is_own:
        return None
    return ImagePlane(
        _vector(position),
        oriented.row_cosines,
        oriented.column_cosines,
        scope.text("FrameOfReferenceUID"),
    )


def _oriented(scope: Scope) -> ImagePlane | None:
    """A plane with the stated directions at no particular place, or None."""
    cosines = scope.numbers("ImageOrientationPatient")
    if len(cosines) != 6:
        return None
    plane = ImagePlane(NOWHERE, _vector(cosines[:3]), _vector(cosines[3:]))
    return plane if plane.is_valid() else None


def edge_letters(scope: Scope) -> EdgeLetters | None:
    """Letters from the direction cosines, else from Patient Orientation (0020,0020), else None."""
    oriented = _oriented(scope)
    if oriented is not None:
        return EdgeLetters.of_directions(
            direction_letters(oriented.row_cosines), direction_letters(oriented.column_cosines)
        )
    directions = scope.texts("PatientOrientation")
    if len(directions) == 2 and all(_are_letters(letters) for letters in directions):
        return EdgeLetters.of_directions(*directions)
    return None


def _are_letters(letters: str) -> bool:
    """One to three letters of the biped (PS3.3 C.7.6.1.1.1), no axis twice."""
    if not 1 <= len(letters) <= 3 or any(letter not in OPPOSITE_LETTER for letter in letters):
        return False
    return len({frozenset((letter, OPPOSITE_LETTER[letter])) for letter in letters}) == len(letters)


def pixel_spacing(scope: Scope) -> PixelSpacing:
    """The spacing and its evidence; zero, negative or missing values entitle to no unit."""
    for keyword, evidence in SPACING_ATTRIBUTES:
        values = scope.numbers(keyword)
        if len(values) == 2 and min(values) > 0:
            return PixelSpacing(values[0], values[1], evidence)
    return NO_SPACING
