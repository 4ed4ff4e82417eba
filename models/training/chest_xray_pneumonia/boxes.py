"""Radiologists' boxes: what the linear layer learns from them, and whether its maps point into them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from models.training.chest_findings.data import Box, Film
from models.training.chest_findings.pointing import LUNGS, Point, hit
from models.training.chest_xray_pneumonia import settings
from models.training.chest_xray_pneumonia.features import Seen, weighed
from models.training.chest_xray_pneumonia.network import CHANNELS, SPLIT, evidence, on_film

Boxes = Mapping[str, Sequence[Box]]
"""By name of the film."""


def contrasts(seen: Seen, films: Sequence[Film], boxes: Boxes) -> tuple[np.ndarray, np.ndarray]:
    """(m, REGIONS * CHANNELS), one row for each boxed film and view, and whose films they are (m,)."""
    patients = {film.name: film.patient for film in films}
    rows, whose = [], []
    for number, name in enumerate(seen.boxed.tolist()):
        for view, frame in enumerate(_frames(seen, number) if name in boxes else ()):
            rows.append(_contrast(seen, number, view, frame, boxes[name]))
            whose.append(patients[name])
    return np.array(rows).reshape(-1, len(settings.REGIONS) * CHANNELS), np.array(whose)


def _frames(seen: Seen, number: int) -> tuple[np.ndarray, ...]:
    """Of each view on the film."""
    whole = np.array([0.0, 0.0, 1.0, 1.0])
    return seen.frames[number], whole, whole


def _contrast(
    seen: Seen, number: int, view: int, frame: np.ndarray, boxes: Sequence[Box]
) -> np.ndarray:
    """Mean of the view's places in a box less that of the others, each less the average film's there, as a
    map shows them; channels of other views are nothing."""
    maps = weighed(seen.maps[number][None], seen.lungs[number]) - seen.usual
    whole = seen.lungs[number, view].mean(axis=0)
    inside = _inside(frame, boxes)
    outside = ~inside & (whole > settings.INSIDE * whole.max())
    row = np.zeros(maps.shape[:2], np.float32)
    if inside.any() and outside.any():
        own = slice(sum(SPLIT[:view]), sum(SPLIT[: view + 1]))
        row[:, own] = maps[:, own][..., inside].mean(-1) - maps[:, own][..., outside].mean(-1)
    return row.ravel()


def _inside(frame: np.ndarray, boxes: Sequence[Box]) -> np.ndarray:
    """(GRID, GRID) bool: places of a view whose middle lies in a box."""
    steps = (np.arange(settings.GRID) + 0.5) / settings.GRID
    left, top, right, bottom = frame
    across, down = np.meshgrid(left + (right - left) * steps, top + (bottom - top) * steps)
    inside = np.zeros(across.shape, bool)
    for x0, y0, x1, y1 in (box.edges for box in boxes):
        inside |= (across >= x0) & (across <= x1) & (down >= y0) & (down <= y1)
    return inside


def shown(seen: Seen, number: int, weight: np.ndarray) -> np.ndarray:
    """(MAP, MAP) the map of one boxed film, as the graph makes it, up to a constant."""
    weights = torch.from_numpy(
        weight.astype(np.float32).reshape(1, len(settings.REGIONS), CHANNELS)
    )
    maps = torch.from_numpy(weighed(seen.maps[number][None], seen.lungs[number]) - seen.usual)
    frame = torch.from_numpy(seen.frames[number].astype(np.float32))[None]
    return on_film(evidence(maps, weights), frame, torch.zeros(1, 1))[0, 0].numpy()


@dataclass(frozen=True)
class Hits:
    """By film: whether the network's map, and each dummy by name, pointed into a box."""

    names: tuple[str, ...]
    network: tuple[bool, ...]
    dummies: Mapping[str, tuple[bool, ...]]


def hits(seen: Seen, boxes: Boxes, weights: Mapping[str, np.ndarray]) -> Hits:
    """The pointing game on films whose weights, by name, never saw their patient; two dummies beside it:
    fixed places at the middle of either lung, and the middle of the lung that was found."""
    rows = [
        row for row, name in enumerate(seen.boxed.tolist()) if name in boxes and name in weights
    ]
    names = tuple(str(seen.boxed[row]) for row in rows)
    pointed = [
        _brightest(shown(seen, row, weights[name])) for row, name in zip(rows, names, strict=True)
    ]
    dummies: dict[str, list[Point]] = {
        "fixed centre of the right lung": [LUNGS[0]] * len(rows),
        "fixed centre of the left lung": [LUNGS[1]] * len(rows),
        "centre of the right lung found": [_point(seen.centres[row, 0]) for row in rows],
        "centre of the left lung found": [_point(seen.centres[row, 1]) for row in rows],
    }
    every = {"network": pointed, **dummies}
    found = {
        key: tuple(hit(point, boxes[name]) for point, name in zip(points, names, strict=True))
        for key, points in every.items()
    }
    return Hits(names, found.pop("network"), found)


def _point(place: np.ndarray) -> Point:
    return float(place[0]), float(place[1])


def _brightest(values: np.ndarray) -> Point:
    row, column = np.unravel_index(int(values.argmax()), values.shape)
    return (column + 0.5) / values.shape[1], (row + 0.5) / values.shape[0]
