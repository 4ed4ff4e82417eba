"""One model on one series, end to end: batches of slices or places through the network, then the task.

Stopped between batches and within one: progress is told, and cancelling heard, at every step.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from viewer.base.errors import InferenceError, ViewerError
from viewer.base.i18n import _
from viewer.domain.display_set import DisplaySet
from viewer.domain.finding import InputEvidence, ModelRun, RunState
from viewer.domain.geometry import Affine2D
from viewer.domain.image import Heatmap
from viewer.domain.volume import Volume
from viewer.inference.analysis import Report, decide
from viewer.inference.applicability import Applicable
from viewer.inference.input_figures import input_figures, volume_facts
from viewer.inference.manifest import Manifest
from viewer.inference.model_package import ModelPackage
from viewer.inference.output_checks import check_outputs
from viewer.inference.quality_gate import pixel_refusal, unlike_training, value_refusal
from viewer.inference.run_outcome import (
    Analysis,
    Place,
    begun,
    concluded,
    ended,
    heatmap,
    ran,
    refused,
)
from viewer.inference.session import Device, InferenceSession, OnCancel, SessionPool
from viewer.inference.task import (
    LabelMap,
    Reading,
    Refusal,
    SeriesTask,
    Tell,
    Tensors,
    known_tasks,
)

INPUT_DONE, NETWORK_DONE, ALL_DONE = 0.35, 0.95, 1.0
"""Share of a run's time behind each step, roughly, on a CPU."""


@dataclass(frozen=True, eq=False)
class _Work:
    """What one analysis was given, and when it began."""

    package: ModelPackage
    display_set: DisplaySet
    volume: Volume
    pool: SessionPool
    device: Device
    report: Report
    on_cancel: OnCancel
    run: ModelRun
    started: float = field(default_factory=time.perf_counter)


@dataclass(frozen=True, eq=False)
class Answers:
    """All rows of all outputs, where the network ran, and what the runtime had to say."""

    tensors: Tensors
    provider: str
    notices: tuple[str, ...]


def reads_series(package: ModelPackage) -> bool:
    """Whether the model reads all slices of a series at once."""
    return isinstance(known_tasks()[package.manifest.task.kind], SeriesTask)


def analyze_series(
    *,
    package: ModelPackage,
    display_set: DisplaySet,
    volume: Volume,
    pool: SessionPool,
    device: Device,
    stated_view: str,
    evidence: tuple[InputEvidence, ...],
    report: Report,
    on_cancel: OnCancel,
) -> Analysis:
    """Run one model on one series; its failures are told in the run, never raised.

    evidence : hashes of the file and of the decoded stored values of each slice
    Raises Cancelled: the reader stopped it, through `report` or `on_cancel`
    """
    decision = decide(package, display_set.acquisition, display_set, stated_view)
    if not isinstance(decision, Applicable):
        return refused(package, display_set, decision, stated_view)
    started = begun(package, display_set, stated_view)
    run = replace(started, inputs=evidence, warnings=decision.warnings)
    work = _Work(package, display_set, volume, pool, device, report, on_cancel, run)
    try:
        return _examined(work)
    except ViewerError as error:
        return Analysis(ended(run, work.started, RunState.FAILED, str(error)))


def _examined(work: _Work) -> Analysis:
    manifest = work.package.manifest
    frames, quality = work.volume.frames, manifest.quality
    refusal = pixel_refusal(frames[len(frames) // 2], quality) or value_refusal(frames, quality)
    if refusal:
        return Analysis(ended(work.run, work.started, RunState.NOT_APPLICABLE, refusal))
    task = series_task(manifest)
    asked = task.ask(work.volume, manifest, part_of(work.report, 0.0, INPUT_DONE))
    if isinstance(asked, Refusal):
        reason = asked.reason
        return Analysis(ended(work.run, work.started, RunState.NOT_APPLICABLE, reason))
    session = work.pool.get(work.package, work.device)
    tell = part_of(work.report, INPUT_DONE, NETWORK_DONE)
    found = answers(work.package, session, asked.batch, work.on_cancel, tell)
    told = part_of(work.report, NETWORK_DONE, ALL_DONE)
    reading = unlike_training(manifest, found.tensors) or asked.conclude(found.tensors, told)
    figures = input_figures(manifest, asked.batch, found.tensors, volume_facts(work.volume))
    run = replace(ran(work.run, found.provider, found.notices), input_figures=figures)
    place = Place(work.volume.frames[0].ref, Affine2D())
    analysis = concluded(work.package, work.display_set, run, work.started, reading, place)
    maps = tuple(_label_maps(work.package, reading, place))
    work.report(ALL_DONE)
    return replace(analysis, seen=asked.batch, label_maps=maps)


def series_task(manifest: Manifest) -> SeriesTask:
    """The task of a model that reads series; raises InferenceError for one that reads single frames."""
    task = known_tasks()[manifest.task.kind]
    if isinstance(task, SeriesTask):
        return task
    raise InferenceError(_("{model} reads single images, not series.").format(model=manifest.name))


def part_of(report: Report, first: float, last: float) -> Tell:
    """A listener for the share of one step, told as a share of the whole."""
    return lambda share: report(first + (last - first) * share)


def answers(
    package: ModelPackage,
    session: InferenceSession,
    batch: NDArray[np.float32],
    on_cancel: OnCancel,
    tell: Tell,
) -> Answers:
    """All rows through the network, `input.max_batch` at a time; raises Cancelled through `tell`."""
    manifest = package.manifest
    names = [output.tensor for output in manifest.outputs]
    parts: list[Tensors] = []
    notices: list[str] = []
    done = 0
    for rows in _batches(batch, manifest.input.max_batch):
        outputs = session.run({manifest.input.tensor: rows}, names, on_cancel)
        check_outputs(manifest.outputs, outputs.tensors, len(rows))
        parts.append(outputs.tensors)
        notices += outputs.notices
        done += len(rows)
        tell(done / len(batch))
    tensors = {
        output.tensor: np.concatenate([_no_rows(output.shape), *(p[output.tensor] for p in parts)])
        for output in manifest.outputs
    }
    return Answers(tensors, session.provider, tuple(dict.fromkeys(notices)))


def _no_rows(shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Where nothing was asked, there is an answer of no rows."""
    return np.zeros((0, *shape[1:]), np.float32)


def _batches(batch: NDArray[np.float32], most: int) -> Iterator[NDArray[np.float32]]:
    for first in range(0, len(batch), most):
        yield np.ascontiguousarray(batch[first : first + most])


def _label_maps(
    package: ModelPackage, reading: Reading | Refusal, place: Place
) -> Iterator[tuple[str, Heatmap]]:
    maps: tuple[LabelMap, ...] = reading.maps if isinstance(reading, Reading) else ()
    for shown in maps:
        if shown.key:
            yield shown.key, heatmap(package, shown, place)
