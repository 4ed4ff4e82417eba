"""One model on one series: batches, progress, cancelling, and every outcome told in the run."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from phantom_films import EVIDENCE
from phantom_series import CHEST, CHEST_CT, LUNGS, Ball, chest, display_set
from series_packages import build_detector, build_segmenter

from viewer.base.errors import Cancelled
from viewer.dicom.volume_builder import build_volume
from viewer.domain.display_set import Acquisition
from viewer.domain.finding import RunState
from viewer.domain.image import Frame
from viewer.inference.analysis import Analysis
from viewer.inference.model_package import ModelPackage
from viewer.inference.model_store import load_package
from viewer.inference.series_analysis import analyze_series, reads_series
from viewer.inference.session import Device, Outputs, SessionPool

BALL = Ball((*LUNGS[0], 60.0), 15.0)


@pytest.fixture
def detector(tmp_path: Path) -> ModelPackage:
    return load_package(build_detector(tmp_path / "detector"))


def read(
    package: ModelPackage,
    frames: list[Frame],
    acquisition: Acquisition = CHEST_CT,
    report: Callable[[float], None] = lambda share: None,
    pool: SessionPool | None = None,
    on_cancel: Callable[[Callable[[], None]], None] = lambda stop: None,
) -> Analysis:
    return analyze_series(
        package=package,
        display_set=display_set(acquisition, frames),
        volume=build_volume(frames),
        pool=pool or SessionPool(),
        device=Device.CPU,
        stated_view="",
        evidence=(EVIDENCE,) * len(frames),
        report=report,
        on_cancel=on_cancel,
    )


def test_a_model_of_series_is_told_from_one_of_films(
    detector: ModelPackage, package: ModelPackage
) -> None:
    assert reads_series(detector)
    assert not reads_series(package)


def test_a_ball_in_the_lung_is_found_with_evidence_of_every_slice(detector: ModelPackage) -> None:
    analysis = read(detector, chest(balls=[BALL]))
    run = analysis.run
    assert run.state is RunState.DONE, run.reason
    assert len(run.findings) == 1
    assert len(run.inputs) == CHEST.count
    assert run.provider == "CPU"
    assert analysis.seen is not None and analysis.seen.shape[1:] == (1, 24, 24)
    assert {heatmap.label for heatmap in analysis.heatmaps} == {run.findings[0].label}


def test_progress_rises_to_the_whole(detector: ModelPackage) -> None:
    told: list[float] = []
    read(detector, chest(balls=[BALL]), report=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 20


@pytest.mark.parametrize("after", [1, 15, 30])
def test_giving_up_ends_it_at_the_next_step(detector: ModelPackage, after: int) -> None:
    count = 0

    def stop(share: float) -> None:
        nonlocal count
        count += 1
        if count == after:
            raise Cancelled

    with pytest.raises(Cancelled):
        read(detector, chest(balls=[BALL]), report=stop)
    assert count == after


def test_a_header_that_refuses_computes_nothing(detector: ModelPackage) -> None:
    head = replace(CHEST_CT, body_part="HEAD")
    run = read(detector, chest(), head).run
    assert run.state is RunState.NOT_APPLICABLE
    assert "HEAD" in run.reason


def test_a_series_without_lungs_is_not_applicable_rather_than_clear(detector: ModelPackage) -> None:
    analysis = read(detector, chest(lungs=False))
    assert analysis.run.state is RunState.NOT_APPLICABLE
    assert "No lung was recognised" in analysis.run.reason
    assert not analysis.run.findings and not analysis.heatmaps


def test_a_series_of_blank_images_is_not_applicable_rather_than_clear(
    detector: ModelPackage,
) -> None:
    blank = [replace(frame, stored=np.zeros_like(frame.stored)) for frame in chest()]
    run = read(detector, blank).run
    assert run.state is RunState.NOT_APPLICABLE
    assert "without AI" in run.reason


def test_lungs_without_a_ball_are_no_finding_above_threshold(detector: ModelPackage) -> None:
    run = read(detector, chest()).run
    assert run.state is RunState.DONE
    assert run.findings == ()
    assert [finding.score.value for finding in run.below if finding.score] == [0.0]


class _Broken:
    """A session whose network returns nothing that the manifest promised."""

    provider = "CPU"

    def run(self, feeds: dict, names: list[str], on_cancel: object):
        return Outputs({name: np.full((1, 1), np.nan, np.float32) for name in names}, "CPU")


class _BrokenPool(SessionPool):
    def get(self, package: ModelPackage, device: Device):  # type: ignore[override]
        return _Broken()


def test_outputs_that_are_not_as_declared_are_a_failure(detector: ModelPackage) -> None:
    run = read(detector, chest(balls=[BALL]), pool=_BrokenPool()).run
    assert run.state is RunState.FAILED
    assert "scores" in run.reason
    assert run.findings == ()


def test_the_batch_never_exceeds_what_the_graph_takes(tmp_path: Path) -> None:
    def change(manifest: dict) -> None:
        manifest["input"]["max_batch"] = 3

    package = load_package(build_detector(tmp_path / "three", change))
    sizes: list[int] = []

    class Counting(SessionPool):
        def get(self, package: ModelPackage, device: Device):  # type: ignore[override]
            session = super().get(package, device)
            inner = session.run

            def run(feeds, names, on_cancel):
                sizes.append(len(feeds["image"]))
                return inner(feeds, names, on_cancel)

            session.run = run  # type: ignore[method-assign]
            return session

    analysis = read(package, chest(balls=[BALL]), pool=Counting())
    assert analysis.seen is not None
    assert sum(sizes) == len(analysis.seen)
    assert max(sizes) <= 3


def test_the_same_series_gets_the_same_identities(detector: ModelPackage) -> None:
    first, second = (read(detector, chest(balls=[BALL])).run for _ in range(2))
    assert first.findings[0].tracking_uid == second.findings[0].tracking_uid
    assert first.run_uid != second.run_uid


def test_a_model_of_slices_cannot_be_run_on_a_film_task(tmp_path: Path) -> None:
    package = load_package(build_segmenter(tmp_path / "segmenter"))
    run = read(package, chest()).run
    assert run.state is RunState.NOT_APPLICABLE
