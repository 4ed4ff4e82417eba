"""The pointing game (Zhang et al., ECCV 2016): does the map's brightest place lie in a reader's box?"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from models.training.chest_findings import data, features
from models.training.chest_findings.data import Box, Film
from models.training.chest_findings.linear import Head

Point = tuple[float, float]
"""Column and row as shares of the film."""

LUNGS: tuple[Point, ...] = ((0.3, 0.5), (0.7, 0.5))
"""Centres of the lungs on an ordinary film: what one would point at without looking."""


def rates(
    folder: Path, films: Sequence[Film], label: str, trained: Iterable[tuple[np.ndarray, Head]]
) -> dict[str, float | int]:
    """Hits of the maps of unseen films, beside hits of one who always points at a lung's centre."""
    boxed = of_finding(folder, label)
    heads = {films[row].name: (films[row], head) for rows, head in trained for row in rows}
    known = {name: boxes for name, boxes in boxed.items() if name in heads}
    pointed = [hit(_brightest(folder, *heads[name]), boxes) for name, boxes in known.items()]
    dummies = [[hit(point, boxes) for boxes in known.values()] for point in LUNGS]
    return {
        "films": len(known),
        "hits": int(sum(pointed)),
        "hits of the right lung's centre": int(sum(dummies[0])),
        "hits of the left lung's centre": int(sum(dummies[1])),
    }


def of_finding(folder: Path, label: str) -> dict[str, list[Box]]:
    """Boxes by name of the film; boxes.csv shortens the names of some findings."""
    found: dict[str, list[Box]] = {}
    for box in data.boxes(folder):
        if box.finding[:8] == label[:8]:
            found.setdefault(box.name, []).append(box)
    return found


def _brightest(folder: Path, film: Film, head: Head) -> Point:
    shown = np.tensordot(head.weight, features.maps(folder, film), axes=1)
    row, column = np.unravel_index(int(shown.argmax()), shown.shape)
    return (column + 0.5) / shown.shape[1], (row + 0.5) / shown.shape[0]


def hit(point: Point, boxes: Iterable[Box]) -> bool:
    """Whether the place lies in one of the boxes."""
    return any(_inside(point, box) for box in boxes)


def _inside(point: Point, box: Box) -> bool:
    left, top, right, bottom = box.edges
    return left <= point[0] <= right and top <= point[1] <= bottom
