"""The shipped models of series refuse what only its header says is their kind, and read what is."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.training.common.gate_series import Made, run
from viewer.app.jobs import ignore
from viewer.base.paths import shipped_models
from viewer.dicom.decoder import decode
from viewer.dicom.indexer import index
from viewer.domain.finding import ModelRun, RunState
from viewer.imaging.modality_lut import modality_values
from viewer.inference.model_package import ModelPackage
from viewer.inference.model_store import load_package
from viewer.inference.session import SessionPool

GATED = ("brain_mr_tumour", "brain_mr_infarct", "chest_ct_nodule", "chest_xray_heart_size")
BRAINS = GATED[:2]
Change = Callable[[np.ndarray], np.ndarray]


@cache
def package(name: str) -> ModelPackage:
    return load_package(shipped_models() / name)


@pytest.fixture(scope="module")
def pool() -> SessionPool:
    return SessionPool()


def refused(outcome: ModelRun) -> bool:
    """With nothing stated, and the way on named."""
    nothing = outcome.findings == outcome.below == ()
    return outcome.state is RunState.NOT_APPLICABLE and nothing


@pytest.mark.parametrize("name", GATED)
def test_each_has_a_gate_that_says_what_was_measured(name: str) -> None:
    gate = package(name).manifest.gate
    assert gate is not None and gate.highest == 1.0
    assert any("passed" in one for one in gate.measured)
    assert any("refused" in one for one in gate.measured)


def head(shared: Path, name: str) -> list[np.ndarray]:
    """Slices of a patient that neither network nor gate was fitted on."""
    files = {
        "brain_mr_tumour": sorted(shared.glob("brain_mr_tumour/TCGA_DU_6400_19830518/*.webp"))[2:7],
        "brain_mr_infarct": sorted(shared.glob("brain_mr_infarct/images/*.png"))[7:8],
    }
    return [np.asarray(Image.open(one).convert("L"), np.float32) for one in files[name]]


@pytest.mark.parametrize("name", BRAINS)
def test_a_brain_of_its_kind_is_read(name: str, shared_data: Path, pool: SessionPool) -> None:
    mm = 1.0 if name == "brain_mr_infarct" else 0.9
    outcome = run(package(name), Made("", "", head(shared_data, name), mm), pool)
    assert outcome.state is RunState.DONE, outcome.reason


WRONG: dict[str, Change] = {
    "upside down": np.flipud,
    "turned by 90 degrees": np.rot90,
    "inverted": lambda grey: grey.max() - grey,
    "blank": lambda grey: grey * 0,
}


@pytest.mark.parametrize("fault", WRONG)
@pytest.mark.parametrize("name", BRAINS)
def test_the_same_brain_stored_wrongly_is_refused(
    name: str, fault: str, shared_data: Path, pool: SessionPool
) -> None:
    mm = 1.0 if name == "brain_mr_infarct" else 0.9
    slices = [np.ascontiguousarray(WRONG[fault](one)) for one in head(shared_data, name)]
    assert refused(run(package(name), Made("", "", slices, mm), pool))


@pytest.mark.parametrize(
    ("name", "other"),
    [("brain_mr_tumour", "brain_mr_infarct"), ("brain_mr_infarct", "brain_mr_tumour")],
)
def test_stripped_brains_and_whole_heads_are_not_taken_for_one_another(
    name: str, other: str, shared_data: Path, pool: SessionPool
) -> None:
    outcome = run(package(name), Made("", "", head(shared_data, other), 1.0), pool)
    assert refused(outcome)
    assert "ead it without AI" in outcome.reason


@pytest.mark.parametrize("name", BRAINS)
def test_noise_is_no_brain(name: str, pool: SessionPool) -> None:
    noise = np.random.default_rng(2).normal(100, 30, (192, 192))
    assert refused(run(package(name), Made("", "", [noise] * 3, 1.0), pool))


def slices(folder: Path, step: int = 1) -> list[np.ndarray]:
    found = index((folder,), ignore, ignore).studies[0].display_sets
    longest = max(found, key=lambda one: len(one.frames))
    return [modality_values(decode(ref)) for ref in longest.frames[::step]]


CT_FAULTS: dict[str, Change] = {
    "HU inverted": lambda hu: -hu,
    "rescale intercept forgotten": lambda hu: hu + 1024,
    "rescale slope 2": lambda hu: 2 * hu,
    "constant": lambda hu: hu * 0 + 40,
}


@pytest.mark.parametrize("fault", CT_FAULTS)
def test_a_chest_with_wrong_values_is_refused(
    fault: str, shared_data: Path, pool: SessionPool
) -> None:
    chest = slices(shared_data / "dicom/chest_ct_8mm_tumour", step=2)
    made = Made("", "", [CT_FAULTS[fault](hu) for hu in chest], 0.7, 16.0)
    outcome = run(package("chest_ct_nodule"), made, pool)
    assert refused(outcome)
    assert "ead it without AI" in outcome.reason


def test_a_head_under_the_header_of_a_chest_is_refused(
    shared_data: Path, pool: SessionPool
) -> None:
    made = Made("", "", slices(shared_data / "dicom/head_ct_tilted_mixed_thickness"), 0.45)
    assert refused(run(package("chest_ct_nodule"), made, pool))


def foam(level: float, holes: Sequence[int]) -> list[np.ndarray]:
    """A body of water with round holes, like a phantom."""
    down, across = np.indices((256, 256)) - 128.0
    values = np.where(np.hypot(down, across) < 115, 20.0, -1000.0)
    for middle in holes:
        values[np.hypot(down, across - middle) < 40] = level
    noise = np.random.default_rng(1).normal(0, 10, (30, *values.shape))
    return list(values + noise)


@pytest.mark.parametrize("level", [-1000.0, -850.0])
def test_a_hollow_phantom_is_no_chest(level: float, pool: SessionPool) -> None:
    made = Made("", "", foam(level, (-55, 55)), 1.2, 5.0)
    outcome = run(package("chest_ct_nodule"), made, pool)
    assert refused(outcome)
    assert ("taken for lung" if level > -900 else "values of lung") in outcome.reason
