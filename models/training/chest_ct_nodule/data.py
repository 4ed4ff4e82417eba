"""Patches with their labels, and the split by contiguous stretches of the list."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from models.training.chest_ct_nodule import settings


@dataclass(frozen=True)
class Patches:
    """Candidates, centred.

    units : (n, 50, 50) float32, settings.LOW_HU to HIGH_HU as 0..1
    nodule : (n) bool
    scans : (n) int, stretch of settings.CANDIDATES_PER_SCAN candidates, in the place of the scan
    """

    units: np.ndarray
    nodule: np.ndarray
    scans: np.ndarray


def load(folder: Path) -> dict[str, Patches]:
    """The test, validation and training patches; the same for every run."""
    with (folder / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    indices = np.array([int(row["candidate_index"]) for row in rows])
    units = np.stack([_grey(folder / "patches" / row["file"]) for row in rows]) / 255
    everything = Patches(
        units,
        np.array([row["nodule"] == "1" for row in rows]),
        indices // settings.CANDIDATES_PER_SCAN,
    )
    return {part: _chosen(everything, rows) for part, rows in parts(indices).items()}


def parts(indices: np.ndarray) -> dict[str, np.ndarray]:
    """Rows of each part; those within settings.GUARD of a cut between parts are in none."""
    length = (indices.max() + 1) / settings.BLOCKS
    own = _part_of((indices / length).astype(int))
    before = _part_of(np.clip((indices - settings.GUARD) / length, 0, None).astype(int))
    after = ((indices + settings.GUARD) / length).astype(int)
    beyond = _part_of(np.minimum(after, settings.BLOCKS - 1))
    safe = (own == before) & (own == beyond)
    return {
        part: np.flatnonzero(safe & (own == part)) for part in ("test", "validation", "training")
    }


def _part_of(blocks: np.ndarray) -> np.ndarray:
    test, validation = (
        np.isin(blocks, settings.TEST_BLOCKS),
        np.isin(blocks, settings.VALIDATION_BLOCKS),
    )
    return np.where(test, "test", np.where(validation, "validation", "training"))


def _chosen(patches: Patches, rows: np.ndarray) -> Patches:
    return Patches(patches.units[rows], patches.nodule[rows], patches.scans[rows])


def _grey(path: Path) -> np.ndarray:
    """(SAVED_PIXELS, SAVED_PIXELS); the one patch cut off at the image's edge is continued there."""
    grey = np.asarray(Image.open(path).convert("L"), dtype=np.float32)
    missing = [(0, settings.SAVED_PIXELS - length) for length in grey.shape]
    return np.pad(grey, missing, mode="edge")
