"""What every kind of task promises; a new module in inference/tasks is under this contract at once."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bare_classifiers import build_imported
from classifier_packages import build_classifier
from model_packages import build_package
from phantom_films import film

from viewer.base import registry
from viewer.domain.image import Frame
from viewer.inference import tasks
from viewer.inference.manifest import Manifest, load_manifest
from viewer.inference.model_store import load_package
from viewer.inference.preprocessing import Prepared
from viewer.inference.session import open_session
from viewer.inference.task import FrameTask, Reading, Refusal, known_tasks

PACKAGES = {
    "cardiothoracic_ratio": build_package,
    "classification": build_classifier,
    "scores_only": build_imported,
}
"""For each kind, what builds a phantom package of it."""

EXAMPLES = dict.fromkeys(PACKAGES, film())
"""For each kind, a frame on which the phantom package of that kind states something."""


@pytest.fixture(params=sorted(PACKAGES))
def task(request: pytest.FixtureRequest) -> FrameTask:
    """Each registered kind in turn."""
    found = known_tasks()[request.param]
    assert isinstance(found, FrameTask)
    return found


@pytest.fixture
def folder(task: FrameTask, tmp_path: Path) -> Path:
    """A package of that kind."""
    return PACKAGES[task.key](tmp_path / task.key)


@pytest.fixture
def manifest(folder: Path) -> Manifest:
    return load_manifest(folder / "manifest.json")


@pytest.fixture
def frame(task: FrameTask) -> Frame:
    assert task.key in EXAMPLES, f"give the kind {task.key} an example in this file"
    return EXAMPLES[task.key]


def test_the_key_is_the_name_of_its_module() -> None:
    names = {name.rsplit(".", 1)[1] for name in registry.plugin_modules(tasks)}
    assert set(known_tasks()) == names


def test_a_complete_manifest_has_no_problems(task: FrameTask, manifest: Manifest) -> None:
    assert task.problems(manifest) == ()


def test_missing_parameters_are_told_not_raised(task: FrameTask, manifest: Manifest) -> None:
    bare = replace(manifest, task=replace(manifest.task, parameters={}))
    problems = task.problems(bare)
    assert problems
    assert all(isinstance(problem, str) and problem for problem in problems)


def test_the_input_has_the_declared_shape_and_type(
    task: FrameTask, manifest: Manifest, frame: Frame
) -> None:
    prepared = task.prepare(frame, manifest)
    assert prepared.tensor.dtype == np.float32
    assert prepared.tensor.shape == manifest.input.rows_columns
    assert manifest.input.fed(prepared.tensor).shape == manifest.input.shape


def test_the_frame_is_left_as_it_was(task: FrameTask, manifest: Manifest, frame: Frame) -> None:
    before = frame.stored.copy()
    task.prepare(frame, manifest)
    np.testing.assert_array_equal(frame.stored, before)


def _run(folder: Path, manifest: Manifest, prepared: Prepared) -> dict[str, np.ndarray]:
    feeds = {manifest.input.tensor: manifest.input.fed(prepared.tensor)}
    names = [output.tensor for output in manifest.outputs]
    session = open_session(load_package(folder))
    return dict(session.run(feeds, names, lambda stop: None).tensors)


def test_statements_name_declared_findings_and_lie_on_the_image(
    task: FrameTask, folder: Path, manifest: Manifest, frame: Frame
) -> None:
    prepared = task.prepare(frame, manifest)
    reading = task.read(_run(folder, manifest, prepared), prepared, frame, manifest)
    assert isinstance(reading, Reading)
    assert reading.statements
    for statement in reading.statements:
        assert manifest.finding(statement.key)
        assert np.isfinite(statement.score)
        for column, row in (point for mark in statement.marks for point in mark.points_px):
            assert -0.5 <= column <= frame.columns - 0.5
            assert -0.5 <= row <= frame.rows - 0.5


def test_maps_are_probabilities_in_the_tensors_grid(
    task: FrameTask, folder: Path, manifest: Manifest, frame: Frame
) -> None:
    prepared = task.prepare(frame, manifest)
    reading = task.read(_run(folder, manifest, prepared), prepared, frame, manifest)
    assert isinstance(reading, Reading)
    for shown in reading.maps:
        assert shown.label
        assert shown.values.dtype == np.float32
        assert shown.values.shape == prepared.tensor.shape
        assert shown.values.min() >= 0.0 and shown.values.max() <= 1.0


def test_the_same_outputs_give_the_same_reading(
    task: FrameTask, folder: Path, manifest: Manifest, frame: Frame
) -> None:
    prepared = task.prepare(frame, manifest)
    outputs = _run(folder, manifest, prepared)
    first = task.read(outputs, prepared, frame, manifest)
    second = task.read(outputs, prepared, frame, manifest)
    assert isinstance(first, Reading) and isinstance(second, Reading)
    assert first.statements == second.statements


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_outputs_that_say_one_thing_everywhere_are_refused_in_words(
    task: FrameTask, manifest: Manifest, frame: Frame, value: float
) -> None:
    prepared = task.prepare(frame, manifest)
    outputs = {o.tensor: np.full(o.shape, value, np.float32) for o in manifest.outputs}
    reading = task.read(outputs, prepared, frame, manifest)
    assert isinstance(reading, Refusal)
    assert reading.reason.endswith(".")
