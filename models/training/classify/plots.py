"""Confusion matrix, ROC curve and reliability diagram of the test patients, and the training; as PNG."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib import pyplot

from models.training.classify.data import DataSet
from models.training.classify.evaluate import Metrics, scores
from models.training.common.own_plots import draw_diagonal, draw_roc, draw_training, saved

BINS = 10


def draw(
    folder: Path,
    data: DataSet,
    metrics: Metrics,
    test: tuple[np.ndarray, np.ndarray],
    history: Sequence[tuple[float, float]],
) -> list[str]:
    """Write the pictures; returns their names."""
    folder.mkdir(parents=True, exist_ok=True)
    logits, truth = test
    found = scores(logits, metrics["temperature"] if metrics["calibrated"] else 1.0)
    names = [draw_training(folder, history, "AUROC")]
    for name, plot in (("roc", draw_roc), ("reliability", _reliability)):
        figure, axes = pyplot.subplots(figsize=(5, 5), dpi=100)
        for index, title in enumerate(data.titles):
            plot(axes, truth[:, index], found[:, index], title)
        draw_diagonal(axes, "lower right" if name == "roc" else "upper left")
        names.append(saved(figure, folder, f"{name}.png"))
    for label, title in zip(data.labels, data.titles, strict=True):
        figure, axes = pyplot.subplots(figsize=(5, 5), dpi=100)
        _confusion(axes, metrics["labels"][label]["points"]["second_read"]["confusion"], title)
        names.append(saved(figure, folder, f"confusion_{label}.png"))
    return names


def _reliability(axes: pyplot.Axes, truth: np.ndarray, found: np.ndarray, label: str) -> None:
    place = np.minimum((found * BINS).astype(int), BINS - 1)
    bins = [place == one for one in np.unique(place)]
    points = [(found[one].mean(), truth[one].mean()) for one in bins]
    axes.plot(*zip(*points, strict=True), marker="o", label=label)
    axes.set(xlabel="score", ylabel="share with the finding", title="Reliability, test patients")


def _confusion(axes: pyplot.Axes, counts: dict[str, int], title: str) -> None:
    table = np.array(
        [
            [counts["true_negative"], counts["false_positive"]],
            [counts["false_negative"], counts["true_positive"]],
        ]
    )
    axes.imshow(table, cmap="Blues", vmin=0)
    for (row, column), count in np.ndenumerate(table):
        ink = "white" if count > table.max() / 2 else "black"
        axes.text(column, row, str(count), ha="center", va="center", fontsize=18, color=ink)
    axes.set(xlabel="network, at second_read", ylabel="truth", title=f"{title}\ntest images")
    axes.set_xticks([0, 1], ["not called", "called"])
    axes.set_yticks([0, 1], ["without", "with"], rotation=90, va="center")
