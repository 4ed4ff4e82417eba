"""One model on one frame, end to end: applicability, input, network, task; every outcome is a ModelRun."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from viewer.base.errors import ViewerError
from viewer.domain.display_set import Acquisition, DisplaySet
from viewer.domain.finding import InputEvidence, ModelRun, RunState
from viewer.domain.image import Frame, Heatmap
from viewer.inference.applicability import Applicable, Decision, applicable, orientation_refusal
from viewer.inference.input_figures import frame_facts, input_figures
from viewer.inference.manifest import words
from viewer.inference.model_package import ModelPackage
from viewer.inference.output_checks import check_outputs
from viewer.inference.quality_gate import pixel_refusal, unlike_training, value_refusal
from viewer.inference.run_outcome import (
    Analysis,
    Place,
    begun,
    concluded,
    ended,
    failed,
    heatmap,
    ran,
    refused,
)
from viewer.inference.session import Device, OnCancel, Outputs, SessionPool
from viewer.inference.task import LabelMap, frame_task

__all__ = ["Analysis", "Report", "analyze", "decide", "failed", "refused"]

Report = Callable[[float], None]
"""Takes the share done, 0 to 1; may raise Cancelled."""

APPLICABLE_DONE, INPUT_DONE, NETWORK_DONE, ALL_DONE = 0.05, 0.3, 0.9, 1.0
"""Share of a run's time behind each step, roughly, on a CPU."""


@dataclass(frozen=True, eq=False)
class _Work:
    """What one analysis was given, and when it began."""

    package: ModelPackage
    display_set: DisplaySet
    frame: Frame
    pool: SessionPool
    device: Device
    report: Report
    on_cancel: OnCancel
    run: ModelRun
    started: float = field(default_factory=time.perf_counter)


def analyze(
    *,
    package: ModelPackage,
    acquisition: Acquisition,
    display_set: DisplaySet,
    frame: Frame,
    pool: SessionPool,
    device: Device,
    stated_view: str,
    evidence: InputEvidence,
    report: Report,
    on_cancel: OnCancel,
) -> Analysis:
    """Run one model on one frame; its failures are told in the run, never raised.

    Parameters
    ----------
    stated_view : the reader's answer to an AskView, or ""
    evidence : hashes of the file and of the decoded stored values of `frame`

    Raises
    ------
    Cancelled : the reader stopped it, through `report` or `on_cancel`
    """
    decision = decide(package, acquisition, display_set, stated_view)
    if not isinstance(decision, Applicable):
        return refused(package, display_set, decision, stated_view)
    started = begun(package, display_set, stated_view)
    run = replace(started, inputs=(evidence,), warnings=decision.warnings)
    work = _Work(package, display_set, frame, pool, device, report, on_cancel, run)
    try:
        return _examined(work)
    except ViewerError as error:
        return Analysis(ended(work.run, work.started, RunState.FAILED, str(error)))


def decide(
    package: ModelPackage, acquisition: Acquisition, display_set: DisplaySet, stated_view: str = ""
) -> Decision:
    """Whether the model may run on the display set; needs the header alone, no pixels."""
    return applicable(package.manifest, acquisition, stated_view, len(display_set.frames))


def _examined(work: _Work) -> Analysis:
    manifest = work.package.manifest
    work.report(APPLICABLE_DONE)
    sideways = orientation_refusal(manifest, work.frame.edges)
    quality = manifest.quality
    refusal = (
        sideways or pixel_refusal(work.frame, quality) or value_refusal((work.frame,), quality)
    )
    if refusal:
        return Analysis(ended(work.run, work.started, RunState.NOT_APPLICABLE, refusal))
    task = frame_task(manifest)
    prepared = task.prepare(work.frame, manifest)
    work.report(INPUT_DONE)
    seen = manifest.input.fed(prepared.tensor)
    outputs = _network(work, seen)
    work.report(NETWORK_DONE)
    unlike = unlike_training(manifest, outputs.tensors)
    reading = unlike or task.read(outputs.tensors, prepared, work.frame, manifest)
    figures = input_figures(manifest, seen, outputs.tensors, frame_facts(work.frame))
    run = replace(ran(work.run, outputs.provider, outputs.notices), input_figures=figures)
    place = Place(work.frame.ref, prepared.image_from_tensor_px)
    analysis = concluded(work.package, work.display_set, run, work.started, reading, place)
    work.report(ALL_DONE)
    if analysis.run.state is not RunState.DONE:
        return replace(analysis, seen=seen)
    return replace(analysis, seen=seen, label_maps=tuple(_label_maps(work, outputs, place)))


def _network(work: _Work, seen: NDArray[np.float32]) -> Outputs:
    manifest = work.package.manifest
    session = work.pool.get(work.package, work.device)
    names = [output.tensor for output in manifest.outputs]
    outputs = session.run({manifest.input.tensor: seen}, names, work.on_cancel)
    check_outputs(manifest.outputs, outputs.tensors)
    return outputs


def _label_maps(work: _Work, outputs: Outputs, place: Place) -> Iterator[tuple[str, Heatmap]]:
    first = work.package.manifest.outputs[0]
    if (first.type, first.layout) == ("probabilities", "NCHW"):
        channels = outputs.tensors[first.tensor][0]
        for label in work.package.manifest.labels:
            shown = LabelMap(words(label.display), channels[label.index])
            yield label.key, heatmap(work.package, shown, place)
