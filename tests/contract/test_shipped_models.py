"""What every model package that comes with the program promises; a new folder in models/ is under it at once."""

import tomllib
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file

from viewer.app.analyze_display_set import analyze_display_set
from viewer.base.paths import shipped_models
from viewer.dicom.indexer import index
from viewer.domain.finding import ModelRun, RunState
from viewer.inference.manifest import load_manifest
from viewer.inference.model_store import check_package, load_package, package_folders
from viewer.inference.precision import every_precision
from viewer.inference.session import Device, SessionPool
from viewer.review.codes import concepts

ROOT = Path(__file__).resolve().parents[2]

LARGEST_NETWORK_BYTES = 15_000_000
"""So that the program stays quick to install; a larger network needs its own download."""

SPLIT_UNITS = ("patient", "contiguous stretch")
"""No image of a patient on both sides. Where the images name no patient, a list in the order of the
scans is cut into stretches, and what lies near a cut is left out."""

FOLDERS = package_folders(shipped_models())


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def folder(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


def test_the_program_comes_with_a_model() -> None:
    assert "chest_xray_heart_size" in [folder.name for folder in FOLDERS]


def test_the_package_is_whole_and_gives_its_golden_outputs(folder: Path) -> None:
    assert check_package(folder) == ()


def test_card_and_licence_are_listed_and_the_network_is_small(folder: Path) -> None:
    manifest = load_manifest(folder / "manifest.json")
    listed = {file.path for file in manifest.files}
    assert {"MODEL_CARD.md", "LICENSE"} <= listed
    assert manifest.onnx_file.bytes <= LARGEST_NETWORK_BYTES


def test_an_int8_network_is_smaller_and_its_rates_are_measured_on_as_many(folder: Path) -> None:
    full, *others = every_precision(load_package(folder))
    for variant in others:
        file = variant.manifest.network_file(variant.variant)
        assert file.bytes < full.manifest.onnx_file.bytes
        for finding in full.manifest.findings:
            known, measured = (
                one.manifest.operating_point.measured(finding.key) for one in (full, variant)
            )
            assert known is not None and measured is not None and measured.n == known.n


def test_nothing_lies_in_the_package_that_is_not_listed(folder: Path) -> None:
    manifest = load_manifest(folder / "manifest.json")
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert present == {file.path for file in manifest.files} | {"manifest.json"}


def test_it_says_how_good_it_is_with_intervals_and_on_whom(folder: Path) -> None:
    manifest = load_manifest(folder / "manifest.json")
    assert manifest.performance
    for figure in manifest.performance:
        assert figure.n > 0 and figure.data
        assert figure.ci95[0] <= figure.value <= figure.ci95[1]
    for finding in manifest.findings:
        measured = manifest.operating_point.measured(finding.key)
        assert measured is not None and measured.n > 0
        for value, low, high in (measured.sensitivity, measured.specificity):
            assert 0.0 <= low <= value <= high <= 1.0
    assert all(data.split_unit.startswith(SPLIT_UNITS) for data in manifest.training_data)


def test_its_findings_carry_codes_of_the_reviewed_table(folder: Path) -> None:
    reviewed = {(one.code.value, one.code.scheme) for one in concepts()}
    for finding in load_manifest(folder / "manifest.json").findings:
        assert (finding.code.value, finding.code.scheme) in reviewed


def test_every_package_is_put_into_the_installed_program() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = listed["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    for found in FOLDERS:
        assert wheel[f"models/{found.name}"] == f"viewer/_bundled/models/{found.name}"


def heart_size_on(path: Path, view: str = "") -> ModelRun:
    package = load_package(shipped_models() / "chest_xray_heart_size")
    found = index([path], lambda _index: None, lambda _share: None)
    (display_set,) = found.studies[0].display_sets
    pool, device = SessionPool(), Device.CPU
    return analyze_display_set(
        package, display_set, pool, device, view, lambda _share: None, lambda _stop: None
    ).run


def test_heart_and_chest_of_the_demo_film_are_measured_where_they_are() -> None:
    """Borders read off the film by eye, in px of 1841 columns, with 3 % of the width to spare."""
    run = heart_size_on(Path(get_testdata_file("RG1_J2KI.dcm")))
    assert run.state is RunState.DONE, run.reason
    (finding,) = run.findings + run.below
    assert finding.localization is not None
    heart, thorax = finding.localization.marks
    assert heart.points_px[0][0] == pytest.approx(620, abs=55)
    assert heart.points_px[1][0] == pytest.approx(1440, abs=55)
    assert thorax.points_px[0][0] == pytest.approx(105, abs=55)
    assert thorax.points_px[1][0] == pytest.approx(1685, abs=55)


def test_a_childs_film_is_refused_by_age(shared_data: Path) -> None:
    films = sorted((shared_data / "dicom" / "mixed").rglob("dx_image.dcm"))
    if not films:
        pytest.skip("dx_image.dcm is not among the real images here")
    run = heart_size_on(films[0], view="PA")
    assert run.state is RunState.NOT_APPLICABLE
    assert "5 years old" in run.reason


LEAST_ROWS = 25
"""Of a histogram; 28 patients with a glioma were not trained on, each with one distance."""


def test_every_shipped_model_declares_how_its_scores_and_inputs_lie(folder: Path) -> None:
    manifest = load_manifest(folder / "manifest.json")
    reference = manifest.reference
    assert reference is not None
    assert set(reference.score_histogram) == {finding.key for finding in manifest.findings}
    wanted = {"mean", "sd", "p5", "p50", "p95"} | ({"distance"} if manifest.gate else set())
    assert set(reference.input_histogram) == wanted
    for histogram in (*reference.score_histogram.values(), *reference.input_histogram.values()):
        assert sum(histogram.counts) >= LEAST_ROWS
