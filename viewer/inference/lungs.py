"""Where the lungs are in a CT: a coarse grid of the series, its air inside the body, and their field.

The field is closed over vessels, nodules at the wall and tumours that lung surrounds, so that what
lies in it may be looked at; the mediastinum and the chest wall stay outside.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Values = NDArray[np.float32]
Mask = NDArray[np.bool_]
Disc = NDArray[np.uint8]

COARSE_MM = 1.5
"""Aimed at in the coarse grid: a nodule of 5 mm is three pixels wide there."""

AIR_HU = -400.0
"""Below it is lung or air (Hu et al., IEEE TMI 2001;20:490, between lung and soft tissue)."""

SMALLEST_LUNG_ML = 150.0
"""A connected piece of air smaller than this is bowel or trachea."""

CLOSING_MM = 11.0
"""Half of the widest dent that the field is closed over, such as a nodule at the wall."""


@dataclass(frozen=True, eq=False)
class CoarseGrid:
    """A series averaged over blocks.

    values : ndarray, shape (slices, rows, columns), float32, HU
    block : slices, rows, columns of the series in one voxel
    spacing_mm : between slices, rows, columns of this grid
    """

    values: Values
    block: tuple[int, int, int]
    spacing_mm: tuple[float, float, float]

    def in_series(self, place: tuple[float, float, float]) -> tuple[float, float, float]:
        """(slice, row, column) of this grid to that of the series; (0, 0, 0) is a voxel's centre."""
        slice_, row, column = (
            (index + 0.5) * size - 0.5 for index, size in zip(place, self.block, strict=True)
        )
        return slice_, row, column


@dataclass(frozen=True)
class LungFacts:
    """Of the air in the lungs: how much, its mean, and its spread (between the quartiles)."""

    volume_ml: float
    mean_hu: float
    spread_hu: float


@dataclass(frozen=True)
class LungLimits:
    """What lungs of a living person keep: bowel gas is too thin, a hollow phantom too even."""

    least_ml: float
    mean_hu: tuple[float, float]
    least_spread_hu: float


def coarse_grid(
    slices: Callable[[int], Values],
    count: int,
    spacing_mm: tuple[float, float, float],
    tell: Callable[[float], None],
) -> CoarseGrid:
    """Average a series over blocks of about COARSE_MM, slice by slice.

    slices : gives one slice, shape (rows, columns), float32, HU
    tell : takes the share done; may raise Cancelled
    """
    depth, height, width = (max(1, int(COARSE_MM / spacing + 0.5)) for spacing in spacing_mm)
    layers = []
    for first in range(0, count, depth):
        members = [slices(i) for i in range(first, min(first + depth, count))]
        layer = members[0] if len(members) == 1 else np.stack(members).mean(axis=0)
        layers.append(_averaged(layer, height, width))
        tell((first + len(members)) / count)
    block = (depth, height, width)
    down, along, across = (mm * size for mm, size in zip(spacing_mm, block, strict=True))
    return CoarseGrid(np.stack(layers), block, (down, along, across))


def _averaged(values: Values, height: int, width: int) -> Values:
    """Summed by rows, then by columns: ten times as fast as numpy's mean over both."""
    rows, columns = values.shape[0] // height, values.shape[1] // width
    whole = values[: rows * height, : columns * width]
    flat = whole.reshape(rows, height, columns * width).sum(axis=1)
    for first in range(1, width):
        flat[:, ::width] += flat[:, first::width]
    averaged: Values = flat[:, ::width] / np.float32(height * width)
    return averaged


def lung_field(grid: CoarseGrid, tell: Callable[[float], None]) -> Mask:
    """The lungs with all that lies in them; empty where there are none.

    Returns
    -------
    ndarray, shape of grid.values, bool
    """
    lungs = lung_air(grid)
    field = np.zeros_like(lungs)
    disc = _disc(grid.spacing_mm[1:])
    for i, layer in enumerate(lungs):
        if layer.any():
            field[i] = _closed(layer, disc)
        tell((i + 1) / len(lungs))
    return field


def lung_air(grid: CoarseGrid) -> Mask:
    """Air inside the body in pieces as large as a lung."""
    air = grid.values < AIR_HU
    labels, _count = ndimage.label(air)
    sizes = np.bincount(labels.ravel())
    outside = np.unique(
        np.concatenate([labels[:, [0, -1], :].ravel(), labels[:, :, [0, -1]].ravel()])
    )
    voxel_ml = float(np.prod(grid.spacing_mm)) / 1000
    kept = sizes * voxel_ml >= SMALLEST_LUNG_ML
    kept[outside] = False
    kept[0] = False
    lungs: Mask = kept[labels]
    return lungs


def _closed(layer: Mask, disc: Disc) -> Mask:
    """One slice of the lungs, dents closed and holes filled; each lung by itself, so that the
    mediastinum between them stays outside."""
    _count, labels = cv2.connectedComponents(layer.view(np.uint8), connectivity=4)
    closed = np.zeros_like(layer)
    for label, box in enumerate(ndimage.find_objects(labels), 1):
        closed[box] |= _closed_piece(labels[box] == label, disc)
    return closed


def _closed_piece(piece: Mask, disc: Disc) -> Mask:
    """The piece in its own box."""
    down, across = (length // 2 + 1 for length in disc.shape)
    padded = np.pad(piece.view(np.uint8), ((down, down), (across, across)))
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, disc)
    cv2.floodFill(closed, None, (0, 0), OUTSIDE)
    filled: Mask = closed[down:-down, across:-across] != OUTSIDE
    return filled


OUTSIDE = 2
"""What surrounds a piece; its holes stay 0, itself 1."""


def _disc(spacing_mm: tuple[float, float]) -> Disc:
    """All that lies within CLOSING_MM of its middle."""
    reach = (int(np.ceil(CLOSING_MM / mm)) for mm in spacing_mm)
    down, across = (np.arange(-r, r + 1) * mm for r, mm in zip(reach, spacing_mm, strict=True))
    within = np.sqrt(down[:, None] ** 2 + across**2) <= CLOSING_MM
    return within.astype(np.uint8)


def lung_facts(grid: CoarseGrid, field: Mask) -> LungFacts:
    """Of the air in a field that is not empty."""
    air = grid.values[field & (grid.values < AIR_HU)]
    low, high = np.percentile(air, [25, 75])
    volume_ml = air.size * float(np.prod(grid.spacing_mm)) / 1000
    return LungFacts(volume_ml, float(air.mean()), float(high - low))
