"""Every way a model's run ends, as a ModelRun: refused, failed, done; alike for frames and series."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from viewer import __version__
from viewer.base.i18n import _
from viewer.domain.display_set import DisplaySet, FrameRef
from viewer.domain.finding import ModelRun, RunState
from viewer.domain.geometry import Affine2D
from viewer.domain.image import Heatmap
from viewer.inference.applicability import AskView, NotApplicable
from viewer.inference.identifiers import new_uid
from viewer.inference.model_package import ModelPackage
from viewer.inference.proposals import proposals, shown_point
from viewer.inference.session import runtime_version
from viewer.inference.task import LabelMap, Reading, Refusal


@dataclass(frozen=True, eq=False)
class Analysis:
    """A run with what it leaves for the eye.

    heatmaps: the network's own maps; none unless the run is DONE. seen: the input tensor in the
    manifest's layout, float32 (of a series one row for each slice or place asked about), or None
    when the network was not run. label_maps: (label key, map) of each channel of a network whose
    first output are maps of probabilities, to measure it by.
    """

    run: ModelRun
    heatmaps: tuple[Heatmap, ...] = ()
    seen: NDArray[np.float32] | None = None
    label_maps: tuple[tuple[str, Heatmap], ...] = ()


@dataclass(frozen=True)
class Place:
    """The frame, and the way to its pixels, of what a task states without naming one."""

    ref: FrameRef
    image_from_tensor_px: Affine2D


def begun(package: ModelPackage, display_set: DisplaySet, stated_view: str) -> ModelRun:
    """A run that has just started."""
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


def ended(run: ModelRun, started: float, state: RunState, reason: str = "") -> ModelRun:
    """The run with its end; started: time.perf_counter() of its beginning."""
    return replace(run, state=state, reason=reason, seconds=time.perf_counter() - started)


def refused(
    package: ModelPackage,
    display_set: DisplaySet,
    decision: NotApplicable | AskView,
    stated_view: str = "",
) -> Analysis:
    """The run of a model that must not run; nothing was computed."""
    run = begun(package, display_set, stated_view)
    return Analysis(replace(run, state=RunState.NOT_APPLICABLE, reason=_why_not(decision)))


def failed(
    package: ModelPackage, display_set: DisplaySet, reason: str, stated_view: str = ""
) -> Analysis:
    """The run of a model whose input could not be had; `reason` is a sentence for the reader."""
    run = begun(package, display_set, stated_view)
    return Analysis(replace(run, state=RunState.FAILED, reason=reason))


def ran(run: ModelRun, provider: str, notices: tuple[str, ...]) -> ModelRun:
    """The run with where its network ran, and what the runtime had to say."""
    runtime = f"onnxruntime {runtime_version()}, SecondRead {__version__}"
    return replace(run, provider=provider, runtime=runtime, warnings=(*run.warnings, *notices))


def concluded(
    package: ModelPackage,
    display_set: DisplaySet,
    run: ModelRun,
    started: float,
    reading: Reading | Refusal,
    place: Place,
) -> Analysis:
    """What the task read in the outputs, as findings and maps."""
    if isinstance(reading, Refusal):
        return Analysis(ended(run, started, RunState.NOT_APPLICABLE, reading.reason))
    split = proposals(package, display_set, place.ref, reading.statements)
    warnings = (*run.warnings, *reading.cautions)
    found = replace(run, findings=split.findings, below=split.below, warnings=warnings)
    maps = heatmaps(package, reading.maps, place)
    return Analysis(ended(found, started, RunState.DONE), maps)


def heatmaps(package: ModelPackage, maps: Iterable[LabelMap], place: Place) -> tuple[Heatmap, ...]:
    """The maps to show; none where the manifest declares no explanation."""
    if package.manifest.explanation.method == "none":
        return ()
    return tuple(heatmap(package, shown, place) for shown in maps)


def heatmap(package: ModelPackage, shown: LabelMap, place: Place) -> Heatmap:
    """One map where it lies."""
    return Heatmap(
        shown.ref or place.ref,
        package.key,
        shown.label,
        _(package.manifest.explanation.name),
        shown.values,
        shown.image_from_map_px or place.image_from_tensor_px,
        shown.segment,
    )


def _why_not(decision: NotApplicable | AskView) -> str:
    if isinstance(decision, NotApplicable):
        return decision.reason
    facts = _(" and the ").join(_(fact) for fact in decision.missing)
    return _("The file does not state the {facts}; ask the reader.").format(facts=facts)
