"""The gate of this recipe measured on whole series: two real chests, and what only claims to be one.

    python -m models.training.chest_ct_nodule.gate_measure --shared ../shared/data --run ...

No third chest CT was at hand: the two are also cut into parts and stored otherwise, and the network's
distance alone is measured on the test patches.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from scipy import ndimage

from models.training.chest_ct_nodule import gate
from models.training.chest_ct_nodule.data import load
from models.training.common import figures, slice_gate
from models.training.common.artefact import Shipped
from models.training.common.gate import OUTPUT
from models.training.common.gate_series import Made, measured
from viewer.app.jobs import ignore
from viewer.dicom.decoder import decode
from viewer.dicom.indexer import index
from viewer.imaging.modality_lut import modality_values
from viewer.inference.model_store import load_package

CHESTS = {"chest_ct_1mm_no_preamble": (1.0, 0.6), "chest_ct_8mm_tumour": (8.0, 0.7)}
"""Distance of slices, and of pixels roughly, mm."""

THICK = "chest_ct_8mm_tumour"
HEAD = "head_ct_tilted_mixed_thickness"
STACKED, STACKED_MM = 24, 5.0
"""Slices and their distance of series made of a single image, with the noise of a scanner."""

THINNED_MM = 4.0
"""Distance of slices that a series is thinned to before it gets a fault, for time's sake."""

DRAWN = 3
"""Phantoms and images of each kind."""

SEED = 11
Volume = list[np.ndarray]
Change = Callable[[np.ndarray, np.random.Generator], np.ndarray]

OTHERWISE: dict[str, Change] = {
    "noisier (40 HU)": lambda hu, random: hu + random.normal(0, 40, hu.shape),
    "smoother": lambda hu, _random: ndimage.gaussian_filter(hu, 1.5),
    "air cut at -1000 HU": lambda hu, _random: hu.clip(-1000, 2000),
    "values outside the circle -3024": lambda hu, _random: np.where(_corner(hu), -3024, hu),
}
"""What other scanners make of the same chest; all must pass."""

FAULTS: dict[str, Change] = {
    "HU inverted": lambda hu, _random: -hu,
    "HU inverted within their range": lambda hu, _random: hu.max() + hu.min() - hu,
    "rescale intercept forgotten": lambda hu, _random: hu + 1024,
    "rescale intercept twice": lambda hu, _random: hu - 1024,
    "rescale slope 2": lambda hu, _random: 2 * hu,
    "rescale slope 0.5": lambda hu, _random: 0.5 * hu,
    "8-bit window sent as HU": lambda hu, _random: ((hu + 1000) / 1400).clip(0, 1) * 255,
    "constant": lambda hu, _random: np.full_like(hu, 40),
    "noise": lambda hu, random: random.normal(-300, 400, hu.shape),
}
"""What a lying file makes of a chest; all must be refused."""


