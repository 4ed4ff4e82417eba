"""Slices with their masks, and the patients' split; institutions are told by the patient's name."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from models.training.brain_mr_tumour import settings
from models.training.common.gate_images import Grey
from models.training.common.slice_gate import CHEST_FILMS, CT_CROPS, STRIPPED, fit_half
from models.training.common.slice_measures import Native
from models.training.common.slice_training import Slices
from viewer.inference.preprocessing import preprocess


def institution(patient: str) -> str:
    """TCGA_CS_4941_19960909 to CS, the code of the hospital that gave the patient."""
    return patient.split("_")[1]


def patients(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def split(folder: Path) -> dict[str, set[str]]:
    """Names of the test, validation and training patients; the same for every run."""
    random, parts = np.random.default_rng(settings.SEED), {"test": set(), "validation": set()}
    everyone = patients(folder)
    for code in sorted({institution(name) for name in everyone}):
        own = [name for name in everyone if institution(name) == code]
        shuffled = [own[i] for i in random.permutation(len(own))]
        tests = round(len(own) * settings.TEST_SHARE)
        checks = tests + max(1, round(len(own) * settings.VALIDATION_SHARE))
        parts["test"] |= set(shuffled[:tests])
        parts["validation"] |= set(shuffled[tests:checks])
    return {**parts, "training": set(everyone) - parts["test"] - parts["validation"]}


def load(folder: Path, chosen: set[str]) -> Slices:
    """The slices of these patients."""
    files = [path for name in sorted(chosen) for path in sorted((folder / name).glob("*.webp"))]
    pairs = [_pair(path) for path in files]
    units, masks = (
        torch.from_numpy(np.stack(column))[:, None] for column in zip(*pairs, strict=True)
    )
    return Slices(units, masks, tuple(path.parent.name for path in files))


def load_part(folder: Path, part: str) -> Slices:
    """The slices of one part of the split."""
    return load(folder, split(folder)[part])


def native(folder: Path, chosen: set[str]) -> Iterator[Native]:
    """The slices of these patients as published."""
    for name in sorted(chosen):
        for path in sorted((folder / name).glob("*.webp")):
            image = np.asarray(Image.open(path).convert("L"), dtype=np.float32)
            mask = np.asarray(Image.open(path.with_name(f"{path.stem}_mask.png")).convert("L"))
            yield Native(name, image, mask)


def native_part(folder: Path, part: str) -> Iterator[Native]:
    """The slices of one part of the split as published."""
    return native(folder, split(folder)[part])


def no_heads(folder: Path) -> list[Grey]:
    """What is no whole head, for the gate to learn from: stripped brains, CT, films of the chest."""
    shares = {STRIPPED: 300, CT_CROPS: 80, CHEST_FILMS: 60}
    return [one for kind, n in shares.items() for one in fit_half(folder.parent, kind, n)]


def _pair(path: Path) -> tuple[np.ndarray, np.ndarray]:
    image = np.asarray(Image.open(path).convert("L"), dtype=np.float32)
    drawn = Image.open(path.with_name(f"{path.stem}_mask.png")).convert("F")
    size = (settings.SIZE, settings.SIZE)
    mask = np.asarray(drawn.resize(size, Image.Resampling.BILINEAR), dtype=np.float32)
    unit = preprocess(image, monochrome1=False, operations=settings.UNIT_OPERATIONS).tensor
    return unit, mask / 255
