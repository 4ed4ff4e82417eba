"""Figures with their 95 % intervals as JSON values; measured as the viewer measures them."""

from collections.abc import Callable, Hashable, Sequence

import numpy as np

from viewer.domain import figures
from viewer.domain.figures import RESAMPLES, SEED, auroc, mean

__all__ = ["RESAMPLES", "SEED", "Figure", "auroc", "bootstrapped", "mean", "ppv", "rates"]

Figure = dict[str, object]
"""{"value": float, "ci95": [low, high], "n": films}."""


def bootstrapped(
    statistic: Callable[[np.ndarray], float], rows: np.ndarray, groups: Sequence[Hashable] = ()
) -> Figure:
    return _plain(figures.bootstrapped(statistic, rows, groups))


def rates(
    truth: np.ndarray, called: np.ndarray, groups: Sequence[Hashable] = ()
) -> dict[str, Figure]:
    """Sensitivity and specificity; truth and called (n,) bool."""
    sensitivity, specificity = figures.rates(truth, called, groups)
    return {"sensitivity": _plain(sensitivity), "specificity": _plain(specificity)}


def ppv(rows: np.ndarray) -> float:
    """Share of those called that are true; rows (n, 2): truth and called; NaN where none is called."""
    called = rows[rows[:, 1] == 1, 0]
    return float(called.mean()) if called.size else float("nan")


def _plain(figure: figures.Figure) -> Figure:
    return {"value": figure.value, "ci95": list(figure.ci95), "n": figure.n}
