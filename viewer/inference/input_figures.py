"""The input of a run in a few numbers, for monitoring: has what reaches the network changed?"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from viewer.domain.geometry import SpacingEvidence
from viewer.domain.image import Frame
from viewer.domain.input_figures import InputFigure, InputKey
from viewer.domain.volume import Volume
from viewer.inference.manifest import Manifest

SAMPLED = 1_000_000
"""Values of a tensor that percentiles are taken of, evenly spread; more would cost time and change nothing."""

DIGITS = 4
"""Significant digits kept: enough for a distribution, too few to tell one image from another."""

PERCENTILES = {InputKey.P5: 5, InputKey.P50: 50, InputKey.P95: 95}

Facts = Mapping[InputKey, float | None]


def input_figures(
    manifest: Manifest,
    seen: NDArray[np.float32],
    outputs: Mapping[str, NDArray[np.float32]],
    facts: Facts,
) -> tuple[InputFigure, ...]:
    """The figures of one run, in order of InputKey; what does not exist or is no number is left out.

    Parameters
    ----------
    seen : ndarray, any shape, float32; all that the network was given
    outputs : by tensor name; the distance of a manifest's gate is among them
    facts : of the image itself
    """
    found = {**_of_tensor(seen), InputKey.DISTANCE: _distance(manifest, outputs), **facts}
    return tuple(
        InputFigure(key.value, _short(value))
        for key in InputKey
        if (value := found.get(key)) is not None and np.isfinite(value)
    )


def frame_facts(frame: Frame) -> Facts:
    """Size and spacing of one frame; no spacing where the file states none."""
    stated = frame.spacing.evidence is not SpacingEvidence.NONE
    return {
        InputKey.ROWS: frame.rows,
        InputKey.COLUMNS: frame.columns,
        InputKey.ROW_MM: frame.spacing.between_rows if stated else None,
        InputKey.COLUMN_MM: frame.spacing.between_columns if stated else None,
    }


def volume_facts(volume: Volume) -> Facts:
    """Size and spacing of a series."""
    first, pixel_mm = volume.frames[0], volume.pixel_mm or (None, None)
    return {
        InputKey.ROWS: first.rows,
        InputKey.COLUMNS: first.columns,
        InputKey.ROW_MM: pixel_mm[0],
        InputKey.COLUMN_MM: pixel_mm[1],
        InputKey.SLICES: len(volume.frames),
        InputKey.SLICE_MM: volume.slice_mm,
    }


def _of_tensor(seen: NDArray[np.float32]) -> dict[InputKey, float]:
    values = seen.ravel()[:: max(1, seen.size // SAMPLED)].astype(np.float64)
    if not values.size:
        return {}
    levels = np.percentile(values, list(PERCENTILES.values()))
    return {
        InputKey.MEAN: float(values.mean()),
        InputKey.SD: float(values.std()),
        **dict(zip(PERCENTILES, map(float, levels), strict=True)),
    }


def _distance(manifest: Manifest, outputs: Mapping[str, NDArray[np.float32]]) -> float | None:
    """The number the gate decides by: of a batch, the median row."""
    if manifest.gate is None or not outputs[manifest.gate.output].size:
        return None
    return float(np.median(outputs[manifest.gate.output]))


def _short(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
