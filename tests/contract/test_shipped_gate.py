"""The shipped readers of chest films refuse what is no frontal film of a chest, and read one that is."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pydicom.data import get_testdata_file

from viewer.app.jobs import ignore
from viewer.base.errors import ViewerError
from viewer.dicom.decoder import decode
from viewer.dicom.indexer import index
from viewer.domain.display_set import DisplaySet
from viewer.domain.finding import InputEvidence, ModelRun, RunState
from viewer.domain.image import Frame
from viewer.inference.analysis import analyze
from viewer.inference.model_package import ModelPackage
from viewer.inference.model_store import load_package
from viewer.inference.session import Device, SessionPool

MODELS = Path(__file__).parents[2] / "models"
READERS = ("chest_xray_heart_size", "chest_xray_pneumonia")
NOTHING = InputEvidence("1", "1", 0, "", "")
Change = Callable[[np.ndarray], np.ndarray]


@pytest.fixture(scope="module", params=READERS)
def shipped(request: pytest.FixtureRequest) -> ModelPackage:
    return load_package(MODELS / request.param)


@pytest.fixture(scope="module")
def pool() -> SessionPool:
    return SessionPool()


def frame(name: str) -> Frame:
    path = get_testdata_file(name, download=False)
    if path is None:
        pytest.skip(f"{name} is not installed")
    return decode(index((Path(path),), ignore, ignore).studies[0].display_sets[0].frames[0])


def read(package: ModelPackage, pool: SessionPool, shown: Frame) -> ModelRun:
    """Whatever the frame is of, its header says PA film of an adult's chest."""
    path = get_testdata_file("RG1_UNCR.dcm", download=False)
    if path is None:
        pytest.skip("RG1_UNCR.dcm is not installed")
    chest = index((Path(path),), ignore, ignore).studies[0].display_sets[0]
    return outcome(package, pool, chest, replace(shown, edges=None))


def outcome(
    package: ModelPackage, pool: SessionPool, display_set: DisplaySet, shown: Frame
) -> ModelRun:
    return analyze(
        package=package,
        acquisition=display_set.acquisition,
        display_set=display_set,
        frame=shown,
        pool=pool,
        device=Device.CPU,
        stated_view="PA",
        evidence=NOTHING,
        report=ignore,
        on_cancel=ignore,
    ).run


def test_a_real_chest_film_passes_the_gate(shipped: ModelPackage, pool: SessionPool) -> None:
    run = read(shipped, pool, frame("RG1_UNCR.dcm"))
    assert run.state is RunState.DONE, run.reason


WRONGLY_STORED: dict[str, Change] = {
    "mirrored": np.fliplr,
    "upside down": np.flipud,
    "turned by 180 degrees": lambda stored: np.rot90(stored, 2),
    "turned by 90 degrees": np.rot90,
    "inverted": lambda stored: stored.max() - stored + stored.min(),
    "blank": lambda stored: np.full_like(stored, 900),
    "an eighth of it": lambda stored: stored[:500, :500],
}


@pytest.mark.parametrize("fault", WRONGLY_STORED)
def test_the_same_film_stored_wrongly_is_refused(
    shipped: ModelPackage, pool: SessionPool, fault: str
) -> None:
    good = frame("RG1_UNCR.dcm")
    stored = np.ascontiguousarray(WRONGLY_STORED[fault](good.stored))
    run = read(shipped, pool, replace(good, stored=stored))
    assert run.state is RunState.NOT_APPLICABLE
    assert run.findings == run.below == ()
    assert "ead it without AI" in run.reason


@pytest.mark.parametrize("name", ["RG3_UNCR.dcm", "CT_small.dcm", "MR_small.dcm"])
def test_another_body_part_or_modality_under_the_header_of_a_chest_film_is_refused(
    shipped: ModelPackage, pool: SessionPool, name: str
) -> None:
    run = read(shipped, pool, frame(name))
    assert run.state is RunState.NOT_APPLICABLE
    assert run.findings == run.below == ()


def test_real_films_pass_and_a_dog_from_the_side_does_not(
    shipped: ModelPackage, pool: SessionPool, shared_data: Path
) -> None:
    folder = shared_data / "dicom"
    films = sorted((folder / "radiographs_some_not_chest").glob("test[1236].dcm"))
    states = [read(shipped, pool, _decoded(path)).state for path in films]
    assert states == [RunState.DONE] * len(films) and films
    dog = _decoded(folder / "mixed/highdicom/data/test_files/dx_image.dcm")
    assert read(shipped, pool, dog).state is RunState.NOT_APPLICABLE


def test_by_header_those_that_are_not_chest_are_refused(
    shipped: ModelPackage, pool: SessionPool, shared_data: Path
) -> None:
    for name in ("test4.dcm", "test5.dcm"):
        path = shared_data / "dicom/radiographs_some_not_chest" / name
        shown = index((path,), ignore, ignore).studies[0].display_sets[0]
        run = outcome(shipped, pool, shown, decode(shown.frames[0]))
        assert run.state is RunState.NOT_APPLICABLE


def _decoded(path: Path) -> Frame:
    try:
        return decode(index((path,), ignore, ignore).studies[0].display_sets[0].frames[0])
    except (IndexError, ViewerError) as error:
        pytest.fail(f"{path}: {error}")
