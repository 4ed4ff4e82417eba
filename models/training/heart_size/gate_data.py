"""Films the gate must let through, and images it must not; fit and test never share a patient or a file."""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from models.training.common.gate_images import (
    PARTS,
    Grey,
    Named,
    grey,
    made_up,
    photographs,
    turned,
)
from models.training.heart_size import robustness, settings
from models.training.heart_size.data import split

NIH_SEED = 4


def heart_films(folder: Path, part: str) -> list[Grey]:
    """One part of the split of `data.split`, as stored."""
    return [grey(folder / "png" / name) for name in split(folder)[part]]


def nih_rows(folder: Path, view: str, part: str) -> list[dict[str, str]]:
    """Adult films of one view; patients are halved into "fit" and "test" with a fixed seed."""
    with (folder / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    patients = sorted({row["patient"] for row in rows})
    drawn = np.random.default_rng(NIH_SEED).permutation(len(patients))
    chosen = {patients[i] for i in drawn[PARTS.index(part) :: len(PARTS)]}
    adult = [row for row in rows if float(row["age"]) >= settings.MIN_AGE_YEARS]
    return [row for row in adult if row["view"] == view and row["patient"] in chosen]


def nih_films(folder: Path, view: str, part: str) -> list[Grey]:
    """The pictures of `nih_rows`."""
    return [grey(folder / "images" / row["file"]) for row in nih_rows(folder, view, part)]


def good_films(shared: Path) -> list[Grey]:
    """What the gate is fitted on: the training films, and half of the patients of another hospital."""
    nih = shared / "chest_xray_pneumonia"
    own = heart_films(shared / "chest_xray_heart", "training")
    return [*own, *nih_films(nih, "PA", "fit"), *nih_films(nih, "AP", "fit")]


def bad_images(shared: Path, random: np.random.Generator) -> Iterator[Named]:
    """What its head learns to refuse; nothing of it is in the test."""
    own = heart_films(shared / "chest_xray_heart", "training")
    yield from turned([*own, *nih_films(shared / "chest_xray_pneumonia", "PA", "fit")])
    yield from details(own, random)
    yield from brains_and_patches(shared, "fit", 100)
    yield from photographs("fit")
    yield from made_up("fit", random)


def otherwise_stored(film: Grey, random: np.random.Generator) -> Iterator[Grey]:
    """The same film as other equipment and other hands would have made it; all must pass."""
    unit = (film - film.min()) / max(float(np.ptp(film)), 1.0)
    ways = [way for name, way in robustness.WAYS.items() if not name.startswith("FAULT")]
    values, monochrome1 = ways[random.integers(len(ways))](unit)
    yield values.max() + values.min() - values if monochrome1 else values
    yield _moved(unit, random)


def details(films: list[Grey], random: np.random.Generator) -> Iterator[Named]:
    """Small parts of films: skin, bone and soft tissue, but no chest."""
    for film in films:
        size = round(film.shape[0] * random.uniform(0.15, 0.4))
        row, column = (int(random.integers(side - size)) for side in film.shape)
        yield "small part of a film", film[row : row + size, column : column + size]


def brains_and_patches(shared: Path, part: str, count: int) -> Iterator[Named]:
    """Slices of brain MR, and crops of chest CT; every second of a sorted list each."""
    places = {
        "brain MR, whole head": sorted((shared / "brain_mr_tumour").glob("*/*.webp")),
        "brain MR, skull stripped": sorted((shared / "brain_mr_infarct/images").rglob("*.png")),
        "CT patch": sorted((shared / "chest_ct_nodule/patches").rglob("*.png")),
        "CT crop": sorted((shared / "chest_ct_nodule/lidc").rglob("*.png")),
    }
    for name, paths in places.items():
        own = [path for path in paths if not path.stem.endswith(("mask", "votes"))]
        half = own[: len(own) // 2] if part == "fit" else own[len(own) // 2 :]
        for path in half[:: max(1, len(half) // count)][:count]:
            yield name, grey(path)


def _moved(unit: Grey, random: np.random.Generator) -> Grey:
    """Turned by up to 6 degrees, enlarged or made smaller by up to 15 %, shifted by up to 6 %."""
    rows, columns = unit.shape
    turn, zoom = np.radians(random.uniform(-6, 6)), random.uniform(0.85, 1.15)
    across, down = random.uniform(-0.06, 0.06, 2) * (columns, rows)
    cosine, sine = np.cos(turn) / zoom, np.sin(turn) / zoom
    x, y = columns / 2, rows / 2
    matrix = (cosine, sine, x - cosine * x - sine * y + across)
    matrix += (-sine, cosine, y + sine * x - cosine * y + down)
    moved = Image.fromarray(unit).transform(
        (columns, rows), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR
    )
    return np.asarray(moved, dtype=np.float32)
