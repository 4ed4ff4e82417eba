"""What a model of whole series saw: a sheet of the slices or places that its network was asked about."""

import numpy as np
from numpy.typing import NDArray

from viewer.app.jobs import JobContext
from viewer.base.errors import InferenceError
from viewer.dicom.decoder import decode
from viewer.dicom.volume_builder import build_volume
from viewer.domain.display_set import DisplaySet
from viewer.inference.manifest import Manifest
from viewer.inference.series_analysis import series_task
from viewer.inference.task import Refusal

Rgb = NDArray[np.uint8]

MOST_SHOWN, ACROSS = 12, 4
"""Inputs on the sheet, evenly chosen, and in one row of it."""


def batch_of(
    display_set: DisplaySet, manifest: Manifest, context: JobContext
) -> NDArray[np.float32]:
    """The network's input made once more: it is not kept after a result.

    Returns
    -------
    ndarray, shape (inputs, rows, columns), float32; of several channels the first

    Raises
    ------
    Cancelled : the reader gave up
    ViewerError : the series cannot be read, or is not what the model reads
    """
    frames = []
    for ref in display_set.frames:
        frames.append(decode(ref))
        context.report(0.0)
    volume = build_volume(frames, display_set.acquisition.slice_thickness_mm)
    asked = series_task(manifest).ask(volume, manifest, context.report)
    if isinstance(asked, Refusal):
        raise InferenceError(asked.reason)
    return asked.batch[:, 0]


def sheet(batch: NDArray[np.float32]) -> Rgb:
    """Inputs side by side on one grey scale, shape (rows, columns, 3); black where none is left."""
    shown = batch[chosen(len(batch))]
    low, high = float(batch.min()), float(batch.max())
    grey = np.rint(255 * (shown - low) / max(high - low, 1e-6)).astype(np.uint8)
    wide = min(ACROSS, len(grey))
    missing = -len(grey) % wide
    full = np.concatenate([grey, np.zeros((missing, *grey.shape[1:]), np.uint8)])
    rows = [np.concatenate(list(full[i : i + wide]), axis=1) for i in range(0, len(full), wide)]
    return np.repeat(np.concatenate(rows)[..., None], 3, axis=2)


def chosen(count: int) -> list[int]:
    """Which of so many inputs the sheet shows."""
    places = np.linspace(0, count - 1, min(count, MOST_SHOWN))
    return [int(place) for place in np.unique(np.rint(places))]
