"""Dice of each test image, drawn and true area, ROC of whole images, and how training went; as PNG."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib import pyplot

from models.training.common.own_plots import draw_diagonal, draw_roc, draw_training, saved
from models.training.segment.evaluate import Compared

BINS = np.linspace(0, 1, 21)


def draw(
    folder: Path,
    titles: Sequence[str],
    test: Sequence[Compared],
    history: Sequence[tuple[float, float]],
) -> list[str]:
    """Write the pictures; returns their names. No picture shows a patient."""
    folder.mkdir(parents=True, exist_ok=True)
    pairs = list(zip(titles, test, strict=True))
    names = [_dice(folder, pairs), _areas(folder, pairs), draw_training(folder, history, "Dice")]
    graded = [(title, one) for title, one in pairs if not one.present.all()]
    return [*names, _roc(folder, graded)] if graded else names


Pairs = Sequence[tuple[str, Compared]]


def _axes() -> tuple[pyplot.Figure, pyplot.Axes]:
    return pyplot.subplots(figsize=(5, 5), dpi=100)


def _dice(folder: Path, pairs: Pairs) -> str:
    figure, axes = _axes()
    for title, one in pairs:
        each = 2 * one.overlap / np.maximum(one.found + one.true, 1)
        axes.hist(each[one.present], BINS, histtype="step", linewidth=1.5, label=title)
    axes.set(xlabel="Dice", ylabel="images with the structure", title="Test patients")
    axes.legend(loc="upper left")
    return saved(figure, folder, "dice.png")


def _areas(folder: Path, pairs: Pairs) -> str:
    figure, axes = _axes()
    largest = max(float(max(one.true.max(), one.found.max(), 1)) for _title, one in pairs)
    for title, one in pairs:
        axes.scatter(one.true / largest, one.found / largest, s=8, alpha=0.6, label=title)
    axes.set(
        xlabel="true area (share of the largest)",
        ylabel="outlined area",
        title="Areas, test patients",
    )
    draw_diagonal(axes, "upper left")
    return saved(figure, folder, "areas.png")


def _roc(folder: Path, pairs: Pairs) -> str:
    figure, axes = _axes()
    for title, one in pairs:
        draw_roc(axes, one.present.astype(int), one.score, title)
    draw_diagonal(axes, "lower right")
    return saved(figure, folder, "roc.png")
