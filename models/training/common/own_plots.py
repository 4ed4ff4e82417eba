"""Curves that classify and segment both draw, as PNG."""

from pathlib import Path

import matplotlib as mpl
import numpy as np

mpl.use("Agg")
from matplotlib import pyplot


def roc(truth: np.ndarray, found: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """1 - specificity and sensitivity at every threshold."""
    limits = np.concatenate([[np.inf], np.unique(found)[::-1]])
    positive, negative = found[truth == 1], found[truth == 0]
    return (
        np.array([(negative >= limit).mean() for limit in limits]),
        np.array([(positive >= limit).mean() for limit in limits]),
    )


def draw_roc(axes: pyplot.Axes, truth: np.ndarray, found: np.ndarray, label: str) -> None:
    """One curve of several."""
    axes.plot(*roc(truth, found), label=label)
    axes.set(xlabel="1 - specificity", ylabel="sensitivity", title="ROC, test patients")


def draw_diagonal(axes: pyplot.Axes, legend: str) -> None:
    """Chance, or agreement; and the names of the curves."""
    axes.plot([0, 1], [0, 1], color="0.6", linestyle=":")
    axes.legend(loc=legend)


def saved(figure: pyplot.Figure, folder: Path, name: str) -> str:
    """Write and close the figure; returns its name."""
    figure.tight_layout()
    figure.savefig(folder / name)
    pyplot.close(figure)
    return name
