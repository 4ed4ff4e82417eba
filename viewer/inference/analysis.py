"""One model on one frame, end to end: applicability, input, network, task; every outcome is a ModelRun."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from viewer import __version__
from viewer.base.errors import ViewerError
from viewer.base.i18n import _
from viewer.domain.display_set import Acquisition, DisplaySet
from viewer.domain.finding import InputEvidence, ModelRun, RunState
from viewer.domain.image import Frame, Heatmap
from viewer.inference.applicability import (
    Applicable,
    AskView,
    Decision,
    NotApplicable,
    applicable,
    orientation_refusal,
)
from viewer.inference.identifiers import new_uid
from viewer.inference.manifest import words
from viewer.inference.model_package import ModelPackage
from viewer.inference.output_checks import check_outputs
from viewer.inference.preprocessing import Prepared
from viewer.inference.proposals import proposals, shown_point
from viewer.inference.quality_gate import pixel_refusal, unlike_training
from viewer.inference.session import Device, OnCancel, Outputs, SessionPool, runtime_version
from viewer.inference.task import LabelMap, Reading, Refusal, known_tasks

Report = Callable[[float], None]
"""Takes the share done, 0 to 1; may raise Cancelled."""

APPLICABLE_DONE, INPUT_DONE, NETWORK_DONE, ALL_DONE = 0.05, 0.3, 0.9, 1.0
"""Share of a run's time behind each step, roughly, on a CPU."""


@dataclass(frozen=True, eq=False)
class Analysis:
    """A run with what it leaves for the eye.

    heatmaps: the network's own maps; none unless the run is DONE. seen: the input tensor in the
    manifest's layout, float32, or None when the network was not run. label_maps: (label key, map) of
    each channel of a network whose first output are maps of probabilities, to measure it by.
    """

    run: ModelRun
    heatmaps: tuple[Heatmap, ...] = ()
    seen: NDArray[np.float32] | None = None
    label_maps: tuple[tuple[str, Heatmap], ...] = ()


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
    begun = _begun(package, display_set, stated_view)
    run = replace(begun, inputs=(evidence,), warnings=decision.warnings)
    work = _Work(package, display_set, frame, pool, device, report, on_cancel, run)
    try:
        return _examined(work)
    except ViewerError as error:
        return Analysis(_ended(work, RunState.FAILED, reason=str(error)))


def decide(
    package: ModelPackage, acquisition: Acquisition, display_set: DisplaySet, stated_view: str = ""
) -> Decision:
    """Whether the model may run on the display set; needs the header alone, no pixels."""
    return applicable(package.manifest, acquisition, stated_view, len(display_set.frames))


def refused(
    package: ModelPackage,
    display_set: DisplaySet,
    decision: NotApplicable | AskView,
    stated_view: str = "",
) -> Analysis:
    """The run of a model that must not run; nothing was computed."""
    run = _begun(package, display_set, stated_view)
    return Analysis(replace(run, state=RunState.NOT_APPLICABLE, reason=_why_not(decision)))


def failed(
    package: ModelPackage, display_set: DisplaySet, reason: str, stated_view: str = ""
) -> Analysis:
    """The run of a model whose input could not be had; `reason` is a sentence for the reader."""
    run = _begun(package, display_set, stated_view)
    return Analysis(replace(run, state=RunState.FAILED, reason=reason))


def _examined(work: _Work) -> Analysis:
    manifest = work.package.manifest
    work.report(APPLICABLE_DONE)
    sideways = orientation_refusal(manifest, work.frame.edges)
    refusal = sideways or pixel_refusal(work.frame, manifest.quality)
    if refusal:
        return Analysis(_ended(work, RunState.NOT_APPLICABLE, reason=refusal))
    task = known_tasks()[manifest.task.kind]
    prepared = task.prepare(work.frame, manifest)
    work.report(INPUT_DONE)
    seen = prepared.tensor.reshape(manifest.input.shape)
    outputs = _network(work, seen)
    work.report(NETWORK_DONE)
    unlike = unlike_training(manifest, outputs.tensors)
    reading = unlike or task.read(outputs.tensors, prepared, work.frame, manifest)
    analysis = _concluded(work, reading, prepared, outputs)
    work.report(ALL_DONE)
    return replace(analysis, seen=seen)


def _network(work: _Work, seen: NDArray[np.float32]) -> Outputs:
    manifest = work.package.manifest
    session = work.pool.get(work.package, work.device)
    names = [output.tensor for output in manifest.outputs]
    outputs = session.run({manifest.input.tensor: seen}, names, work.on_cancel)
    check_outputs(manifest.outputs, outputs.tensors)
    return outputs


def _concluded(
    work: _Work, reading: Reading | Refusal, prepared: Prepared, outputs: Outputs
) -> Analysis:
    ran = replace(work.run, provider=outputs.provider, runtime=_runtime())
    done = replace(work, run=replace(ran, warnings=(*ran.warnings, *outputs.notices)))
    if isinstance(reading, Refusal):
        return Analysis(_ended(done, RunState.NOT_APPLICABLE, reason=reading.reason))
    split = proposals(work.package, work.display_set, work.frame.ref, reading.statements)
    warnings = (*done.run.warnings, *reading.cautions)
    found = replace(done.run, findings=split.findings, below=split.below, warnings=warnings)
    run = _ended(replace(done, run=found), RunState.DONE)
    maps = _heatmaps(work, reading.maps, prepared)
    return Analysis(run, maps, label_maps=tuple(_label_maps(work, outputs, prepared)))


def _label_maps(work: _Work, outputs: Outputs, prepared: Prepared) -> Iterator[tuple[str, Heatmap]]:
    first = work.package.manifest.outputs[0]
    if (first.type, first.layout) == ("probabilities", "NCHW"):
        channels = outputs.tensors[first.tensor][0]
        for label in work.package.manifest.labels:
            shown = LabelMap(words(label.display), channels[label.index])
            yield label.key, _heatmap(work, shown, prepared)


def _heatmaps(work: _Work, maps: Iterable[LabelMap], prepared: Prepared) -> tuple[Heatmap, ...]:
    if work.package.manifest.explanation.method == "none":
        return ()
    return tuple(_heatmap(work, shown, prepared) for shown in maps)


def _heatmap(work: _Work, shown: LabelMap, prepared: Prepared) -> Heatmap:
    return Heatmap(
        work.frame.ref,
        work.package.key,
        shown.label,
        _(work.package.manifest.explanation.name),
        shown.values,
        prepared.image_from_tensor_px,
        shown.segment,
    )


def _begun(package: ModelPackage, display_set: DisplaySet, stated_view: str) -> ModelRun:
    return ModelRun(
        run_uid=new_uid(),
        state=RunState.RUNNING,
        study_uid=display_set.study_uid,
        series_uid=display_set.series_uid,
        display_set_uid=display_set.uid,
        algorithm=package.algorithm,
        asked_for=package.manifest.asked_for,
        operating_point=shown_point(package.manifest.operating_point),
        reader_view=stated_view,
    )


def _ended(work: _Work, state: RunState, reason: str = "") -> ModelRun:
    return replace(work.run, state=state, reason=reason, seconds=time.perf_counter() - work.started)


def _why_not(decision: NotApplicable | AskView) -> str:
    if isinstance(decision, NotApplicable):
        return decision.reason
    facts = _(" and the ").join(_(fact) for fact in decision.missing)
    return _("The file does not state the {facts}; ask the reader.").format(facts=facts)


def _runtime() -> str:
    return f"onnxruntime {runtime_version()}, SecondRead {__version__}"
