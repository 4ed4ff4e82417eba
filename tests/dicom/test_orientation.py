"""Letters, planes and spacing come only from what the file says."""

import pytest
from pydicom.dataset import Dataset

from viewer.dicom.orientation import edge_letters, image_plane, pixel_spacing
from viewer.dicom.scope import Scope
from viewer.domain.geometry import NO_SPACING, EdgeLetters, PixelSpacing, SpacingEvidence

AXIAL = [1, 0, 0, 0, 1, 0]


def scope(**attributes: object) -> Scope:
    dataset = Dataset()
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return Scope((dataset,))


def test_an_axial_slice_shows_the_patients_right_at_the_left() -> None:
    assert edge_letters(scope(ImageOrientationPatient=AXIAL)) == EdgeLetters("R", "L", "A", "P")


def test_patient_orientation_serves_where_there_are_no_cosines() -> None:
    assert edge_letters(scope(PatientOrientation=["L", "F"])) == EdgeLetters("R", "L", "H", "F")


@pytest.mark.parametrize("stated", [["L", ""], ["L"], ["X", "F"], ["LR", "F"], ["left", "F"]])
def test_half_or_impossible_orientation_gives_no_letters(stated) -> None:
    assert edge_letters(scope(PatientOrientation=stated)) is None


def test_no_statement_gives_no_letters() -> None:
    assert edge_letters(scope()) is None


@pytest.mark.parametrize("cosines", [[1, 0, 0, 1, 0, 0], [0] * 6, [2, 0, 0, 0, 1, 0], [1, 0, 0]])
def test_directions_that_cannot_be_are_refused(cosines) -> None:
    stated = scope(ImageOrientationPatient=cosines, ImagePositionPatient=[0, 0, 0])
    assert image_plane(stated) is None
    assert edge_letters(stated) is None


def test_a_plane_needs_its_position() -> None:
    assert image_plane(scope(ImageOrientationPatient=AXIAL)) is None


def test_pixel_spacing_is_rows_first() -> None:
    assert pixel_spacing(scope(PixelSpacing=[0.5, 0.25])) == PixelSpacing(
        0.5, 0.25, SpacingEvidence.PIXEL_SPACING
    )


@pytest.mark.parametrize("stated", [[0, 0], [0.5, 0], [-1, 1], [0.5], None])
def test_unusable_pixel_spacing_entitles_to_no_unit(stated) -> None:
    assert pixel_spacing(scope(PixelSpacing=stated)) == NO_SPACING


def test_imager_pixel_spacing_is_at_the_detector() -> None:
    found = pixel_spacing(scope(PixelSpacing=[0, 0], ImagerPixelSpacing=[0.14, 0.14]))
    assert found.evidence is SpacingEvidence.IMAGER_PIXEL_SPACING
    assert found.unit == "mm at detector"


def test_pixel_spacing_that_equals_the_imagers_holds_at_the_detector() -> None:
    found = pixel_spacing(scope(PixelSpacing=[0.14, 0.14], ImagerPixelSpacing=[0.14, 0.14]))
    assert found.unit == "mm at detector"


def test_pixel_spacing_that_differs_from_the_imagers_was_corrected() -> None:
    found = pixel_spacing(scope(PixelSpacing=[0.12, 0.12], ImagerPixelSpacing=[0.14, 0.14]))
    assert (found.between_rows, found.evidence) == (0.12, SpacingEvidence.PIXEL_SPACING)


def test_a_stated_calibration_counts_even_if_the_values_are_equal() -> None:
    found = pixel_spacing(
        scope(
            PixelSpacing=[0.14, 0.14],
            ImagerPixelSpacing=[0.14, 0.14],
            PixelSpacingCalibrationType="FIDUCIAL",
        )
    )
    assert found.evidence is SpacingEvidence.PIXEL_SPACING


def test_a_film_with_pixel_spacing_alone_leaves_magnification_open_and_a_ct_does_not() -> None:
    film = pixel_spacing(scope(Modality="DX", PixelSpacing=[0.14, 0.14]))
    slice_ = pixel_spacing(scope(Modality="CT", PixelSpacing=[0.7, 0.7]))
    assert film.evidence is SpacingEvidence.PIXEL_SPACING_UNSTATED
    assert slice_.evidence is SpacingEvidence.PIXEL_SPACING


def film(**attributes: object) -> PixelSpacing:
    return pixel_spacing(scope(Modality="MG", ImagerPixelSpacing=[0.105, 0.21], **attributes))


def test_the_magnification_factor_divides_the_detectors_spacing_once_and_says_so() -> None:
    found = film(EstimatedRadiographicMagnificationFactor="1.05")
    assert (found.between_rows, found.between_columns) == pytest.approx((0.1, 0.2))
    assert (found.unit, found.words) == ("mm", "Imager Pixel Spacing / ERMF 1.05")
    repeated = film(EstimatedRadiographicMagnificationFactor="1.05", PixelSpacing=[0.105, 0.21])
    assert repeated == found


def test_a_spacing_that_was_corrected_is_not_corrected_again() -> None:
    found = film(EstimatedRadiographicMagnificationFactor="1.05", PixelSpacing=[0.1, 0.2])
    assert found == PixelSpacing(0.1, 0.2, SpacingEvidence.PIXEL_SPACING)


@pytest.mark.parametrize("factor", ["0", "0.9", "-1.05", "100"])
def test_an_impossible_factor_leaves_lengths_at_the_detector(factor: str) -> None:
    found = film(EstimatedRadiographicMagnificationFactor=factor)
    assert found == PixelSpacing(0.105, 0.21, SpacingEvidence.IMAGER_PIXEL_SPACING)


def test_other_modalities_keep_their_detectors_spacing() -> None:
    stated = scope(
        Modality="XA",
        ImagerPixelSpacing=[0.2, 0.2],
        EstimatedRadiographicMagnificationFactor="1.4",
    )
    assert pixel_spacing(stated).unit == "mm at detector"
