"""Real complaints about other viewers (issue threads): each has a test here, or one that is named here."""

import ast
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from dicom_films import write_film
from pydicom.data import get_testdata_file

from viewer.app import annotate
from viewer.app.open_study import open_paths, show_display_set
from viewer.app.workbench import Workbench
from viewer.dicom.decoder import decode
from viewer.domain.display_set import FrameRef
from viewer.domain.image import Frame, Photometric
from viewer.domain.presentation import Rescale, VoiWindow
from viewer.domain.study import Study
from viewer.imaging.display import default_voi, display_values

TESTS = Path(__file__).resolve().parents[1]
HERE = "app/test_field_complaints.py"

COMPLAINTS: dict[str, tuple[str, ...]] = {
    # Windows and polarity
    "OHIF/Viewers/issues/818": (
        "imaging/test_voi_lut.py::a_voi_lut_maps_by_position_and_holds_its_ends",
    ),
    "OHIF/Viewers/issues/4266": (
        "imaging/test_against_dcmtk.py::display_values_equal_those_of_dcmtk",
    ),
    "OHIF/Viewers/issues/5057": (
        "imaging/test_voi_lut.py::sigmoid_is_the_logistic_curve",
        "dicom/test_transforms.py::the_voi_lut_function_is_kept",
    ),
    "OHIF/Viewers/issues/4610": (f"{HERE}::an_image_is_not_overexposed_by_its_padding",),
    "OHIF/Viewers/issues/4298": (
        "imaging/test_against_dcmtk.py::display_values_equal_those_of_dcmtk",
    ),
    "OHIF/Viewers/issues/4116": (
        "imaging/test_display.py::monochrome1_shows_low_values_white",
        f"{HERE}::the_demo_film_is_dark_where_the_air_is",
    ),
    "nroduit/Weasis/issues/373": (f"{HERE}::a_window_set_on_one_radiograph_brightens_no_other",),
    "Slicer/Slicer/issues/5140": (f"{HERE}::the_default_window_of_a_slice_is_of_its_own_values",),
    # Orientation
    "OHIF/Viewers/issues/4210": ("dicom/test_orientation.py::no_statement_gives_no_letters",),
    "OHIF/Viewers/issues/4995": (
        "dicom/test_orientation.py::half_or_impossible_orientation_gives_no_letters",
    ),
    "OHIF/Viewers/issues/4996": (
        "imaging/test_view_transform.py::without_orientation_in_the_file_there_are_no_letters",
    ),
    "OHIF/Viewers/issues/5683": (
        "imaging/test_view_transform.py::letters_go_with_the_pixels_through_all_eight_orientations",
    ),
    "OHIF/Viewers/issues/4089": (
        "domain/test_geometry.py::an_axial_image_has_right_at_the_left_and_front_at_the_top",
    ),
    # Lengths and values
    "nroduit/Weasis/issues/465": (
        "dicom/test_orientation.py::the_magnification_factor_divides_the_detectors_spacing_once_and_says_so",
    ),
    "cornerstonejs/cornerstone3D/issues/2387": (
        "dicom/test_orientation.py::a_spacing_that_was_corrected_is_not_corrected_again",
    ),
    "cornerstonejs/cornerstone3D/issues/2178": (
        "measure/tools/test_length.py::no_spacing_gives_pixels",
    ),
    "cornerstonejs/cornerstone3D/pull/2403": (
        "measure/test_calibration.py::an_area_without_spacing_is_in_squared_pixels",
    ),
    "cornerstonejs/cornerstoneWADOImageLoader/pull/261": (
        "dicom/test_orientation.py::imager_pixel_spacing_is_at_the_detector",
    ),
    "OHIF/Viewers/issues/5556": (
        "measure/test_spacing_of_regions.py::only_points_of_one_region_have_its_spacing",
        "measure/test_spacing_of_regions.py::in_a_spectrum_a_line_gives_time_and_velocity_but_no_length",
    ),
    "gerddie/ginkgocadx/issues/44": (
        "measure/tools/test_length.py::a_length_in_2_to_1_pixels_is_right_in_every_direction",
    ),
    "nroduit/Weasis/issues/858": (
        "measure/test_region_values.py::signed_stored_values_go_through_slope_and_intercept",
        "measure/test_real_files.py::a_region_of_a_real_slice_has_the_mean_numpy_gives",
    ),
    "nroduit/Weasis/issues/855": (
        "measure/test_region_values.py::a_padding_range_is_left_out_from_end_to_end",
    ),
    "nroduit/Weasis/issues/870": (
        "measure/test_region.py::an_ellipse_holds_the_centres_within_its_radii",
        f"{HERE}::the_mean_of_an_ellipse_is_that_of_its_pixels_in_hounsfield_units",
    ),
    # Measurements kept, on their own image
    "OHIF/Viewers/issues/5762": (
        "end_to_end/test_drawing.py::a_length_is_drawn_in_millimetres_of_the_file_and_survives_a_restart",
    ),
    "OHIF/Viewers/issues/4840": (f"{HERE}::a_cobb_angle_is_on_one_image_only",),
    # The right patient
    "nroduit/Weasis/issues/683": (
        "end_to_end/test_wrong_patient_window.py::whatever_comes_late_and_in_any_order_one_window_shows_one_patient",
        f"{HERE}::opening_another_patient_does_not_move_the_reader_away",
    ),
    # Large series, and files as they come
    "nroduit/Weasis/issues/880": (
        "dicom/test_indexer.py::batches_grow_and_the_last_is_in_the_result",
        "app/test_session.py::a_growing_series_shows_its_middle",
    ),
    "Slicer/Slicer/issues/4420": ("benchmarks/indexing.py",),
    "Kitware/VolView/issues/475": (
        "app/test_frame_cache.py::the_frame_used_longest_ago_leaves_first",
    ),
    # AI: shown where it belongs, told when it fails, sent so that others read it
    "Project-MONAI/monai-deploy/issues/96": (
        "imaging/test_heatmap.py::an_asymmetric_spot_lands_where_it_belongs",
        "ui/viewport/test_overlay_geometry.py::map_and_image_of_one_square_lie_on_each_other",
    ),
    "Project-MONAI/MONAILabel/issues/1407": (
        "inference/test_preprocessing.py::a_spot_in_the_tensor_lies_within_a_pixel_of_the_spot_on_the_film",
    ),
    "Project-MONAI/MONAILabel/issues/1397": (
        "inference/test_session.py::a_card_that_fails_in_the_run_gives_way_to_the_cpu_and_says_why",
    ),
    "Project-MONAI/MONAILabel/issues/1175": (
        "inference/test_session.py::a_failure_on_the_cpu_is_told_in_one_sentence",
    ),
    "OHIF/Viewers/issues/3832": (
        "export/formats/test_dicom_sr.py::highdicom_reads_back_the_findings_and_the_verdicts",
    ),
    "jodogne/orthanc-mammography/issues/1": (
        "export/formats/test_dicom_sr.py"
        "::image_and_ai_results_are_the_evidence_and_the_series_says_research_use",
    ),
    "OHIF/Viewers/issues/4105": (
        "end_to_end/test_two_models.py::while_a_finding_is_selected_only_its_own_map_is_shown",
    ),
}
"""Thread below github.com, and the tests that keep it from happening here ("test_" left out of names)."""

