"""Thresholds of the operating points, from the validation patients alone."""

import numpy as np

POINTS = {"second_read": ("specificity", 0.90), "screening": ("sensitivity", 0.90)}
"""Operating points: the rate that the threshold keeps on the validation patients."""

SMALLEST = 1e-4
"""Thresholds stay inside of 0 to 1."""


def threshold(rows: np.ndarray, rate: str, kept: float) -> float:
    """The score above which a finding is proposed so that, on these rows, the rate is just kept.

    rows : (n, 2) truth and score
    """
    if rate == "specificity":
        found = float(np.quantile(rows[rows[:, 0] == 0, 1], kept, method="higher"))
    else:
        positive = np.sort(rows[rows[:, 0] == 1, 1])
        found = float(positive[int(np.floor((1.0 - kept) * len(positive)))]) - SMALLEST / 10
    return float(np.clip(found, SMALLEST, 1.0 - SMALLEST))


def thresholds(rows: np.ndarray) -> dict[str, float]:
    """By operating point; screening never asks for more than a second read does."""
    found = {name: threshold(rows, *wanted) for name, wanted in POINTS.items()}
    return {name: min(limit, found["second_read"]) for name, limit in found.items()}
