"""Films of NIH ChestX-ray14 with their labels, and the radiologists' boxes."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from models.training.chest_findings import settings
from viewer.inference.preprocessing import preprocess

BOX_SIDE = 1024.0
"""Pixels of the film in which boxes.csv counts."""


@dataclass(frozen=True)
class Film:
    """One radiograph of an adult, without its pixels. size: bytes of the original file."""

    name: str
    patient: str
    age: float
    sex: str
    view: str
    findings: frozenset[str]
    size: int


@dataclass(frozen=True)
class Box:
    """A radiologist's box; left, top, right, bottom as shares of the film."""

    name: str
    finding: str
    edges: tuple[float, float, float, float]


def films(folder: Path) -> list[Film]:
    """The adults of labels.csv, in its order."""
    with (folder / "labels.csv").open(newline="") as file:
        everyone = [_film(row) for row in csv.DictReader(file)]
    return [film for film in everyone if film.age >= settings.MIN_AGE_YEARS]


def boxes(folder: Path) -> list[Box]:
    """All of boxes.csv."""
    with (folder / "boxes.csv").open(newline="") as file:
        return [_box(row) for row in csv.DictReader(file)]


def tensor(folder: Path, film: Film) -> np.ndarray:
    """(SIZE, SIZE) float32, as the viewer would prepare the film."""
    grey = np.asarray(Image.open(folder / "images" / film.name).convert("L"), dtype=np.float32)
    return preprocess(grey, monochrome1=False, operations=settings.OPERATIONS).tensor


def _film(row: dict[str, str]) -> Film:
    findings = frozenset(row["findings"].split("|"))
    size, age = int(row["original_bytes"]), float(row["age"])
    return Film(row["file"], row["patient"], age, row["sex"], row["view"], findings, size)


def _box(row: dict[str, str]) -> Box:
    left, top = float(row["x_of_1024"]), float(row["y_of_1024"])
    edges = (left, top, left + float(row["width"]), top + float(row["height"]))
    return Box(row["file"], row["finding"], tuple(edge / BOX_SIDE for edge in edges))
