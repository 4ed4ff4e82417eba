"""Sentences for the physician on what is odd about a stack: gaps, mixed spacing, tilt, doubled slices."""

from collections.abc import Sequence
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from viewer.base.i18n import _
from viewer.domain.geometry import ImagePlane

SPACING_TOLERANCE = 0.01
"""Relative difference of slice gaps still called regular."""

POSITION_ROUNDING_MM = 0.11
"""Writers round positions to a tenth of a millimetre; two roundings differ by this much at most."""

SAME_PLACE_MM = 0.01
"""Slices closer than this lie at one position."""

GAP_FACTOR = 1.5
"""A step longer than this times the usual one has lost a slice."""

TILT_DEG = 0.5
"""A stack leaning more than this is called tilted."""

SHORTEST_RUN = 3
"""Steps of one length in a row that count as a spacing of their own."""

MOST_GAPS_NAMED = 3
CROSS_SECTIONAL = frozenset({"CT", "MR", "PT"})
"""Modalities whose slices have a place in the patient."""


def series_words(number: int | None) -> str:
    """How a note names its series."""
    return _("This series") if number is None else _("Series {number}").format(number=number)


def _mm(length: float) -> str:
    return f"{length:.2f}".rstrip("0").rstrip(".")


def order_notes(modality: str, series_number: int | None, count: int) -> tuple[str, ...]:
    """The note of a stack ordered by instance number for want of positions."""
    if count < 2 or modality not in CROSS_SECTIONAL:
        return ()
    words = _("{series} does not state where its slices lie; they are ordered by instance number.")
    return (words.format(series=series_words(series_number)),)


def direction_notes(count: int, series_number: int | None) -> tuple[str, ...]:
    """The note of a series whose slices run in several directions, told at each of its stacks."""
    if count < 2:
        return ()
    words = _("{series} holds slices of {n} directions; each is shown as a stack of its own.")
    return (words.format(series=series_words(series_number), n=count),)


def stack_notes(
    planes: Sequence[ImagePlane], series_number: int | None, gantry_tilt_deg: float
) -> tuple[str, ...]:
    """All notes of slices sorted along their normal.

    gantry_tilt_deg: Gantry/Detector Tilt (0018,1120), only believed where the positions lean too.
    """
    if len(planes) < 2:
        return ()
    positions = np.array([plane.position_lps_mm for plane in planes], np.float64)
    steps = np.diff(positions @ planes[0].normal)
    series = series_words(series_number)
    doubled = steps < SAME_PLACE_MM
    found = [
        _reference_note(planes, series),
        _doubled_note(doubled, series),
        *_spacing_notes(steps, series),
        _tilt_note(positions, planes[0], series),
    ]
    return tuple(note for note in found if note)


def _reference_note(planes: Sequence[ImagePlane], series: str) -> str:
    if len({plane.frame_of_reference_uid for plane in planes}) == 1:
        return ""
    words = _(
        "{series} names a frame of reference of its own for each slice; their order follows the "
        "positions all the same. Check it."
    )
    return words.format(series=series)


def _doubled_note(doubled: NDArray[np.bool_], series: str) -> str:
    count = int(doubled.sum())
    if not count:
        return ""
    words = _("{series} has several images at one position ({n} repeat a position).")
    return words.format(series=series, n=count)


def _alike(one: float, other: float) -> bool:
    return abs(one - other) <= max(SPACING_TOLERANCE * abs(one), POSITION_ROUNDING_MM)


def _runs(steps: NDArray[np.float64]) -> list[tuple[int, int, float]]:
    """(first step, count, length mm) of steps in a row that are alike."""
    starts: list[int] = []
    for index, step in enumerate(steps):
        if not starts or not _alike(float(steps[starts[-1]]), float(step)):
            starts.append(index)
    ends = [*starts[1:], len(steps)]
    return [
        (start, end - start, float(np.mean(steps[start:end])))
        for start, end in zip(starts, ends, strict=True)
    ]


def _spacing_notes(steps: NDArray[np.float64], series: str) -> list[str]:
    """Notes over steps between different positions; slices are counted from 1."""
    slices = np.flatnonzero(steps >= SAME_PLACE_MM)
    true_steps = steps[slices]
    if not true_steps.size:
        return []
    runs = _runs(true_steps)
    spacings = [length for length, _same in groupby(_long_runs(runs))]
    usual = float(np.median(true_steps))
    short = [run for run in runs if run[1] < SHORTEST_RUN] if len(runs) > 1 else []
    gaps = [run for run in short if run[2] > GAP_FACTOR * usual]
    notes = _change_notes(runs, slices, series) if len(spacings) > 1 else []
    if len(gaps) <= MOST_GAPS_NAMED:
        notes += [_gap_note(run, slices, series) for run in gaps]
    if len(short) > len(gaps) or len(gaps) > MOST_GAPS_NAMED:
        notes.append(_irregular_note(true_steps, series))
    return notes


def _long_runs(runs: Sequence[tuple[int, int, float]]) -> list[float]:
    return [length for _start, count, length in runs if count >= SHORTEST_RUN]


def _gap_note(run: tuple[int, int, float], slices: NDArray[np.intp], series: str) -> str:
    words = _("{series} has a gap of {gap} mm after slice {slice}.")
    return words.format(series=series, gap=_mm(run[2]), slice=int(slices[run[0]]) + 1)


def _change_notes(
    runs: Sequence[tuple[int, int, float]], slices: NDArray[np.intp], series: str
) -> list[str]:
    """One note for each change from one spacing to another."""
    long = [run for run in runs if run[1] >= SHORTEST_RUN]
    words = _("{series} changes its slice spacing from {before} mm to {after} mm at slice {slice}.")
    return [
        words.format(
            series=series,
            before=_mm(before[2]),
            after=_mm(after[2]),
            slice=int(slices[after[0]]) + 1,
        )
        for before, after in pairwise(long)
        if not _alike(before[2], after[2])
    ]


def _irregular_note(steps: NDArray[np.float64], series: str) -> str:
    words = _("{series} has irregular slice spacing, from {least} to {most} mm.")
    return words.format(series=series, least=_mm(steps.min()), most=_mm(steps.max()))


def _tilt_note(positions: NDArray[np.float64], plane: ImagePlane, series: str) -> str:
    """Slices that shift sideways as they go on: a tilted gantry, or an oblique stack."""
    path = positions[-1] - positions[0]
    along = abs(float(path @ plane.normal))
    if along < SAME_PLACE_MM:
        return ""
    sideways = float(np.linalg.norm(path - (path @ plane.normal) * plane.normal))
    degrees = float(np.degrees(np.arctan2(sideways, along)))
    if degrees < TILT_DEG:
        return ""
    words = _("{series} is tilted by {angle}°: its slices are shifted against each other.")
    return words.format(series=series, angle=f"{degrees:.1f}")
