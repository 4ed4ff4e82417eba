"""The gate's test as pictures on the disk, for the viewer's own path to read: what must pass, what must not.

Folders `pass/<source>` (file name: patient and a number) and `refuse/<kind>`; nothing of it was fitted on.
"""

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from models.training.common import gate_images
from models.training.common.gate_images import Grey, Named
from models.training.heart_size import gate_data
from models.training.heart_size.data import split
from models.training.heart_size.gate_files import save

SEED = 11
PER_KIND = 60
"""Brain slices and CT crops of each kind."""

DRAWN = 12
"""Mammograms and hands: none of either was at hand."""


def write(shared: Path, folder: Path) -> None:
    """Copy the films that must pass; draw what must be refused."""
    _write_good(shared, folder / "pass")
    for number, (kind, image) in enumerate(_bad(shared)):
        save(image, folder / "refuse" / kind / f"{number:05d}.png")


def _write_good(shared: Path, folder: Path) -> None:
    own = shared / "chest_xray_heart"
    heart = [(own / "png" / name, Path(name).stem) for name in split(own)["test"]]
    copy(heart, folder / "heart")
    copy(nih_sources(shared, "PA"), folder / "nih")


def nih_sources(shared: Path, view: str) -> list[tuple[Path, str]]:
    """Film and patient of each adult NIH film of one view that the gate was not fitted on."""
    nih = shared / "chest_xray_pneumonia"
    rows = gate_data.nih_rows(nih, view, "test")
    return [(nih / "images" / row["file"], row["patient"]) for row in rows]


def copy(films: Iterable[tuple[Path, str]], folder: Path) -> None:
    """Into one folder, under names that tell the patient."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, (path, patient) in enumerate(films):
        shutil.copyfile(path, folder / f"{patient}+{number}{path.suffix}")


def _bad(shared: Path) -> Iterator[Named]:
    random = np.random.default_rng(SEED)
    own = gate_data.heart_films(shared / "chest_xray_heart", "test")
    nih = gate_data.nih_films(shared / "chest_xray_pneumonia", "PA", "test")
    yield from gate_images.turned([*own, *nih[::3]])
    yield from gate_data.details(own, random)
    yield from gate_data.brains_and_patches(shared, "test", PER_KIND)
    yield from gate_images.photographs("test")
    yield from gate_images.made_up("test", random)
    for _count in range(DRAWN):
        yield "mammogram, drawn", _mammogram(random)
        yield "hand, drawn", _hand(random)


def _mammogram(random: np.random.Generator) -> Grey:
    """A breast against one edge: a half ellipse, dense strands in it, black beside it."""
    across, down = np.meshgrid(np.linspace(0, 1, 400), np.linspace(-1, 1, 500))
    width, height = random.uniform(0.5, 0.9), random.uniform(0.6, 0.9)
    depth = 1 - (across / width) ** 2 - (down / height) ** 2
    blurred = np.asarray(
        Image.fromarray(random.random((25, 20)).astype(np.float32)).resize((400, 500))
    )
    breast = np.where(depth > 0, 0.3 + 0.3 * np.sqrt(depth.clip(0)) + 0.4 * blurred, 0)
    return (breast + random.normal(0, 0.01, breast.shape)).astype(np.float32)


def _hand(random: np.random.Generator) -> Grey:
    """Five fingers of three bones in soft tissue above a palm."""
    soft, bone = Image.new("F", (400, 500)), Image.new("F", (400, 500))
    flesh, dense = ImageDraw.Draw(soft), ImageDraw.Draw(bone)
    flesh.ellipse((90, 230, 310, 480), 0.4)
    for finger in range(5):
        angle = np.radians(-40 + 20 * finger + random.uniform(-5, 5))
        tip = np.array([200 + 230 * np.sin(angle), 330 - 260 * np.cos(angle)])
        root = np.array([200 + 90 * np.sin(angle), 360 - 100 * np.cos(angle)])
        flesh.line([*root, *tip], 0.4, width=44)
        for joint in range(3):
            ends = [root + (tip - root) * share for share in (joint / 3 + 0.03, joint / 3 + 0.27)]
            dense.line([*ends[0], *ends[1]], 0.5, width=18)
    noise = random.normal(0, 0.01, (500, 400))
    return (np.asarray(soft) + np.asarray(bone) + noise).astype(np.float32)
