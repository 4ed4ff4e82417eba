"""Occlusion: what happens to a score when a part of the input is covered; a second look beside the map.

Zeiler and Fergus, ECCV 2014. It asks the network itself, place by place, and so can contradict a
class activation map; how far both agree is told as a rank correlation.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from viewer.domain.image import Frame, Heatmap
from viewer.inference.model_package import ModelPackage
from viewer.inference.session import Device, OnCancel, SessionPool
from viewer.inference.task import Reading, frame_task

Map = NDArray[np.float64]
Report = Callable[[float], None]

GRID = 8
"""Places each way; a place is covered with the mean of the input."""

FULL_SCALE = 0.1
"""Change of a score that is shown as strong as can be; the same for every image and model."""

DIGITS = 5
"""Of a score that count when places are put in order; beyond them lies the rounding of the runtime."""


@dataclass(frozen=True, eq=False)
class Occlusion:
    """Of one finding on one image.

    score : uncovered. change : ndarray, shape (GRID, GRID), score minus the covered one; NaN where the
    network gave no plausible output with that place covered.
    """

    score: float
    change: Map


def occlusion(
    package: ModelPackage,
    frame: Frame,
    key: str,
    pool: SessionPool,
    device: Device,
    report: Report,
    on_cancel: OnCancel,
) -> Occlusion | None:
    """Cover one place after the other; None where the network states nothing of `key` uncovered.

    Raises
    ------
    Cancelled : through `report` or `on_cancel`
    ViewerError : the image cannot be prepared, or the network failed; the model reads series
    """
    manifest = package.manifest
    task, session = frame_task(manifest), pool.get(package, device)
    prepared = task.prepare(frame, manifest)
    names = [output.tensor for output in manifest.outputs]

    def scored(tensor: NDArray[np.float32]) -> float:
        feeds = {manifest.input.tensor: manifest.input.fed(tensor)}
        outputs = session.run(feeds, names, on_cancel).tensors
        reading = task.read(outputs, replace(prepared, tensor=tensor), frame, manifest)
        stated = reading.statements if isinstance(reading, Reading) else ()
        return next((one.score for one in stated if one.key == key), float("nan"))

    score = scored(prepared.tensor)
    if np.isnan(score):
        return None
    change = np.zeros((GRID, GRID))
    for number, (place, covered) in enumerate(covers(prepared.tensor), start=1):
        change[place] = score - scored(covered)
        report(number / GRID**2)
    return Occlusion(score, change)


def covers(tensor: NDArray[np.float32]) -> Iterator[tuple[tuple[int, int], NDArray[np.float32]]]:
    """Each place (row, column of the grid) with a copy of the tensor (rows, columns) that lacks it."""
    rows, columns = (np.linspace(0, size, GRID + 1).round().astype(int) for size in tensor.shape)
    mean = tensor.mean()
    for row in range(GRID):
        for column in range(GRID):
            covered = tensor.copy()
            covered[rows[row] : rows[row + 1], columns[column] : columns[column + 1]] = mean
            yield (row, column), covered


def agreement(change: Map, heatmap: Heatmap) -> float:
    """Spearman's rank correlation, -1 to 1, of the change with the map's mean in each place.

    NaN where either is the same everywhere, or too few places have a score.
    """
    size = heatmap.values.shape
    rows, columns = (np.linspace(0, side, GRID + 1).round().astype(int) for side in size)
    strips: Map = np.asarray(np.add.reduceat(heatmap.values.astype(np.float64), rows[:-1], axis=0))
    sums: Map = np.asarray(np.add.reduceat(strips, columns[:-1], axis=1))
    means = np.divide(sums, np.outer(np.diff(rows), np.diff(columns)), out=np.zeros_like(change))
    known = ~np.isnan(change)
    if known.sum() < GRID:
        return float("nan")
    pair: tuple[Map, Map] = (change, np.asarray(means, dtype=np.float64))
    ranks = np.stack([_ranks(np.round(one[known], DIGITS)) for one in pair])
    spread = ranks.std(axis=1)
    if spread.min() == 0:
        return float("nan")
    centred = ranks - ranks.mean(axis=1, keepdims=True)
    return float((centred[0] * centred[1]).mean() / spread.prod())


def _ranks(values: Map) -> Map:
    """Places in order; equal values share the mean of theirs."""
    _found, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts).astype(np.float64)
    return (last - (counts - 1) / 2)[inverse]
