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


NORMAL_95 = 1.959963984540054
"""97.5 % point of the standard normal distribution."""


def wilson(count: int, n: int) -> Figure:
    """A share with Wilson's score interval (JASA 1927;22:209), each row taken as independent; NaN of none."""
    if n == 0:
        return Figure(float("nan"), (float("nan"), float("nan")), 0)
    share, squared = count / n, NORMAL_95**2
    middle = (share + squared / (2 * n)) / (1 + squared / n)
    spread = share * (1 - share) / n + squared / (4 * n * n)
    half = NORMAL_95 * float(np.sqrt(spread)) / (1 + squared / n)
    return Figure(_short(share), (_short(max(middle - half, 0)), _short(min(middle + half, 1))), n)


def auroc_with_interval(rows: Rows) -> Figure:
    """AUROC with the interval of Hanley and McNeil (Radiology 1982;143:29); NaN without pairs.

    Parameters
    ----------
    rows : ndarray, shape (n, 2); truth 0 or 1, score
    """
    area = auroc(rows)
    positive = int((rows[:, 0] == 1).sum())
    negative = len(rows) - positive
    if not np.isfinite(area):
        return Figure(float("nan"), (float("nan"), float("nan")), len(rows))
    first, second = area / (2 - area), 2 * area * area / (1 + area)
    spread = (
        area * (1 - area)
        + (positive - 1) * (first - area * area)
        + (negative - 1) * (second - area * area)
    ) / (positive * negative)
    half = NORMAL_95 * float(np.sqrt(max(spread, 0.0)))
    return Figure(
        _short(area), (_short(max(area - half, 0)), _short(min(area + half, 1))), len(rows)
    )


def roc_points(rows: Rows) -> tuple[tuple[float, float], ...]:
    """(1 - specificity, sensitivity) at every threshold, from (0, 0) to (1, 1); empty without pairs.

    rows : ndarray, shape (n, 2); truth 0 or 1, score
    """
    positive, negative = rows[rows[:, 0] == 1, 1], rows[rows[:, 0] == 0, 1]
    if not (positive.size and negative.size):
        return ()
    levels = np.unique(rows[:, 1])[::-1]
    reached = ((float((negative >= at).mean()), float((positive >= at).mean())) for at in levels)
    return ((0.0, 0.0), *reached)


def stability_index(reference: Sequence[float], found: Sequence[float]) -> float:
    """Population stability index of two histograms of the same bins; half a row more in each, against zeros.

    Siddiqi, Credit Risk Scorecards, 2006. 0 for equal shares; NaN where one holds nothing.
    """
    first, second = np.asarray(reference, float), np.asarray(found, float)
    if first.shape != second.shape:
        raise ValueError("two histograms of different bins")
    if not (first.sum() and second.sum()):
        return float("nan")
    return float(_stability(first[None], second[None])[0])


SHIFT_DRAWS = 500
"""Of a stability index; fewer than of other figures, for there are many of them in one table."""


@dataclass(frozen=True)
class Shift:
    """A stability index with its 95 % interval, and what nothing but chance would exceed 1 time in 20."""

    index: Figure
    by_chance: float


def shift_between(reference: Sequence[float], found: Sequence[float]) -> Shift:
    """The index of two histograms of the same bins, which is above 0 by chance alone, the more so the
    fewer rows there are.

    Interval: percentiles of both drawn again, widened to hold the index itself. By chance: both drawn
    from the reference.
    """
    first, second = np.asarray(reference, float), np.asarray(found, float)
    index, n = stability_index(reference, found), int(second.sum())
    if not np.isfinite(index):
        return Shift(Figure(float("nan"), (float("nan"), float("nan")), n), float("nan"))
    random = np.random.default_rng(SEED)

    def drawn(counts: Rows, rows: int) -> Rows:
        return random.multinomial(rows, counts / counts.sum(), SHIFT_DRAWS).astype(float)

    known = drawn(first, round(first.sum()))
    spread = _stability(known, drawn(second, n))
    low, high = np.percentile(spread, [2.5, 97.5])
    limit = np.percentile(_stability(known, drawn(first, n)), 95)
    ends = (_short(min(low, index)), _short(max(high, index)))
    return Shift(Figure(_short(index), ends, n), _short(limit))


def _stability(first: Rows, second: Rows) -> Rows:
    """Of pairs of histograms; both ndarray, shape (pairs, bins)."""
    one, other = (
        (rows + 0.5) / (rows.sum(axis=1, keepdims=True) + 0.5 * rows.shape[1])
        for rows in (first, second)
    )
    index: Rows = ((other - one) * np.log(other / one)).sum(axis=1)
    return index
