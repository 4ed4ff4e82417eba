"""What every kind of task that reads series promises; a new one is under this contract at once."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from phantom_series import CHEST, LUNGS, Ball, Stack, chest, frames
from series_packages import build_detector, build_segmenter

from viewer.base.errors import Cancelled
from viewer.dicom.volume_builder import build_volume
from viewer.domain.volume import Volume
from viewer.inference.manifest import Manifest, load_manifest
from viewer.inference.model_store import check_package
from viewer.inference.task import Reading, SeriesInput, SeriesTask, Tensors, known_tasks

SERIES_KINDS = sorted(key for key, task in known_tasks().items() if isinstance(task, SeriesTask))

PACKAGES = {"detection": build_detector, "segmentation": build_segmenter}
"""For each kind, what builds a phantom package of it."""


def _chest() -> Volume:
    return build_volume(chest(CHEST, [Ball((*LUNGS[0], 60.0), 15.0)]))


def _head() -> Volume:
    bright = np.full((64, 48), 200)
    bright[20:40, 10:30] = 900
    return build_volume(frames(Stack(6, 64, 48, 5, 3, 3), [bright] * 6, unit=""))


VOLUMES: dict[str, Callable[[], Volume]] = {"detection": _chest, "segmentation": _head}
"""For each kind, a series on which the phantom package of that kind states something."""


@pytest.fixture(params=SERIES_KINDS)
def task(request: pytest.FixtureRequest) -> SeriesTask:
    found = known_tasks()[request.param]
    assert isinstance(found, SeriesTask)
    assert found.key in PACKAGES, f"give the kind {found.key} an example in this file"
    return found


@pytest.fixture
def folder(task: SeriesTask, tmp_path: Path) -> Path:
    return PACKAGES[task.key](tmp_path / task.key)


@pytest.fixture
def manifest(folder: Path) -> Manifest:
    return load_manifest(folder / "manifest.json")


def _asked(task: SeriesTask, manifest: Manifest) -> SeriesInput:
    asked = task.ask(VOLUMES[task.key](), manifest, lambda share: None)
    assert isinstance(asked, SeriesInput)
    return asked


def _ones(manifest: Manifest, rows: int) -> Tensors:
    return {o.tensor: np.ones((rows, *o.shape[1:]), np.float32) for o in manifest.outputs}


def test_a_complete_package_passes_all_checks(folder: Path, manifest: Manifest) -> None:
    assert check_package(folder) == ()


def test_missing_parameters_are_told_not_raised(task: SeriesTask, manifest: Manifest) -> None:
    bare = replace(manifest, task=replace(manifest.task, parameters={}))
    problems = task.problems(bare)
    assert problems
    assert all(isinstance(problem, str) and problem for problem in problems)


def test_the_batch_has_the_declared_shape_and_type(task: SeriesTask, manifest: Manifest) -> None:
    batch = _asked(task, manifest).batch
    assert batch.dtype == np.float32
    assert batch.shape[1:] == manifest.input.shape[1:]
    assert len(batch) > 0


def test_the_slices_are_left_as_they_were(task: SeriesTask, manifest: Manifest) -> None:
    volume = VOLUMES[task.key]()
    before = [frame.stored.copy() for frame in volume.frames]
    task.ask(volume, manifest, lambda share: None)
    for frame, stored in zip(volume.frames, before, strict=True):
        np.testing.assert_array_equal(frame.stored, stored)


def test_statements_name_declared_findings_and_lie_on_their_images(
    task: SeriesTask, manifest: Manifest
) -> None:
    asked = _asked(task, manifest)
    reading = asked.conclude(_ones(manifest, len(asked.batch)), lambda share: None)
    assert isinstance(reading, Reading)
    assert reading.statements
    volume = VOLUMES[task.key]()
    places = {frame.ref.place: frame for frame in volume.frames}
    for statement in reading.statements:
        assert manifest.finding(statement.key)
        assert statement.ref is not None
        frame = places[statement.ref.place]
        for column, row in (point for mark in statement.marks for point in mark.points_px):
            assert -0.5 <= column <= frame.columns - 0.5
            assert -0.5 <= row <= frame.rows - 0.5


def test_maps_are_probabilities_on_slices_of_the_series(
    task: SeriesTask, manifest: Manifest
) -> None:
    asked = _asked(task, manifest)
    reading = asked.conclude(_ones(manifest, len(asked.batch)), lambda share: None)
    assert isinstance(reading, Reading)
    assert reading.maps
    places = {frame.ref.place for frame in VOLUMES[task.key]().frames}
    for shown in reading.maps:
        assert shown.label and shown.ref is not None and shown.ref.place in places
        assert shown.image_from_map_px is not None
        assert shown.values.dtype == np.float32
        assert shown.values.min() >= 0.0 and shown.values.max() <= 1.0


def test_outputs_of_nothing_state_nothing_above_nothing(
    task: SeriesTask, manifest: Manifest
) -> None:
    asked = _asked(task, manifest)
    zeros = {name: value * 0 for name, value in _ones(manifest, len(asked.batch)).items()}
    reading = asked.conclude(zeros, lambda share: None)
    assert isinstance(reading, Reading)
    assert all(statement.score == 0.0 for statement in reading.statements)


def test_giving_up_is_heard_while_asking(task: SeriesTask, manifest: Manifest) -> None:
    def stop(share: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        task.ask(VOLUMES[task.key](), manifest, stop)
