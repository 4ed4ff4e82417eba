"""The splits of the recipes for CT and MR keep patients apart, and masks lie on their slices."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="the recipes' own libraries are not installed here")

from models.training.brain_mr_infarct import data as infarct
from models.training.brain_mr_tumour import data as tumour
from models.training.chest_ct_nodule import data as nodule
from models.training.chest_ct_nodule import settings


def test_no_patch_of_the_test_lies_within_two_scans_of_one_trained_on() -> None:
    indices = np.arange(0, 450_000, 70)
    parts = nodule.parts(indices)
    own = {part: indices[rows] for part, rows in parts.items()}
    assert set(own) == {"test", "validation", "training"}
    for part, others in (("test", ("validation", "training")), ("validation", ("training",))):
        for other in others:
            nearest = np.abs(own[part][:, None] - own[other][None]).min()
            assert nearest > settings.GUARD
    assert 0.15 < own["test"].size / indices.size < 0.21


def test_no_tumour_patient_is_in_two_parts_and_every_institution_in_each(shared_data) -> None:
    folder = shared_data / "brain_mr_tumour"
    parts = tumour.split(folder)
    assert sum(map(len, parts.values())) == len(set().union(*parts.values()))
    codes = {tumour.institution(name) for name in tumour.patients(folder)}
    for chosen in parts.values():
        assert {tumour.institution(name) for name in chosen} == codes


def test_an_infarct_mask_is_moved_with_its_slice(shared_data) -> None:
    folder = shared_data / "brain_mr_infarct"
    parts = infarct.split(folder)
    assert sum(map(len, parts.values())) == len(set().union(*parts.values())) == 1172
    slices = infarct.load(folder, "validation")
    lesions = slices.masks.sum((1, 2, 3)) > 0
    native = {
        one.patient: one.mask.astype(bool).sum() for one in infarct.native(folder, "validation")
    }
    moved = {n: int(m.sum()) for n, m in zip(slices.patients, slices.masks, strict=True)}
    assert moved == native
    brain = slices.units[lesions] > 0
    outside = (slices.masks[lesions] > 0) & ~brain
    assert outside.sum() < 0.02 * slices.masks[lesions].sum()
