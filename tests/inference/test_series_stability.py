"""The scores of a series are tried on variants of the network's input, and joined to their findings."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from phantom_series import (
    CHEST,
    CHEST_CT,
    HEAD_FLAIR,
    LUNGS,
    Ball,
    Stack,
    chest,
    frames,
)
from series_packages import build_detector, build_segmenter
from series_runs import analyzed

from viewer.base.errors import Cancelled
from viewer.dicom.volume_builder import build_volume
from viewer.domain.display_set import Acquisition
from viewer.domain.finding import ModelRun, RunState
from viewer.domain.image import Frame
from viewer.inference.model_package import ModelPackage
from viewer.inference.model_store import load_package
from viewer.inference.series_stability import variants_of, with_series_stability
from viewer.inference.session import Device, SessionPool
from viewer.inference.stability import TRIES

BALL = Ball((LUNGS[0][0], LUNGS[0][1], 60.0), 15.0)


def head() -> list[Frame]:
    bright = np.full((64, 48), 200)
    bright[20:40, 10:30] = 900
    return frames(Stack(6, 64, 48, 5, 3, 3), [bright] * 6, unit="")


def first(package: ModelPackage, acquisition: Acquisition, shown: list[Frame]) -> ModelRun:
    return analyzed(package, acquisition, shown).run


def tried(package: ModelPackage, run: ModelRun, shown: list[Frame], report=None) -> ModelRun:
    return with_series_stability(
        run,
        package,
        build_volume(shown),
        SessionPool(),
        Device.CPU,
        report or (lambda share: None),
        lambda stop: None,
    )


@pytest.fixture
def detector(tmp_path: Path) -> ModelPackage:
    return load_package(build_detector(tmp_path / "detector"))


@pytest.fixture
def segmenter(tmp_path: Path) -> ModelPackage:
    return load_package(build_segmenter(tmp_path / "segmenter"))


def test_there_are_as_many_variants_as_tries_and_each_differs() -> None:
    batch = np.random.default_rng(1).normal(0, 1, (3, 1, 60, 60)).astype(np.float32)
    made = list(variants_of(batch))
    assert len(made) == TRIES
    assert all(one.shape == batch.shape and one.dtype == np.float32 for one in made)
    assert all(not np.array_equal(one, batch) for one in made)


def test_each_nodule_says_how_far_its_score_moves(detector: ModelPackage) -> None:
    shown = chest(CHEST, [BALL])
    run = first(detector, CHEST_CT, shown)
    assert run.state is RunState.DONE and (run.findings or run.below), run.reason
    after = tried(detector, run, shown)
    for before, one in zip(run.findings + run.below, after.findings + after.below, strict=True):
        assert one.stability is not None and one.stability.tries == TRIES
        assert replace(one, stability=None) == before
        assert one.stability.low <= before.score.value <= one.stability.high


def test_each_outline_says_how_far_its_score_moves(segmenter: ModelPackage) -> None:
    shown = head()
    run = first(segmenter, HEAD_FLAIR, shown)
    assert run.findings, run.reason
    (one,) = tried(segmenter, run, shown).findings
    assert one.stability is not None and one.stability.refused == 0


def test_a_finding_that_a_try_does_not_find_again_is_unstable(segmenter: ModelPackage) -> None:
    """As if the first result had been stated at a place where the tries see nothing."""
    shown = head()
    run = first(segmenter, HEAD_FLAIR, shown)
    (found,) = run.findings
    assert found.localization is not None
    away = tuple(
        replace(mark, points_px=tuple((x + 500.0, y) for x, y in mark.points_px))
        for mark in found.localization.marks
    )
    moved = replace(found, localization=replace(found.localization, marks=away))
    (one,) = tried(segmenter, replace(run, findings=(moved,)), shown).findings
    assert one.stability is not None
    assert one.stability.refused == TRIES and not one.stability.stable


def test_giving_up_is_heard(segmenter: ModelPackage) -> None:
    shown = head()
    run = first(segmenter, HEAD_FLAIR, shown)

    def stop(share: float) -> None:
        if share > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        tried(segmenter, run, shown, stop)
