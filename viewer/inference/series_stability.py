"""How far the scores of a series move when what the network is shown is shifted or windowed a little.

The same tries as for a single image (see inference.stability), made on the network's input: every slice,
or the square around every place, is shifted by 2 %, or its values are cut at both ends.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from viewer.domain.display_set import FramePlace
from viewer.domain.finding import Finding, Mark, ModelRun
from viewer.domain.volume import Volume
from viewer.inference.model_package import ModelPackage
from viewer.inference.series_analysis import answers, part_of, series_task
from viewer.inference.session import Device, OnCancel, SessionPool
from viewer.inference.stability import (
    SHIFTS,
    TRIES,
    WINDOWS_PERCENT,
    Report,
    judged,
    shifted,
)
from viewer.inference.task import Reading, SeriesInput, Statement

Batch = NDArray[np.float32]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom; px of the image."""

ASKED = 0.2
"""Share of the time until the network's input is made."""

NEAR_SLICES = 2
"""A finding of a try is the same one when it lies on the slice of the first or this near to it."""

NEAR_PX = 8.0
"""Outlines move with the shift; boxes that come this near to one another are the same finding."""


def with_series_stability(
    run: ModelRun,
    package: ModelPackage,
    volume: Volume,
    pool: SessionPool,
    device: Device,
    report: Report,
    on_cancel: OnCancel,
) -> ModelRun:
    """The run, each of its findings with how stable its score is.

    volume : the one the run is of

    Raises
    ------
    Cancelled : the reader gave up, through `report` or `on_cancel`
    ViewerError : the series cannot be prepared, or the network failed
    """
    asked = series_task(package.manifest).ask(volume, package.manifest, part_of(report, 0, ASKED))
    if not isinstance(asked, SeriesInput):
        return run
    session = pool.get(package, device)
    tried: list[tuple[Statement, ...]] = []
    for number, batch in enumerate(variants_of(asked.batch)):
        each = (1 - ASKED) / TRIES
        tell = part_of(report, ASKED + number * each, ASKED + (number + 1) * each)
        found = answers(package, session, batch, on_cancel, tell)
        reading = asked.conclude(found.tensors, lambda share: None)
        tried.append(reading.statements if isinstance(reading, Reading) else ())
    order = {frame.ref.place: number for number, frame in enumerate(volume.frames)}
    return replace(
        run,
        findings=tuple(_told(run.findings, tried, order)),
        below=tuple(_told(run.below, tried, order)),
    )


def variants_of(batch: Batch) -> Iterator[Batch]:
    """batch : (n, channels, rows, columns), shifted and windowed; as many as TRIES."""
    rows, columns = batch.shape[2:]
    for across, down in SHIFTS:
        by = (round(down * rows), round(across * columns))
        yield np.stack([[shifted(plane, *by) for plane in row] for row in batch])
    for low, high in np.percentile(batch, WINDOWS_PERCENT):
        yield np.clip(batch, low, high).astype(np.float32)


def _told(
    findings: Sequence[Finding],
    tried: Sequence[tuple[Statement, ...]],
    order: dict[FramePlace, int],
) -> Iterator[Finding]:
    for one in findings:
        scores = (_score(one, statements, order) for statements in tried)
        found = [score for score in scores if score is not None]
        yield replace(one, stability=judged(one, found))


def _score(
    finding: Finding, statements: Sequence[Statement], order: dict[FramePlace, int]
) -> float | None:
    """The best score of what a try states at the place of a finding; None where it states nothing."""
    same = (one for one in statements if one.key == finding.key and _same(finding, one, order))
    return max((one.score for one in same), default=None)


def _same(finding: Finding, one: Statement, order: dict[FramePlace, int]) -> bool:
    """Whether boxes touch on neighbouring slices; of a finding without a box, whether it is of the key."""
    place = finding.localization
    if place is None or not place.marks:
        return True
    if one.ref is None or not one.marks:
        return False
    between = abs(order[one.ref.place] - order[place.place])
    return between <= NEAR_SLICES and _touch(_box(place.marks), _box(one.marks))


def _box(marks: Sequence[Mark]) -> Box:
    points = np.array(marks[0].points_px)
    (left, top), (right, bottom) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return left, top, right, bottom


def _touch(one: Box, other: Box) -> bool:
    return (
        one[0] - NEAR_PX <= other[2]
        and other[0] - NEAR_PX <= one[2]
        and one[1] - NEAR_PX <= other[3]
        and other[1] - NEAR_PX <= one[3]
    )
