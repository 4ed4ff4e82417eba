"""Curves that classify and segment both draw, as PNG."""

from collections.abc import Sequence
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


def draw_training(folder: Path, history: Sequence[tuple[float, float]], measure: str) -> str:
    """Loss and validation figure of each epoch; returns the picture's name. measure: what the figure is."""
    figure, axes = pyplot.subplots(figsize=(5, 5), dpi=100)
    losses, figures = zip(*history, strict=True)
    epochs = np.arange(1, len(history) + 1)
    axes.plot(epochs, losses, marker=".", label="loss, training patients")
    axes.plot(epochs, figures, marker=".", label=f"{measure}, validation patients")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set(xlabel="epoch", title="Training")
    axes.legend()
    return saved(figure, folder, "training.png")


def saved(figure: pyplot.Figure, folder: Path, name: str) -> str:
    """Write and close the figure; returns its name."""
    figure.tight_layout()
    figure.savefig(folder / name)
    pyplot.close(figure)
    return name
