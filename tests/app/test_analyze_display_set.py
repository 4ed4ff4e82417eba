"""From a file to a run: the header first, then pixels, their hashes and the network."""

from dataclasses import replace
from pathlib import Path

import pytest
from model_packages import build_package
from phantom_dicom import write_film
from pydicom.data import get_testdata_file

from viewer.app.analyze_display_set import analyze_display_set
from viewer.base.errors import Cancelled
from viewer.dicom.decoder import decode
from viewer.dicom.evidence import file_sha256, pixels_sha256
from viewer.dicom.indexer import index
from viewer.domain.display_set import DisplaySet
from viewer.domain.finding import RunState
from viewer.inference.analysis import Analysis
from viewer.inference.model_package import ModelPackage
from viewer.inference.model_store import load_package
from viewer.inference.session import Device, SessionPool


@pytest.fixture
def package(tmp_path: Path) -> ModelPackage:
    return load_package(build_package(tmp_path / "phantom_reader"))


def shown(path: Path) -> DisplaySet:
    found = index([path], lambda _index: None, lambda _share: None)
    (display_set,) = found.studies[0].display_sets
    return display_set


def analyzed(package: ModelPackage, display_set: DisplaySet, view: str = "") -> Analysis:
    pool, device = SessionPool(), Device.CPU
    return analyze_display_set(
        package, display_set, pool, device, view, lambda _share: None, lambda _stop: None
    )


def test_the_run_carries_the_hashes_of_file_and_pixels(
    tmp_path: Path, package: ModelPackage
) -> None:
    dataset = write_film(tmp_path / "film.dcm")
    display_set = shown(tmp_path / "film.dcm")
    run = analyzed(package, display_set).run
    assert run.state is RunState.DONE
    (evidence,) = run.inputs
    assert evidence.sop_instance_uid == dataset.SOPInstanceUID
    assert evidence.sop_class_uid == dataset.SOPClassUID
    assert evidence.file_sha256 == file_sha256(tmp_path / "film.dcm")
    assert evidence.pixels_sha256 == pixels_sha256(decode(display_set.frames[0]))


def test_what_does_not_apply_is_not_even_decoded(tmp_path: Path, package: ModelPackage) -> None:
    write_film(tmp_path / "film.dcm", ViewPosition="AP")
    display_set = shown(tmp_path / "film.dcm")
    (tmp_path / "film.dcm").unlink()
    assert analyzed(package, display_set).run.state is RunState.NOT_APPLICABLE


@pytest.mark.parametrize("damage", ["removed", "cut"])
def test_a_film_that_cannot_be_decoded_is_a_failed_run_that_names_the_file(
    tmp_path: Path, package: ModelPackage, damage: str
) -> None:
    path = tmp_path / "film.dcm"
    write_film(path)
    display_set = shown(path)
    whole = path.read_bytes()
    path.unlink()
    if damage == "cut":
        path.write_bytes(whole[: len(whole) // 2])
    run = analyzed(package, display_set).run
    assert run.state is RunState.FAILED
    assert "film.dcm" in run.reason
    assert run.findings == run.inputs == ()


def test_giving_up_before_the_pixels_are_decoded_ends_at_once(
    tmp_path: Path, package: ModelPackage
) -> None:
    write_film(tmp_path / "film.dcm")
    display_set = shown(tmp_path / "film.dcm")

    def give_up(_share: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        analyze_display_set(
            package, display_set, SessionPool(), Device.CPU, "", give_up, lambda _stop: None
        )


def test_the_demo_film_is_prepared_in_its_stored_polarity(package: ModelPackage) -> None:
    display_set = shown(Path(get_testdata_file("RG1_J2KI.dcm")))
    assert display_set.acquisition.photometric == "MONOCHROME1"
    analysis = analyzed(package, display_set)
    assert analysis.seen is not None
    tensor = analysis.seen[0, 0]
    spine, lung = tensor[60:100, 60:68].mean(), tensor[40:60, 25:40].mean()
    assert spine > lung + 0.2


def test_a_ct_series_is_refused_by_its_modality(package: ModelPackage) -> None:
    display_set = shown(Path(get_testdata_file("CT_small.dcm")))
    run = analyzed(package, display_set).run
    assert run.state is RunState.NOT_APPLICABLE
    assert "this is CT" in run.reason


def test_a_header_that_lies_about_its_size_does_not_reach_the_network(
    tmp_path: Path, package: ModelPackage
) -> None:
    write_film(tmp_path / "film.dcm")
    display_set = shown(tmp_path / "film.dcm")
    small = replace(display_set, acquisition=replace(display_set.acquisition, rows=10))
    assert analyzed(package, small).run.state is RunState.NOT_APPLICABLE
