"""Where an image lies in the patient: plane, edge letters and pixel spacing, only from what the file says."""

from viewer.base.i18n import _
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

PROJECTION_MODALITIES = frozenset({"CR", "DX", "MG", "RF", "XA", "IO", "PX", "RG"})
"""Images of which the detector's spacing is not that of the patient, by geometric magnification."""

MAGNIFYING_MODALITIES = frozenset({"CR", "DX", "MG"})
"""Images whose Estimated Radiographic Magnification Factor (0018,1114) corrects the detector's spacing."""

LARGEST_MAGNIFICATION = 10.0
"""A factor above this, or below 1, is a slip of the pen."""

SAME_SPACING = 1e-4
"""Relative difference under which two spacings state one value."""

Pair = tuple[float, float]
NOWHERE: Vector3 = (0.0, 0.0, 0.0)


def _vector(values: tuple[float, ...]) -> Vector3:
    first, second, third = values
    return (first, second, third)


def image_plane(scope: Scope, *, position_is_own: bool = True) -> ImagePlane | None:
    """The Image Plane, where position and orientation are both stated and valid (PS3.3 C.7.6.2)."""
    position = scope.numbers("ImagePositionPatient")
    oriented = oriented_plane(scope)
    if len(position) != 3 or oriented is None or not position_is_own:
        return None
    return ImagePlane(
        _vector(position),
        oriented.row_cosines,
        oriented.column_cosines,
        scope.text("FrameOfReferenceUID"),
    )


def oriented_plane(scope: Scope) -> ImagePlane | None:
    """A plane with the stated directions at no particular place, or None."""
    cosines = scope.numbers("ImageOrientationPatient")
    if len(cosines) != 6:
        return None
    plane = ImagePlane(NOWHERE, _vector(cosines[:3]), _vector(cosines[3:]))
    return plane if plane.is_valid() else None


def slice_orientation(scope: Scope) -> str:
    """AXIAL, CORONAL, SAGITTAL or OBLIQUE by the slice normal, or "" where it is not stated."""
    oriented = oriented_plane(scope)
    if oriented is None:
        return ""
    along = [abs(float(cosine)) for cosine in oriented.normal]
    longest = max(range(3), key=along.__getitem__)
    return _PLANES[longest] if along[longest] >= LEAST_COSINE else "OBLIQUE"


_PLANES = ("SAGITTAL", "CORONAL", "AXIAL")

LEAST_COSINE = 0.85
"""Of the angle between slice normal and body axis: up to 32 degrees still bear the axis's name."""


def edge_letters(scope: Scope) -> EdgeLetters | None:
    """Letters from the direction cosines, else from Patient Orientation (0020,0020), else None."""
    oriented = oriented_plane(scope)
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
    """The spacing and its evidence; zero, negative or missing values entitle to no unit.

    Pixel Spacing that equals Imager Pixel Spacing was not corrected for magnification: it holds at
    the detector. Where neither that nor Pixel Spacing Calibration Type is there, a projection image
    leaves it open (PS3.3 10.7.1.1). A spacing at the detector is divided once by the Estimated
    Radiographic Magnification Factor, where that is stated (C.8.11.3, C.8.1.1); a corrected one never.
    """
    stated, at_detector = _pair(scope, "PixelSpacing"), _pair(scope, "ImagerPixelSpacing")
    if stated is None:
        if at_detector is None:
            return NO_SPACING
        return _in_patient(scope, at_detector)
    evidence = _evidence(scope, stated, at_detector)
    if evidence is SpacingEvidence.IMAGER_PIXEL_SPACING:
        return _in_patient(scope, stated)
    return PixelSpacing(*stated, evidence)


def _in_patient(scope: Scope, at_detector: Pair) -> PixelSpacing:
    """The detector's spacing over the magnification factor, or as it is where none can be believed."""
    factor = scope.number("EstimatedRadiographicMagnificationFactor")
    believed = factor is not None and 1 <= factor <= LARGEST_MAGNIFICATION
    if factor is None or not believed or scope.text("Modality") not in MAGNIFYING_MODALITIES:
        return PixelSpacing(*at_detector, SpacingEvidence.IMAGER_PIXEL_SPACING)
    rows, columns = at_detector
    words = _("Imager Pixel Spacing / ERMF {factor:.4g}").format(factor=factor)
    corrected = SpacingEvidence.MAGNIFICATION_CORRECTED
    return PixelSpacing(rows / factor, columns / factor, corrected, words)


def _evidence(scope: Scope, stated: Pair, at_detector: Pair | None) -> SpacingEvidence:
    calibrated = bool(scope.text("PixelSpacingCalibrationType"))
    if at_detector is not None and not calibrated and _same(stated, at_detector):
        return SpacingEvidence.IMAGER_PIXEL_SPACING
    open_question = at_detector is None and not calibrated
    if open_question and scope.text("Modality") in PROJECTION_MODALITIES:
        return SpacingEvidence.PIXEL_SPACING_UNSTATED
    return SpacingEvidence.PIXEL_SPACING


def _pair(scope: Scope, keyword: str) -> Pair | None:
    """(between rows, between columns), mm, where both are positive."""
    values = scope.numbers(keyword)
    return (values[0], values[1]) if len(values) == 2 and min(values) > 0 else None


def _same(first: Pair, second: Pair) -> bool:
    pairs = zip(first, second, strict=True)
    return all(abs(one - other) <= SAME_SPACING * other for one, other in pairs)
