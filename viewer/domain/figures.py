"""Figures of accuracy with their 95 % intervals: the bootstrap over patients, AUROC, rates, calibration."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[Any]

RESAMPLES, SEED = 2000, 20261122
BINS = 10
"""Of the calibration error."""


@dataclass(frozen=True)
class Figure:
    """A value, the ends of its 95 % interval (NaN where there is none), and the number of rows."""

    value: float
    ci95: tuple[float, float]
    n: int


def bootstrapped(
    statistic: Callable[[Rows], float], rows: Rows, groups: Sequence[Hashable] = ()
) -> Figure:
    """The statistic of all rows, and its spread when patients are drawn again with replacement.

    Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13 (percentile interval).

    Parameters
    ----------
    rows : ndarray, shape (n, ...); one per image
    groups : (n) the patient of each, all different when omitted

    Draws for which the statistic does not exist (no positive image) are left out.
    """
    if len(rows) == 0:
        return Figure(float("nan"), (float("nan"), float("nan")), 0)
    members = _members(groups or range(len(rows)))
    random = np.random.default_rng(SEED)
    draws = [_drawn(statistic, rows, members, random) for _draw in range(RESAMPLES)]
    known = [draw for draw in draws if np.isfinite(draw)]
    low, high = np.percentile(known, [2.5, 97.5]) if known else (float("nan"),) * 2
    return Figure(_short(statistic(rows)), (_short(low), _short(high)), len(rows))


def _drawn(
    statistic: Callable[[Rows], float],
    rows: Rows,
    members: list[Rows],
    random: np.random.Generator,
) -> float:
    chosen = random.integers(0, len(members), len(members))
    return statistic(rows[np.concatenate([members[patient] for patient in chosen])])


def _members(groups: Sequence[Hashable]) -> list[Rows]:
    members: dict[Hashable, list[int]] = {}
    for row, group in enumerate(groups):
        members.setdefault(group, []).append(row)
    return [np.array(rows) for rows in members.values()]


def _short(number: float) -> float:
    return round(float(number), 4)


def mean(rows: Rows) -> float:
    """Of all values; NaN of none."""
    return float(rows.mean()) if rows.size else float("nan")


def auroc(rows: Rows) -> float:
    """Share of pairs of a positive and a negative in the right order, ties half; NaN without pairs.

    Hanley and McNeil, Radiology 1982;143:29.

    Parameters
    ----------
    rows : ndarray, shape (n, 2); truth 0 or 1, score (may be minus infinity)
    """
    positive, negative = rows[rows[:, 0] == 1, 1], rows[rows[:, 0] == 0, 1]
    if not (positive.size and negative.size):
        return float("nan")
    above = (positive[:, None] > negative[None, :]).mean()
    return float(above + (positive[:, None] == negative[None, :]).mean() / 2)


def rates(truth: Rows, called: Rows, groups: Sequence[Hashable] = ()) -> tuple[Figure, Figure]:
    """Sensitivity and specificity; truth and called: ndarray, shape (n,), bool."""
    patients = np.array(groups or range(len(truth)))
    return rate(called[truth], patients[truth]), rate(~called[~truth], patients[~truth])


def rate(right: Rows, patients: Rows) -> Figure:
    """A share with its interval.

    Where every row is right, or none, the bootstrap cannot vary: the exact bound (Clopper and Pearson,
    Biometrika 1934;26:404) over patients takes its place.
    """
    figure = bootstrapped(mean, right.astype(float), patients.tolist())
    if len(right) == 0:
        return figure
    bound = _short(0.025 ** (1 / len(set(patients.tolist()))))
    if right.all():
        return Figure(1.0, (bound, 1.0), figure.n)
    return figure if right.any() else Figure(0.0, (0.0, _short(1 - bound)), figure.n)


def calibration_error(rows: Rows) -> float:
    """Expected calibration error in ten even bins (Guo et al., ICML 2017).

    Parameters
    ----------
    rows : ndarray, shape (n, 2); truth 0 or 1, probability 0 to 1
    """
    if len(rows) == 0:
        return float("nan")
    place = np.minimum((rows[:, 1] * BINS).astype(int), BINS - 1)
    gaps = (
        abs(rows[place == one, 0].mean() - rows[place == one, 1].mean()) * (place == one).mean()
        for one in np.unique(place)
    )
    return float(sum(gaps))


def dice(found: Rows, true: Rows) -> float:
    """Overlap of two masks of one shape, 0 to 1; NaN where both are empty (Dice, Ecology 1945)."""
    size = int(found.sum()) + int(true.sum())
    return 2 * int((found & true).sum()) / size if size else float("nan")
