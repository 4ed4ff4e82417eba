"""Films with their masks, and the patients' split; one film per patient."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from models.training.heart_size import settings
from viewer.inference.preprocessing import preprocess


@dataclass(frozen=True)
class Film:
    """One radiograph.

    unit : (512, 512) float32 in 0..1, after settings.UNIT_OPERATIONS
    tensor : (SIZE, SIZE) float32, after all operations, as the viewer would make it
    masks : (3, 512, 512) float32 in 0..1, antialiased edges, order settings.LABELS
    ratio : published cardiothoracic ratio, or None where the authors give none
    """

    name: str
    unit: np.ndarray
    tensor: np.ndarray
    masks: np.ndarray
    ratio: float | None


def split(folder: Path) -> dict[str, list[str]]:
    """File names of the test, validation and training patients; the same for every run."""
    names = sorted(path.name for path in (folder / "png").glob("*.png"))
    shuffled = [names[i] for i in np.random.default_rng(settings.SEED).permutation(len(names))]
    first, second = settings.TEST_PATIENTS, settings.TEST_PATIENTS + settings.VALIDATION_PATIENTS
    return {
        "test": shuffled[:first],
        "validation": shuffled[first:second],
        "training": shuffled[second:],
    }


def load(folder: Path, part: str) -> list[Film]:
    """The films of one part of the split."""
    ratios = _published_ratios(folder)
    return [_film(folder, name, ratios.get(name)) for name in split(folder)[part]]


def _film(folder: Path, name: str, ratio: float | None) -> Film:
    grey = _grey(folder / "png" / name)
    unit = preprocess(grey, monochrome1=False, operations=settings.UNIT_OPERATIONS).tensor
    tensor = preprocess(grey, monochrome1=False, operations=settings.OPERATIONS).tensor
    masks = [_grey(folder / "mask" / label / name) / 255 for label in settings.LABELS]
    return Film(name, unit, tensor, np.stack(masks), ratio)


def _grey(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("L"), dtype=np.float32)


def _published_ratios(folder: Path) -> dict[str, float]:
    with (folder / "ctr_ground_truth.csv").open(newline="") as file:
        return {row["id"]: float(row["ctr"]) for row in csv.DictReader(file)}
