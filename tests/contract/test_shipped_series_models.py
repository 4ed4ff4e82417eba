"""The shipped models of series on real images: what they find, how much they say, what they refuse."""

from pathlib import Path

import numpy as np
import pytest

from viewer.app.analyze_display_set import analyze_display_set
from viewer.app.evaluation.outcome import stated_header
from viewer.base.paths import shipped_models
from viewer.dicom.dicomize import dicomize
from viewer.dicom.indexer import index
from viewer.domain.finding import ModelRun, RunState
from viewer.inference.model_package import ModelPackage
from viewer.inference.model_store import load_package
from viewer.inference.precision import every_precision
from viewer.inference.session import Device, SessionPool

LIMIT_S = 60.0
"""Of 120 slices in this test; 20 s are promised on two idle processors."""


def package(name: str) -> ModelPackage:
    return load_package(shipped_models() / name)


def run(model: ModelPackage, path: Path) -> ModelRun:
    found = index([path], lambda _index: None, lambda _share: None)
    display_set = max(found.studies[0].display_sets, key=lambda one: len(one.frames))
    pool, device = SessionPool(), Device.CPU
    return analyze_display_set(
        model, display_set, pool, device, "", lambda _share: None, lambda _stop: None
    ).run


@pytest.mark.parametrize("series", ["chest_ct_8mm_tumour", "chest_ct_1mm_no_preamble"])
def test_a_chest_ct_gets_at_most_eight_findings_in_time(shared_data: Path, series: str) -> None:
    done = run(package("chest_ct_nodule"), shared_data / "dicom" / series)
    assert done.state is RunState.DONE, done.reason
    assert 1 <= len(done.findings) <= 8
    assert done.seconds < LIMIT_S


def test_the_tumour_is_found_where_it_is(shared_data: Path) -> None:
    """Middle of the tumour read off the images by eye: right lung, image 13 of 30, px of 512."""
    for model in every_precision(package("chest_ct_nodule")):
        done = run(model, shared_data / "dicom/chest_ct_8mm_tumour")
        boxes = [
            np.array(finding.localization.marks[0].points_px)
            for finding in done.findings
            if finding.localization and finding.laterality == "R" and "slice 13" in finding.label
        ]
        assert any(
            (box.min(axis=0) <= (203, 330)).all() and (box.max(axis=0) >= (203, 330)).all()
            for box in boxes
        ), model.algorithm.version


def _as_dicom(model: ModelPackage, picture: Path, out: Path, **header: str) -> Path:
    return dicomize(picture, out, {**stated_header(model.manifest), **header})


def test_a_stripped_slice_is_read_and_a_whole_head_is_refused(
    shared_data: Path, tmp_path: Path
) -> None:
    model = package("brain_mr_infarct")
    stripped = sorted((shared_data / "brain_mr_infarct/images").glob("*.png"))[7]
    head = sorted((shared_data / "brain_mr_tumour").glob("*/*.webp"))[40]
    assert run(model, _as_dicom(model, stripped, tmp_path / "a.dcm")).state is RunState.DONE
    refused = run(model, _as_dicom(model, head, tmp_path / "b.dcm", PixelSpacing=r"0.9\0.9"))
    assert refused.state is RunState.NOT_APPLICABLE
    assert "without skull and scalp" in refused.reason


def test_a_glioma_is_outlined_with_its_volume(shared_data: Path, tmp_path: Path) -> None:
    model = package("brain_mr_tumour")
    folder = shared_data / "brain_mr_tumour/TCGA_CS_4942_19970222"
    spaced = {"PixelSpacing": r"0.9\0.9", "SliceThickness": "5"}
    done = run(model, _as_dicom(model, folder / "012.webp", tmp_path / "a.dcm", **spaced))
    assert done.state is RunState.DONE, done.reason
    assert [finding.label.endswith(" ml") for finding in done.findings] == [True]


def test_weights_from_non_commercial_data_say_so() -> None:
    licences = package("brain_mr_tumour").manifest.licences
    assert "CC BY-NC-SA 4.0" in licences.weights
    assert "CC BY-NC-SA 4.0" in licences.data
