"""Figures with their 95 % bootstrap intervals over patients."""

from collections.abc import Callable, Hashable, Sequence

import numpy as np

Figure = dict[str, object]
"""{"value": float, "ci95": [low, high], "n": patients or films}."""

RESAMPLES, SEED = 2000, 20261122


def bootstrapped(
    statistic: Callable[[np.ndarray], float], rows: np.ndarray, groups: Sequence[Hashable] = ()
) -> Figure:
    """The statistic of all rows, and its spread when patients are drawn again with replacement.

    rows : (n, ...) one per film; groups : (n) the patient of each, all different when omitted.
    Draws for which the statistic does not exist (no positive film) are left out.
    """
    members = _members(groups or range(len(rows)))
    random = np.random.default_rng(SEED)
    draws = []
    for _ in range(RESAMPLES):
        chosen = random.integers(0, len(members), len(members))
        draws.append(statistic(rows[np.concatenate([members[i] for i in chosen])]))
    low, high = np.nanpercentile(draws, [2.5, 97.5])
    return {"value": _short(statistic(rows)), "ci95": [_short(low), _short(high)], "n": len(rows)}


def _members(groups: Sequence[Hashable]) -> list[np.ndarray]:
    members: dict[Hashable, list[int]] = {}
    for row, group in enumerate(groups):
        members.setdefault(group, []).append(row)
    return [np.array(rows) for rows in members.values()]


def _short(number: float) -> float:
    return round(float(number), 4)


def mean(rows: np.ndarray) -> float:
    return float(rows.mean())


def auroc(rows: np.ndarray) -> float:
    """rows (n, 2): truth 0 or 1, score. Share of pairs in the right order, ties half."""
    positive, negative = rows[rows[:, 0] == 1, 1], rows[rows[:, 0] == 0, 1]
    if not (positive.size and negative.size):
        return float("nan")
    gap = positive[:, None] - negative[None, :]
    return float((gap > 0).mean() + (gap == 0).mean() / 2)


def rates(
    truth: np.ndarray, called: np.ndarray, groups: Sequence[Hashable] = ()
) -> dict[str, Figure]:
    """Sensitivity and specificity; truth and called (n,) bool."""
    patients = np.array(groups or range(len(truth)))
    return {
        "sensitivity": _rate(called[truth], patients[truth]),
        "specificity": _rate(~called[~truth], patients[~truth]),
    }


def _rate(right: np.ndarray, patients: np.ndarray) -> Figure:
    """Where every film is right the bootstrap cannot vary: the exact bound (Clopper and Pearson,
    Biometrika 1934;26:404) over patients takes its place."""
    figure = bootstrapped(mean, right.astype(float), patients.tolist())
    if right.all():
        figure["ci95"] = [_short(0.025 ** (1 / len(set(patients.tolist())))), 1.0]
    return figure
