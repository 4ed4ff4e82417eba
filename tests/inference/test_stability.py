"""How far scores move under small shifts and windows, and what counts as stable."""

from dataclasses import replace

import numpy as np
import pytest
from phantom_films import EVIDENCE, LARGE_HEART, display_set, film

from viewer.base.errors import Cancelled
from viewer.domain.finding import Finding, ModelRun, OperatingPoint, Score
from viewer.domain.image import Frame
from viewer.inference.analysis import analyze
from viewer.inference.model_package import ModelPackage
from viewer.inference.session import Device, SessionPool
from viewer.inference.stability import TRIES, judged, shifted, variants, with_stability


def ignore(_value: object) -> None:
    """Nobody listens."""


def first(package: ModelPackage, frame: Frame) -> ModelRun:
    shown = display_set()
    return analyze(
        package=package,
        acquisition=shown.acquisition,
        display_set=shown,
        frame=frame,
        pool=SessionPool(),
        device=Device.CPU,
        stated_view="",
        evidence=EVIDENCE,
        report=ignore,
        on_cancel=ignore,
    ).run


def measured(package: ModelPackage, frame: Frame) -> Finding:
    run = first(package, frame)
    again = with_stability(run, package, frame, SessionPool(), Device.CPU, ignore, ignore)
    assert replace(again, findings=(), below=()) == replace(run, findings=(), below=())
    (finding,) = again.findings or again.below
    (before,) = run.findings or run.below
    assert replace(finding, stability=None) == before
    return finding


def test_a_ratio_far_from_the_threshold_is_stable_with_its_range(package: ModelPackage) -> None:
    found = measured(package, film(heart=LARGE_HEART)).stability
    assert found is not None and found.stable
    assert 0.5 < found.low <= found.high < 0.7
    assert (found.tries, found.refused) == (TRIES, 0)


def test_a_ratio_that_changes_sides_is_unstable(package: ModelPackage) -> None:
    """The left lung ends where the image does: shifted to the left, it is cut off, and the ratio grows."""
    frame = film(heart=(0.42, 0.83))
    touching = replace(frame, stored=np.ascontiguousarray(frame.stored[:, : round(0.915 * 160)]))
    finding = measured(package, touching)
    found = finding.stability
    assert found is not None and finding.operating_point is not None
    assert found.low <= finding.operating_point.threshold < found.high
    assert not found.stable


def test_stable_means_one_side_of_the_threshold_in_every_try() -> None:
    finding = scored(0.52)
    assert judged(finding, [0.51] * TRIES).stable
    assert not judged(finding, [0.51] * (TRIES - 1) + [0.5]).stable
    lost = judged(finding, [0.53] * (TRIES - 2))
    assert (lost.low, lost.high, lost.refused, lost.stable) == (0.52, 0.53, 2, False)


def scored(value: float) -> Finding:
    return Finding(
        "1",
        "key",
        "A finding",
        None,
        None,
        source=None,  # type: ignore[arg-type]
        score=Score("score", value),
        operating_point=OperatingPoint("second_read", 0.5),
    )


def test_each_variant_is_another_image_of_the_same_size_and_type() -> None:
    frame = film()
    ramp = np.arange(frame.stored.size, dtype=np.uint16).reshape(frame.stored.shape) % 1000
    frame = replace(frame, stored=ramp)
    made = [variant.stored for variant in variants(frame)]
    assert len(made) == TRIES
    assert {(one.shape, one.dtype) for one in made} == {(ramp.shape, ramp.dtype)}
    assert len({one.tobytes() for one in (*made, ramp)}) == TRIES + 1


def test_shifting_moves_by_whole_pixels_and_repeats_the_edge() -> None:
    image = np.array([[1, 2, 3], [4, 5, 6]], np.uint16)
    assert shifted(image, 0, 1).tolist() == [[1, 1, 2], [4, 4, 5]]
    assert shifted(image, -1, 0).tolist() == [[4, 5, 6], [4, 5, 6]]


def test_giving_up_ends_it_within_one_try(package: ModelPackage) -> None:
    run = first(package, film())

    def stop(_share: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        with_stability(run, package, film(), SessionPool(), Device.CPU, stop, ignore)
