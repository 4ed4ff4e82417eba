"""A second look at a result: the input as the model saw it, and what happens when parts of it are covered.

Computed on demand in the background, cancellable, and shown in a window beside the image.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from viewer.app.ai_state import AiState, ai_states
from viewer.app.heatmaps import run_heatmaps
from viewer.app.jobs import Job, JobContext, Lane
from viewer.app.seen_series import batch_of, chosen, sheet
from viewer.app.session import Shown
from viewer.app.workbench import ModelPicture, Workbench
from viewer.base.errors import ViewerError
from viewer.base.i18n import _
from viewer.dicom.decoder import decode
from viewer.domain.finding import Finding
from viewer.domain.image import Heatmap
from viewer.imaging.heatmap import colour_table
from viewer.inference.manifest import Manifest
from viewer.inference.occlusion import FULL_SCALE, GRID, Occlusion, agreement, occlusion
from viewer.inference.session import Device
from viewer.inference.task import FrameTask, SeriesTask, frame_task, known_tasks

Rgb = NDArray[np.uint8]

OUTLINES = ((110, 220, 255), (255, 190, 80), (150, 255, 140))
"""Colours of a segmentation's outlines, in the order of its maps."""

HALF = 0.5
"""Probability from which a pixel belongs to what a segmentation outlines."""

OPACITY = 0.85
"""Of the occlusion map where it is strongest."""

JOB_KEY = "second look"


@dataclass(frozen=True, eq=False)
class _Look:
    """What is looked at. maps: the network's own, of the run that is there."""

    shown: Shown
    state: AiState
    maps: tuple[Heatmap, ...]

    @property
    def manifest(self) -> Manifest:
        """Of the model."""
        return self.state.package.manifest


def can_look(workbench: Workbench) -> bool:
    """Whether a model that reads single images says something of the image on the screen."""
    return _look(workbench) is not None


def can_see(workbench: Workbench) -> bool:
    """Whether any model says something of the image or the series on the screen."""
    return _look(workbench, (FrameTask, SeriesTask)) is not None


def show_seen(workbench: Workbench) -> None:
    """Prepare the image or the series as the model does, and show that."""
    _submit(workbench, _seen, (FrameTask, SeriesTask))


def _seen(look: _Look, context: JobContext) -> ModelPicture:
    if isinstance(known_tasks()[look.manifest.task.kind], FrameTask):
        return seen_picture(look)
    return series_picture(look, batch_of(look.shown.display_set, look.manifest, context))


def show_occlusion(workbench: Workbench) -> None:
    """Cover place by place, run the network each time, and show what changed."""
    device = Device(workbench.settings.values.inference.device)
    colours = colour_table(workbench.settings.values.display.colour_map)
    selected, pool = workbench.session.selected, workbench.sessions

    def work(look: _Look, context: JobContext) -> ModelPicture:
        finding = _finding(look, selected)
        if finding is None:
            return ModelPicture(_title(look), _grey(look), (_nothing(),))
        frame, told = decode(look.shown.ref), (context.report, context.on_cancel)
        found = occlusion(look.state.package, frame, finding.key, pool, device, *told)
        return occlusion_picture(look, finding, found, colours)

    workbench.session.notify(
        _("Covering {places} places, one after the other…").format(places=GRID**2)
    )
    _submit(workbench, work)


def cancel_look(workbench: Workbench) -> None:
    """Give a second look up."""
    workbench.jobs.cancel(JOB_KEY)
    workbench.session.looking = False


def _submit(
    workbench: Workbench,
    work: Callable[[_Look, JobContext], ModelPicture],
    kinds: tuple[type, ...] = (FrameTask,),
) -> None:
    look = _look(workbench, kinds)
    if look is None:
        return
    workbench.session.looking = True
    workbench.jobs.submit(
        Job(
            JOB_KEY,
            Lane.OBJECTS,
            partial(work, look),
            partial(_show, workbench, look),
            partial(_failed, workbench),
            on_cancelled=partial(_ended, workbench),
        )
    )


def _show(workbench: Workbench, look: _Look, picture: ModelPicture) -> None:
    """Only while its own image's patient is still on the screen."""
    _ended(workbench)
    shown = workbench.session.shown
    if shown is not None and shown.study.patient.key == look.shown.study.patient.key:
        workbench.dialogs.show_model_picture(look.shown.study, picture)


def _failed(workbench: Workbench, error: ViewerError) -> None:
    _ended(workbench)
    workbench.session.fail(error)


def _ended(workbench: Workbench) -> None:
    workbench.session.looking = False


def _look(workbench: Workbench, kinds: tuple[type, ...] = (FrameTask,)) -> _Look | None:
    """The model whose finding is selected, else the first that has ended on this image.

    kinds : of tasks
    """
    shown = workbench.session.shown
    if shown is None:
        return None
    states = [
        one
        for one in ai_states(workbench, shown.study, shown.display_set)
        if one.run is not None and isinstance(known_tasks()[one.package.manifest.task.kind], kinds)
    ]
    selected = workbench.session.selected
    first = next((one for one in states if selected in _stated(one)), None)
    state = first or next(iter(states), None)
    if state is None or state.run is None:
        return None
    return _Look(shown, state, run_heatmaps(workbench, shown.study, state.run))


def _stated(state: AiState) -> Mapping[str, Finding]:
    assert state.run is not None
    return {one.tracking_uid: one for one in (*state.run.findings, *state.run.below)}


def _finding(look: _Look, selected: str | None) -> Finding | None:
    stated = _stated(look.state)
    return stated.get(selected or "") or next(iter(stated.values()), None)