NOT_HERE = {
    "nroduit/Weasis/issues/603": "hanging protocols",
    "OHIF/Viewers/issues/2635": "several monitors",
    "OHIF/Viewers/issues/4151": "reformatting",
    "nroduit/Weasis/issues/752": "reformatting",
    "nroduit/Weasis/issues/840": "viewports scrolled together",
    "OHIF/Viewers/issues/1794": "priors beside the study",
}
"""Complaints about what this program does not do."""


def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.name.removeprefix("test_") for node in tree.body if isinstance(node, ast.FunctionDef)
    }


@pytest.mark.parametrize("thread", COMPLAINTS)
def test_each_complaint_has_its_test(thread: str) -> None:
    for place in COMPLAINTS[thread]:
        file, _colons, name = place.partition("::")
        assert (TESTS / file).is_file(), place
        assert not name or name in names_in(TESTS / file), place


def film(stored: np.ndarray, **fields: object) -> Frame:
    made = Frame(FrameRef("1.2", 0, Path("film.dcm")), stored, Photometric.MONOCHROME2, 12, False)
    return replace(made, **fields)  # type: ignore[arg-type]


def test_an_image_is_not_overexposed_by_its_padding() -> None:
    """https://github.com/OHIF/Viewers/issues/4610: a border of padding took the default window."""
    stored = np.full((40, 40), 500, np.int16)
    stored[10:30, 10:30] = np.arange(400).reshape(20, 20) + 300
    stored[:5] = -2000
    shown = display_values(film(stored, padding=(-2000, -2000), signed=True), None)
    inside = shown[10:30, 10:30]
    assert (inside.min(), inside.max()) == (0, 255)
    assert not (inside == 255).sum() > 4


