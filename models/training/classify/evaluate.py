"""What the network can do on patients it never saw: figures with 95 % intervals over patients."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from models.training.classify.settings import HIGHEST_ECE
from models.training.common.figures import auroc, bootstrapped, ppv, rates
from models.training.common.operating import thresholds
from viewer.domain.figures import calibration_error

Metrics = dict[str, Any]
TEMPERATURES = np.exp(np.linspace(np.log(0.2), np.log(8.0), 200))


def evaluate(
    labels: Sequence[str],
    validation: tuple[np.ndarray, np.ndarray],
    test: tuple[np.ndarray, np.ndarray],
    patients: Sequence[str],
) -> Metrics:
    """All figures of the card.

    Parameters
    ----------
    validation, test : logits (n, labels) and truth (n, labels)
    patients : of the test images
    """
    best = temperature(*validation)
    errors = [_errors(test, best, index) for index in range(len(labels))]
    calibrated = max(error["after"] for error in errors) <= HIGHEST_ECE
    used = best if calibrated else 1.0
    return {
        "temperature": best,
        "calibrated": calibrated,
        "labels": {
            label: {
                **_label(_column(validation, i, used), _column(test, i, used), patients),
                "calibration_error": errors[i],
            }
            for i, label in enumerate(labels)
        },
    }


def temperature(logits: np.ndarray, truth: np.ndarray) -> float:
    """The one that makes the validation truth likeliest (Guo et al., ICML 2017)."""
    signs = np.where(truth == 1, 1.0, -1.0)
    losses = [np.logaddexp(0.0, -signs * logits / one).mean() for one in TEMPERATURES]
    return round(float(TEMPERATURES[int(np.argmin(losses))]), 4)


def scores(logits: np.ndarray, heat: float) -> np.ndarray:
    """0 to 1."""
    return 1.0 / (1.0 + np.exp(-logits.astype(np.float64) / heat))


def _column(part: tuple[np.ndarray, np.ndarray], index: int, heat: float) -> np.ndarray:
    logits, truth = part
    return np.stack([truth[:, index], scores(logits[:, index], heat)], axis=1)


def _errors(test: tuple[np.ndarray, np.ndarray], heat: float, index: int) -> dict[str, float]:
    before, after = (round(calibration_error(_column(test, index, one)), 4) for one in (1.0, heat))
    return {"before": before, "after": after}


def _label(validation: np.ndarray, test: np.ndarray, patients: Sequence[str]) -> Metrics:
    return {
        "AUROC": bootstrapped(auroc, test, patients),
        "points": {
            name: _point(limit, test, patients) for name, limit in thresholds(validation).items()
        },
    }


def _point(limit: float, test: np.ndarray, patients: Sequence[str]) -> Metrics:
    called = test[:, 1] > limit
    rows = np.stack([test[:, 0], called], axis=1)
    figures: Metrics = {
        name: bootstrapped(statistic, rows, patients) for name, statistic in STATISTICS.items()
    }
    figures.update(rates(test[:, 0] == 1, called, patients))
    return {"threshold": round(limit, 6), **figures, "confusion": confusion(rows)}


def confusion(rows: np.ndarray) -> dict[str, int]:
    """Counts; rows: (n, 2) truth and called."""
    true, called = rows[:, 0] == 1, rows[:, 1] == 1
    return {
        "true_positive": int((true & called).sum()),
        "false_positive": int((~true & called).sum()),
        "false_negative": int((true & ~called).sum()),
        "true_negative": int((~true & ~called).sum()),
    }


def _accuracy(rows: np.ndarray) -> float:
    return float((rows[:, 0] == rows[:, 1]).mean())


def _f1(rows: np.ndarray) -> float:
    counts = confusion(rows)
    wrong = counts["false_positive"] + counts["false_negative"]
    whole = 2 * counts["true_positive"] + wrong
    return 2 * counts["true_positive"] / whole if whole else float("nan")


STATISTICS: dict[str, Callable[[np.ndarray], float]] = {
    "accuracy": _accuracy,
    "PPV": ppv,
    "F1": _f1,
}