def seen_picture(look: _Look) -> ModelPicture:
    """The input tensor as a picture, the network's outlines over it, and the operations that made it."""
    picture = _grey(look)
    for colour, heatmap in zip(OUTLINES, look.maps, strict=False):
        if heatmap.segment is not None and heatmap.values.shape == picture.shape[:2]:
            picture[_edge(heatmap.values >= HALF)] = colour
    outlined = [one.label for one in look.maps if one.segment is not None]
    shape = look.manifest.input.rows_columns
    lines = [_("The model read {shape}, made from the file by:").format(shape=_sizes(shape))]
    lines += [f"{n}. {_told(one)}" for n, one in enumerate(look.manifest.input.operations, 1)]
    if outlined:
        lines.append(_("Outlined by the network: {labels}.").format(labels=", ".join(outlined)))
    return ModelPicture(_title(look), picture, tuple(lines))


def series_picture(look: _Look, batch: NDArray[np.float32]) -> ModelPicture:
    """A sheet of what the network was asked about, shape of `batch` (inputs, rows, columns)."""
    lines = [_read_of_series(batch)]
    assert look.state.run is not None
    lines += look.state.run.warnings
    lines += [f"{n}. {_told(one)}" for n, one in enumerate(look.manifest.input.operations, 1)]
    return ModelPicture(_title(look), sheet(batch), tuple(lines))


def _read_of_series(batch: NDArray[np.float32]) -> str:
    """A model of series may be asked about a single film, too."""
    shape = _sizes(batch.shape[1:])
    if len(batch) == 1:
        return _("The model read {shape}, made from the file by:").format(shape=shape)
    return _("The model read {n} slices or places of {shape}; {m} of them are shown.").format(
        n=len(batch), shape=shape, m=len(chosen(len(batch)))
    )


def occlusion_picture(
    look: _Look, finding: Finding, found: Occlusion | None, colours: NDArray[np.uint8]
) -> ModelPicture:
    """The change of the score over the input, on one fixed scale, with the agreement figure."""
    if found is None:
        return ModelPicture(_title(look), _grey(look), (_nothing(),))
    picture = _grey(look)
    rows, columns = picture.shape[:2]
    strength = np.clip(np.abs(np.nan_to_num(found.change)) / FULL_SCALE, 0, 1)
    large = _enlarged(strength.astype(np.float32), rows, columns)[..., None]
    over = colours[np.rint(large[..., 0] * 255).astype(np.uint8)]
    share = OPACITY * large
    blended = np.rint(picture * (1 - share) + over * share).astype(np.uint8)
    return ModelPicture(_title(look), blended, tuple(_occlusion_lines(look, finding, found)))


def _occlusion_lines(look: _Look, finding: Finding, found: Occlusion) -> list[str]:
    lost = int(np.isnan(found.change).sum())
    known = found.change[~np.isnan(found.change)]
    lines = [
        _("Occlusion map of {label}, a second look: {n} places covered one by one.").format(
            label=finding.label, n=found.change.size
        ),
        _("Score uncovered {score:.2f}; covered {low:.2f} to {high:.2f}.").format(
            score=found.score,
            low=found.score - max(known, default=0.0),
            high=found.score - min(known, default=0.0),
        ),
        _("Fixed scale: change of 0 to {full}. Shows influence, not a lesion outline.").format(
            full=FULL_SCALE
        ),
    ]
    if lost:
        lines.append(_("{n} places are essential: covered, no score is given.").format(n=lost))
    return [*lines, _agreement_line(look, finding, found)]


def _agreement_line(look: _Look, finding: Finding, found: Occlusion) -> str:
    own = next((one for one in look.maps if one.label == finding.label), None)
    if own is None or own.segment is not None:
        return _("There is no class activation map to compare it with.")
    figure = agreement(found.change, own)
    if np.isnan(figure):
        return _("Agreement with {method} cannot be told: one of both is even.").format(
            method=own.method
        )
    return _("Agreement with {method}: rank correlation {figure:.2f}.").format(
        method=own.method, figure=figure
    )


def _grey(look: _Look) -> Rgb:
    """The tensor as grey picture, its lowest value black, its highest white; (rows, columns, 3)."""
    prepared = frame_task(look.manifest).prepare(decode(look.shown.ref), look.manifest)
    low, high = float(prepared.tensor.min()), float(prepared.tensor.max())
    scaled = (prepared.tensor - low) / max(high - low, 1e-6)
    grey = np.rint(255 * scaled).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


def _edge(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Pixels of the mask with a neighbour outside of it."""
    inner = mask.copy()
    for axis in (0, 1):
        for step in (1, -1):
            inner &= np.roll(mask, step, axis)
    return mask & ~inner


def _enlarged(values: NDArray[np.float32], rows: int, columns: int) -> NDArray[np.float32]:
    picture = Image.fromarray(values).resize((columns, rows), Image.Resampling.NEAREST)
    return np.asarray(picture, dtype=np.float32)


def _told(operation: Mapping[str, object]) -> str:
    """An operation with its parameters, as the manifest has them."""
    others = ", ".join(f"{name} {value}" for name, value in operation.items() if name != "op")
    name = str(operation["op"]).replace("_", " ")
    return f"{name} ({others})" if others else name


def _sizes(shape: Sequence[int]) -> str:
    return " x ".join(str(size) for size in shape)


def _title(look: _Look) -> str:
    algorithm = look.state.algorithm
    return f"{algorithm.name} {algorithm.version}"


def _nothing() -> str:
    return _("The model states nothing on this image, so there is no score to look into.")
