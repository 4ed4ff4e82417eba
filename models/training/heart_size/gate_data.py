"""Films the gate must let through, and images it must not; fit and test never share a patient or a file."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import skimage.data
from PIL import Image, ImageDraw, ImageFont

from models.training.heart_size import robustness, settings
from models.training.heart_size.data import split

Grey = np.ndarray
"""(rows, columns) float32, dense is bright."""
Named = tuple[str, Grey]

NIH_SEED = 4
PARTS = ("fit", "test")
TURNS: dict[str, Callable[[Grey], Grey]] = {
    "mirrored": np.fliplr,
    "upside down": np.flipud,
    "turned by 180 degrees": lambda grey: np.rot90(grey, 2),
    "turned by 90 degrees": np.rot90,
    "turned by 270 degrees": lambda grey: np.rot90(grey, 3),
    "inverted": lambda grey: grey.max() + grey.min() - grey,
}
"""What a file that lies about itself makes of a good film."""


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


def turned(films: list[Grey]) -> Iterator[Named]:
    """Each film in every wrong way."""
    for film in films:
        for name, turn in TURNS.items():
            yield name, np.ascontiguousarray(turn(film))


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


PHOTOGRAPHS = {
    "fit": ("astronaut.png", "chelsea.png", "rocket.jpg", "grass.png", "page.png", "cell.png"),
    "test": ("camera.png", "coffee.png", "coins.png", "gravel.png", "text.png", "moon.png"),
}
"""Of scikit-image: people, animals, things, textures, paper."""


def photographs(part: str) -> Iterator[Named]:
    """Made grey, and each in four positions, for a photograph may be of anything."""
    for name in PHOTOGRAPHS[part]:
        whole = grey(Path(skimage.data.__file__).parent / name)
        for number in range(4):
            yield "photograph", np.ascontiguousarray(np.rot90(whole, number))


def made_up(part: str, random: np.random.Generator) -> Iterator[Named]:
    """Noise, ramps and windows of programs with text."""
    for _count in range(12):
        yield "noise", random.normal(0, 1, (300, 300)).astype(np.float32)
        yield "ramp", _ramp(random)
        yield "screen", _screen(random, dark=part == "test")


def grey(path: Path) -> Grey:
    """A picture's grey values."""
    return np.asarray(Image.open(path).convert("L"), dtype=np.float32)


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


def _ramp(random: np.random.Generator) -> Grey:
    across, down = np.meshgrid(np.linspace(-1, 1, 300), np.linspace(-1, 1, 300))
    angle, bend = random.uniform(0, 2 * np.pi), random.uniform(-1, 1)
    straight = np.cos(angle) * across + np.sin(angle) * down
    return (straight + bend * (across**2 + down**2)).astype(np.float32)


def _screen(random: np.random.Generator, *, dark: bool) -> Grey:
    """Bars, panels and lines of text."""
    back, ink = (30, 200) if dark else (235, 20)
    picture = Image.new("L", (800, 600), back)
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(16)
    for _count in range(int(random.integers(3, 9))):
        left, top = (int(each) for each in random.integers(0, 600, 2))
        wide, high = (int(each) for each in random.integers(60, 400, 2))
        shade = int(np.clip(back + random.integers(-40, 60), 0, 255))
        pen.rectangle((left, top, left + wide, top + high), shade, outline=ink)
    for line in range(int(random.integers(8, 28))):
        letters = "".join(chr(int(c)) for c in random.integers(65, 122, 60))
        pen.text((int(random.integers(0, 300)), 20 * line), letters, ink, font)
    return np.asarray(picture, dtype=np.float32)