def test_the_demo_film_is_dark_where_the_air_is() -> None:
    """https://github.com/OHIF/Viewers/issues/4116: MONOCHROME1 was not inverted on load."""
    path = Path(str(get_testdata_file("RG1_UNCI.dcm", download=False) or ""))
    if not path.is_file():
        pytest.skip("the film is not in the installed pydicom-data")
    frame = decode(FrameRef("1.2", 0, path))
    assert frame.photometric is Photometric.MONOCHROME1
    shown = display_values(frame, None)
    high = frame.stored >= np.percentile(frame.stored, 99)
    low = frame.stored <= np.percentile(frame.stored, 1)
    assert shown[high].mean() + 100 < shown[low].mean()


@pytest.fixture
def films(bench: Workbench, tmp_path: Path) -> tuple[Workbench, Study]:
    """One study of two films, the second twice as exposed."""
    ramp = np.tile(np.arange(200, dtype=np.uint16) * 10, (150, 1))
    for number in (1, 2):
        write_film(tmp_path / f"{number}.dcm", ramp * number, number=number)
    open_paths(bench, [tmp_path])
    (study,) = bench.session.index.studies
    return bench, study


def test_a_window_set_on_one_radiograph_brightens_no_other(films: tuple[Workbench, Study]) -> None:
    """https://github.com/nroduit/Weasis/issues/373: a radiograph suddenly was bright."""
    bench, study = films
    first, second = study.display_sets
    show_display_set(bench, study, first)
    bench.session.present(voi=VoiWindow(10, 20))
    show_display_set(bench, study, second)
    assert bench.session.presentation.voi is None
    show_display_set(bench, study, first)
    assert bench.session.presentation.voi == VoiWindow(10, 20)


def test_the_default_window_of_a_slice_is_of_its_own_values() -> None:
    """https://github.com/Slicer/Slicer/issues/5140: it was taken from an unrepresentative slice."""
    dark = film(np.arange(100, dtype=np.uint16).reshape(10, 10))
    bright = film(np.arange(100, dtype=np.uint16).reshape(10, 10) * 30)
    for frame in (dark, bright):
        shown = display_values(frame, None)
        assert (shown.min(), shown.max()) == (0, 255)
    assert default_voi(dark) != default_voi(bright)


def test_the_mean_of_an_ellipse_is_that_of_its_pixels_in_hounsfield_units() -> None:
    """https://github.com/nroduit/Weasis/issues/870: the mean of an ellipse was wrong."""
    rows, columns = np.mgrid[:60, :80]
    stored = (rows * 13 + columns * 7 - 300).astype(np.int16)
    slope, intercept = 0.5, -1024.0
    frame = film(stored, signed=True, modality=Rescale(slope, intercept), unit="HU")
    corners = np.array([[20.0, 10.0], [61.0, 45.0]])
    (column, row), (across, down) = corners.mean(axis=0), (corners[1] - corners[0]) / 2
    inside = ((columns - column) / across) ** 2 + ((rows - row) / down) ** 2 < 1
    found = annotate.known_tools()["ellipse"].measure(corners, frame)
    (mean,) = [one for one in found if one.name == "Mean"]
    assert mean.value == pytest.approx((stored[inside] * slope + intercept).mean())
    assert mean.unit == "[hnsf'U]"


def test_a_cobb_angle_is_on_one_image_only(films: tuple[Workbench, Study]) -> None:
    """https://github.com/OHIF/Viewers/issues/4840: it was repeated on every image."""
    bench, study = films
    first, second = study.display_sets
    show_display_set(bench, study, first)
    frame = decode(first.frames[0])
    cobb = annotate.begun("cobb", frame, (10.0, 10.0))
    for place in ((60.0, 14.0), (10.0, 90.0), (60.0, 80.0)):
        cobb = annotate.with_handle(annotate.without_last(cobb), place, frame)
        cobb = annotate.with_handle(cobb, place, frame)
    whole = annotate.without_last(cobb)
    annotate.keep(bench, annotate.measured(replace(whole, handles_px=whole.handles_px[:4]), frame))
    assert len(bench.session.drawings_here()) == 1
    show_display_set(bench, study, second)
    assert bench.session.drawings_here() == ()
    assert len(bench.session.drawings_of(study).all) == 1


def test_opening_another_patient_does_not_move_the_reader_away(
    bench: Workbench, two_patients: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """https://github.com/nroduit/Weasis/issues/683: the explorer jumped while an exam loaded."""
    open_paths(bench, [two_patients / "jane.dcm"])
    before = bench.session.shown
    assert before is not None
    open_paths(bench, [two_patients / "john.dcm"])
    after = bench.session.shown
    assert after is not None
    assert (after.study.uid, after.ref) == (before.study.uid, before.ref)
