"""How far a score moves when the same image is shifted or windowed a little: extra runs of the same network.

Nothing of the patient changes between the tries, so whatever moves is the network's own doubt.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from viewer.domain.finding import Finding, ModelRun, Stability
from viewer.domain.image import Frame
from viewer.inference.model_package import ModelPackage
from viewer.inference.session import Device, InferenceSession, OnCancel, SessionPool
from viewer.inference.task import FrameTask, Reading, frame_task

Value = TypeVar("Value", bound=np.generic)

Report = Callable[[float], None]
"""Takes the share done, 0 to 1; may raise Cancelled."""

SHIFT = 0.02
"""Share of the image's width or height."""

SHIFTS = ((SHIFT, 0.0), (-SHIFT, 0.0), (0.0, SHIFT), (0.0, -SHIFT))
"""Across and down; the edge is repeated where the image moved away from it."""

WINDOWS_PERCENT = ((3.0, 97.0), (1.0, 95.0), (5.0, 99.0))
"""Tails of the histogram that are cut: a narrower window, a brighter and a darker one."""

TRIES = len(SHIFTS) + len(WINDOWS_PERCENT)


def with_stability(
    run: ModelRun,
    package: ModelPackage,
    frame: Frame,
    pool: SessionPool,
    device: Device,
    report: Report,
    on_cancel: OnCancel,
) -> ModelRun:
    """The run, each of its findings with how stable its score is.

    Parameters
    ----------
    frame : the one the run is of, decoded

    Raises
    ------
    Cancelled : the reader gave up, through `report` or `on_cancel`
    ViewerError : the image cannot be prepared, or the network failed; the model reads series
    """
    task, session = frame_task(package.manifest), pool.get(package, device)
    tried: list[Mapping[str, float]] = []
    for number, variant in enumerate(variants(frame), start=1):
        tried.append(_scores(package, task, session, variant, on_cancel))
        report(number / TRIES)
    return replace(run, findings=_told(run.findings, tried), below=_told(run.below, tried))


def variants(frame: Frame) -> Iterator[Frame]:
    """The frame shifted and windowed; its geometry is left alone, only scores are read of it."""
    for across, down in SHIFTS:
        rows, columns = round(down * frame.rows), round(across * frame.columns)
        yield replace(frame, stored=shifted(frame.stored, rows, columns))
    for low, high in np.percentile(frame.stored, WINDOWS_PERCENT):
        yield replace(frame, stored=np.clip(frame.stored, low, high).astype(frame.stored.dtype))


def shifted(stored: NDArray[Value], rows: int, columns: int) -> NDArray[Value]:
    """Moved down by `rows` and to the right by `columns` (px); the edge is repeated."""
    down = np.clip(np.arange(stored.shape[0]) - rows, 0, stored.shape[0] - 1)
    across = np.clip(np.arange(stored.shape[1]) - columns, 0, stored.shape[1] - 1)
    return stored[down][:, across]


def judged(finding: Finding, scores: Sequence[float]) -> Stability:
    """Stable: every try gave a score, and all lie on the finding's side of its threshold.

    scores : of the tries that gave one; the finding's own is one more.
    """
    assert finding.score is not None and finding.operating_point is not None
    every = (finding.score.value, *scores)
    threshold = finding.operating_point.threshold
    one_side = len({score > threshold for score in every}) == 1
    refused = TRIES - len(scores)
    return Stability(min(every), max(every), TRIES, refused, one_side and not refused)


def _told(
    findings: tuple[Finding, ...], tried: Sequence[Mapping[str, float]]
) -> tuple[Finding, ...]:
    return tuple(
        replace(one, stability=judged(one, [each[one.key] for each in tried if one.key in each]))
        for one in findings
    )


def _scores(
    package: ModelPackage,
    task: FrameTask,
    session: InferenceSession,
    frame: Frame,
    on_cancel: OnCancel,
) -> Mapping[str, float]:
    """By finding key; empty where the outputs were refused as implausible."""
    manifest = package.manifest
    prepared = task.prepare(frame, manifest)
    tensor: NDArray[np.float32] = manifest.input.fed(prepared.tensor)
    names = [output.tensor for output in manifest.outputs]
    outputs = session.run({manifest.input.tensor: tensor}, names, on_cancel)
    reading = task.read(outputs.tensors, prepared, frame, manifest)
    if not isinstance(reading, Reading):
        return {}
    return {statement.key: statement.score for statement in reading.statements}
