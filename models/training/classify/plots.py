"""Confusion matrix, ROC curve and reliability diagram of the test patients, as PNG."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib import pyplot

from models.training.classify.evaluate import Metrics, scores
from models.training.common.own_plots import draw_diagonal, draw_roc, saved

BINS = 10


def draw(
    folder: Path, labels: Sequence[str], metrics: Metrics, test: tuple[np.ndarray, np.ndarray]
) -> list[str]:
    """Write the pictures; returns their names."""
    folder.mkdir(parents=True, exist_ok=True)
    logits, truth = test
    found = scores(logits, metrics["temperature"] if metrics["calibrated"] else 1.0)
    names = []
    for name, plot in (("roc", draw_roc), ("reliability", _reliability)):
        figure, axes = pyplot.subplots(figsize=(5, 5), dpi=100)
        for index, label in enumerate(labels):
            plot(axes, truth[:, index], found[:, index], label)
        draw_diagonal(axes, "lower right" if name == "roc" else "upper left")
        names.append(saved(figure, folder, f"{name}.png"))
    for label in labels:
        figure, axes = pyplot.subplots(figsize=(4, 4), dpi=100)
        _confusion(axes, metrics["labels"][label]["points"]["second_read"]["confusion"], label)
        names.append(saved(figure, folder, f"confusion_{label}.png"))
    return names


def _reliability(axes: pyplot.Axes, truth: np.ndarray, found: np.ndarray, label: str) -> None:
    place = np.minimum((found * BINS).astype(int), BINS - 1)
    bins = [place == one for one in np.unique(place)]
    points = [(found[one].mean(), truth[one].mean()) for one in bins]
    axes.plot(*zip(*points, strict=True), marker="o", label=label)
    axes.set(xlabel="score", ylabel="share with the finding", title="Reliability, test patients")


def _confusion(axes: pyplot.Axes, counts: dict[str, int], label: str) -> None:
    table = np.array(
        [
            [counts["true_negative"], counts["false_positive"]],
            [counts["false_negative"], counts["true_positive"]],
        ]
    )
    axes.imshow(table, cmap="Blues")
    for (row, column), count in np.ndenumerate(table):
        axes.text(column, row, str(count), ha="center", va="center", fontsize=14)
    words = [f"not {label}", label]
    axes.set(xlabel="network", ylabel="truth", title=f"{label}, operating point second_read")
    axes.set_xticks([0, 1], words)
    axes.set_yticks([0, 1], words, rotation=90, va="center")
