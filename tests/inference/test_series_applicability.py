"""What a header must say before a model may read a series: sequence, slices, thickness, count."""

from dataclasses import replace

import pytest
from phantom_series import CHEST_CT, HEAD_FLAIR
from series_packages import build_detector, build_segmenter

from viewer.inference.applicability import Applicable, NotApplicable, applicable
from viewer.inference.manifest import Manifest, load_manifest


@pytest.fixture
def flair_reader(tmp_path) -> Manifest:
    return load_manifest(build_segmenter(tmp_path / "segmenter") / "manifest.json")


@pytest.fixture
def ct_reader(tmp_path) -> Manifest:
    def thin(manifest: dict) -> None:
        manifest["applicability"]["max_slice_thickness_mm"] = 5

    return load_manifest(build_detector(tmp_path / "detector", thin) / "manifest.json")


def test_a_flair_series_is_read(flair_reader: Manifest) -> None:
    assert applicable(flair_reader, HEAD_FLAIR, frames=24) == Applicable()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sequence": "OTHER"}, "does not describe a FLAIR sequence"),
        ({"sequence": ""}, "does not say which MR sequence this is"),
        ({"modality": "CT"}, "reads MR images; this is CT"),
        ({"orientation": "SAGITTAL"}, "slices are sagittal; the model reads axial slices"),
        ({"orientation": ""}, "does not say how its slices lie"),
    ],
)
def test_another_sequence_or_plane_is_refused_with_the_reason(
    flair_reader: Manifest, change: dict, words: str
) -> None:
    decision = applicable(flair_reader, replace(HEAD_FLAIR, **change), frames=24)
    assert isinstance(decision, NotApplicable)
    assert words in decision.reason


@pytest.mark.parametrize(
    ("change", "frames", "words"),
    [
        ({}, 4, "at least 5 images; this one has 4"),
        ({}, 501, "at most 500"),
        ({"slice_thickness_mm": 8.0}, 30, "8 mm thick; the model reads at most 5 mm"),
    ],
)
def test_too_few_too_many_or_too_thick_slices_are_refused(
    ct_reader: Manifest, change: dict, frames: int, words: str
) -> None:
    decision = applicable(ct_reader, replace(CHEST_CT, **change), frames=frames)
    assert isinstance(decision, NotApplicable)
    assert words in decision.reason


def test_a_thickness_that_is_not_stated_excludes_nothing(ct_reader: Manifest) -> None:
    assert applicable(ct_reader, CHEST_CT, frames=30) == Applicable()