def good(dicom: Path) -> Iterator[Made]:
    """Whole series; of the thicker one, for time's sake, also variants and parts."""
    random = np.random.default_rng(SEED)
    for name, (slice_mm, pixel_mm) in CHESTS.items():
        yield Made("whole", name, _volume(dicom / name), pixel_mm, slice_mm)
    volume = _volume(dicom / THICK)
    half = len(volume) // 2
    slice_mm, pixel_mm = CHESTS[THICK]
    for change in OTHERWISE.values():
        changed = [change(hu, random) for hu in volume]
        yield Made("otherwise", THICK, changed, pixel_mm, slice_mm)
    for part in (volume[half:], volume[half // 2 :]):
        yield Made("parts", THICK, part, pixel_mm, slice_mm)


def bad(dicom: Path, more: Path | None, shared: Path) -> Iterator[Made]:
    """Faults, other body parts, other modalities, phantoms."""
    random = np.random.default_rng(SEED)
    for name, (slice_mm, pixel_mm) in CHESTS.items():
        step = max(1, round(THINNED_MM / slice_mm))
        volume = _volume(dicom / name)[::step]
        for kind, change in FAULTS.items():
            changed = [change(hu, random) for hu in volume]
            yield Made(kind, name, changed, pixel_mm, slice_mm * step)
    yield Made("head CT", HEAD, _volume(dicom / HEAD), 0.45, STACKED_MM)
    for kind, images in _others(shared).items():
        for number, image in enumerate(images):
            yield Made(kind, str(number), _stacked(image, random), 0.8, STACKED_MM)
    for path in sorted(more.glob("*/*.dcm")) if more else ():
        yield Made(path.parent.name, path.stem, _stacked(_volume(path)[0], random), 0.8, STACKED_MM)
    for kind, make in PHANTOMS.items():
        for _count in range(DRAWN):
            yield Made(kind, "drawn", make(random), 1.2, STACKED_MM)


def _others(shared: Path) -> dict[str, list[np.ndarray]]:
    """Images of other modalities, as if their grey values were HU from -1000 to 1000."""
    patterns = {
        "brain MR sent as CT": slice_gate.HEADS,
        "radiograph sent as CT": slice_gate.CHEST_FILMS,
    }
    return {
        kind: [8 * one - 1000 for one in slice_gate.test_half(shared, pattern, DRAWN)]
        for kind, pattern in patterns.items()
    }


def _stacked(image: np.ndarray, random: np.random.Generator) -> Volume:
    return [image + random.normal(0, 10, image.shape) for _count in range(STACKED)]


def _corner(hu: np.ndarray) -> np.ndarray:
    down, across = np.indices(hu.shape) - np.array(hu.shape)[:, None, None] / 2
    outside: np.ndarray = np.hypot(down, across) > max(hu.shape) / 2
    return outside


def _cylinder(random: np.random.Generator, inserts: int, level: float) -> Volume:
    """A body of water with round inserts of one level, and the noise of a scanner."""
    down, across = np.indices((320, 320)) - 160.0
    slice_ = np.where(np.hypot(down / 0.8, across) < 140, random.uniform(-20, 60), -1000.0)
    for number in range(inserts):
        angle = 2 * np.pi * number / inserts
        middle = 70 * np.array([np.sin(angle), np.cos(angle)])
        reach = random.uniform(30, 45) if inserts <= 2 else random.uniform(12, 20)
        slice_[np.hypot(down - middle[0], across - middle[1]) < reach] = level
    return [slice_ + random.normal(0, 12, slice_.shape) for _count in range(40)]


def _balls(random: np.random.Generator) -> Volume:
    """Two hollow lungs of even foam, with balls in them."""
    volume = np.stack(_cylinder(random, 2, -850))
    for _count in range(12):
        middle = np.array([random.integers(4, 36), *random.integers(70, 250, 2)])
        distance = np.indices(volume.shape) - middle[:, None, None, None]
        distance = np.sqrt((distance[0] * 4) ** 2 + distance[1] ** 2 + distance[2] ** 2)
        volume[(distance < random.uniform(3, 9)) & (volume < -500)] = 40
    return list(volume)


PHANTOMS: dict[str, Callable[[np.random.Generator], Volume]] = {
    "phantom: water with rods of air": lambda random: _cylinder(random, 6, -1000),
    "phantom: water with two large holes": lambda random: _cylinder(random, 2, -1000),
    "phantom: two even foam lungs": lambda random: _cylinder(random, 2, -850),
    "phantom: foam lungs with balls": _balls,
}


def _volume(path: Path) -> Volume:
    sets = [one for study in index((path,), ignore, ignore).studies for one in study.display_sets]
    longest = max(sets, key=lambda one: len(one.frames))
    return [modality_values(decode(ref)) for ref in longest.frames]


def patches_passed(package: Path, data: Path) -> dict[str, object]:
    """Share of test patches whose distance lies within the limit; the viewer goes by the median."""
    patches = load(data)["test"]
    units = gate.inner(patches.units)
    distances = Shipped(package / "model.onnx", [OUTPUT], threads=1).in_batches(
        gate.tensors(units)
    )[0][:, 0]
    rows = (distances <= 1).astype(float)
    share = figures.bootstrapped(figures.mean, rows, patches.scans.tolist())
    return {**share, "patients": len(set(patches.scans.tolist()))}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.training.chest_ct_nodule.gate_measure")
    parser.add_argument("--shared", type=Path, required=True, help="folder with the data sets")
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--package", type=Path, default=Path("models/chest_ct_nodule"))
    parser.add_argument("--more", type=Path, help="DICOM files of other body parts, by kind")
    asked = parser.parse_args()
    out = asked.run / "gate.json"
    dicom = asked.shared / "dicom"
    made = good(dicom), bad(dicom, asked.more, asked.shared)
    found = measured(load_package(asked.package), *made, out)
    found["passed"] |= {"patches": patches_passed(asked.package, asked.shared / "chest_ct_nodule")}  # type: ignore[operator]
    out.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
