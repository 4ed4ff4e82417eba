"""Slices with their masks, and the patients' split; one slice per patient."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from models.training.brain_mr_infarct import settings
from models.training.common import figures
from models.training.common.gate_images import Grey
from models.training.common.slice_gate import CHEST_FILMS, CT_CROPS, HEADS, fit_half
from models.training.common.slice_measures import Native
from models.training.common.slice_training import Slices
from viewer.inference.brain_only import BrainSize, is_brain_only
from viewer.inference.preprocessing import Prepared, preprocess


def split(folder: Path) -> dict[str, set[str]]:
    """Names of the test, validation and training patients; the same for every run."""
    names = sorted(path.stem for path in (folder / "images").glob("*.png"))
    shuffled = [names[i] for i in np.random.default_rng(settings.SEED).permutation(len(names))]
    first, second = settings.TEST_PATIENTS, settings.TEST_PATIENTS + settings.VALIDATION_PATIENTS
    return {
        "test": set(shuffled[:first]),
        "validation": set(shuffled[first:second]),
        "training": set(shuffled[second:]),
    }


def load(folder: Path, part: str) -> Slices:
    """The slices of one part of the split."""
    names = tuple(sorted(split(folder)[part]))
    pairs = [_pair(folder, name) for name in names]
    units, masks = (
        torch.from_numpy(np.stack(column))[:, None] for column in zip(*pairs, strict=True)
    )
    return Slices(units, masks, names)


def native(folder: Path, part: str) -> Iterator[Native]:
    """The slices of one part as published."""
    for name in sorted(split(folder)[part]):
        image, mask = (_grey(folder / kind / f"{name}.png") for kind in ("images", "masks"))
        yield Native(name, image, mask)


def gate_rates(folder: Path, run: Path, metrics: dict[str, object]) -> None:
    """Adds how many test slices pass the gate for stripped brains, and how many whole heads do.

    Whole heads: the slices of brain_mr_tumour beside `folder`, where it is, as if of 0.8 to 1 mm,
    as published and with their background set to one value.
    """
    size = BrainSize(settings.BRAIN_WIDTH_MM, settings.BRAIN_LENGTH_MM)
    passed = [is_brain_only(one.values, (1.0, 1.0), size) for one in native(folder, "test")]
    metrics["gate, test slices that pass"] = figures.bootstrapped(
        figures.mean, np.array(passed, float)
    )
    heads = folder.parent / "brain_mr_tumour"
    if not heads.exists():
        return
    rows, patients = [], []
    for path in sorted(heads.glob("*/*.webp"))[::4]:
        grey = _grey(path)
        for mm in (0.8, 0.9, 1.0):
            for floor in (0, 15, 30):
                masked = np.where(grey < floor, 0, grey).astype(np.float32)
                rows.append(is_brain_only(masked, (mm, mm), size))
                patients.append(path.parent.name)
    metrics["gate, whole heads that pass"] = figures.bootstrapped(
        figures.mean, np.array(rows, float), patients
    )


def no_stripped_slices(folder: Path) -> list[Grey]:
    """What is no stripped slice, for the gate to learn from: whole heads, CT, films of the chest."""
    shares = {HEADS: 300, CT_CROPS: 80, CHEST_FILMS: 60}
    return [one for kind, n in shares.items() for one in fit_half(folder.parent, kind, n)]


def _pair(folder: Path, name: str) -> tuple[np.ndarray, np.ndarray]:
    grey = _grey(folder / "images" / f"{name}.png")
    prepared = preprocess(
        grey, monochrome1=False, operations=settings.UNIT_OPERATIONS, pixel_mm=(1.0, 1.0)
    )
    drawn = (_grey(folder / "masks" / f"{name}.png") > 0).astype(np.float32)
    return prepared.tensor, _moved(drawn, prepared)


def _moved(drawn: np.ndarray, prepared: Prepared) -> np.ndarray:
    """The mask where the preparation put its slice; whole pixels."""
    lit = np.argwhere(drawn)[:, ::-1].astype(np.float64)
    columns, rows = np.rint(prepared.image_from_tensor_px.inverse().apply(lit)).astype(int).T
    mask = np.zeros_like(prepared.tensor)
    mask[rows, columns] = 1
    return mask


def _grey(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("L"), dtype=np.float32)
