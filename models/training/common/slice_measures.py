"""A shipped slice network on patients it has not seen, at the size of the published masks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.training.common import figures
from models.training.common.artefact import Shipped
from viewer.domain.display_set import FrameRef
from viewer.domain.image import Heatmap
from viewer.imaging.heatmap import resample
from viewer.inference.preprocessing import Prepared, preprocess

OUTPUTS = ("probabilities", "slice_score")

Pixels = np.ndarray
Operations = Sequence[Mapping[str, object]]


@dataclass(frozen=True)
class Native:
    """One slice as published: values and mask, shape (rows, columns)."""

    patient: str
    values: Pixels
    mask: Pixels


@dataclass(frozen=True)
class Compared:
    """One row per slice.

    patients : (n). overlap, sizes : (n) pixels in both, and in mask plus outline. present : (n) bool.
    score : (n) of the slice. area : (n) share of the slice that is not background.
    """

    patients: tuple[str, ...]
    overlap: np.ndarray
    sizes: np.ndarray
    present: np.ndarray
    score: np.ndarray
    area: np.ndarray


def compare(
    network: Shipped,
    slices: Iterable[Native],
    operations: Operations,
    threshold: float,
    pixel_mm: tuple[float, float] | None = None,
) -> Compared:
    """Prepare, run and outline each slice as the viewer does."""
    rows = [_row(network, one, operations, threshold, pixel_mm) for one in slices]
    patients, *columns = zip(*rows, strict=True)
    return Compared(tuple(patients), *(np.array(column) for column in columns))


def _row(
    network: Shipped,
    one: Native,
    operations: Operations,
    threshold: float,
    pixel_mm: tuple[float, float] | None,
) -> tuple[object, ...]:
    prepared = preprocess(one.values, monochrome1=False, operations=operations, pixel_mm=pixel_mm)
    maps, score = network(prepared.tensor[None, None])
    found = on_image(maps[0, 0], prepared, *one.values.shape) >= threshold
    mask = one.mask > 0
    area = float((one.values > one.values.min() + AIR_SHARE * np.ptp(one.values)).mean())
    overlap, sizes = int((found & mask).sum()), int(found.sum() + mask.sum())
    return one.patient, overlap, sizes, bool(mask.any()), float(score[0, 0]), area


def on_image(values: Pixels, prepared: Prepared, rows: int, columns: int) -> Pixels:
    """A map of the tensor in the grid of the image, as the viewer lays it there."""
    shown = Heatmap(_NOWHERE, "", "", "", values, prepared.image_from_tensor_px)
    return resample(shown, rows, columns)


AIR_SHARE = 0.08
"""Of a slice's range; darker is air."""

_NOWHERE = FrameRef("", 0, None)  # type: ignore[arg-type]


def thresholds(compared: Compared, specificities: Mapping[str, float]) -> dict[str, float]:
    """Score above which the stated share of slices without a lesion is left alone."""
    without = compared.score[~compared.present]
    return {name: round(float(np.quantile(without, s)), 3) for name, s in specificities.items()}


def measured(compared: Compared, limits: Mapping[str, float]) -> dict[str, object]:
    """Dice, slice AUROC and operating points, with intervals over patients."""
    present = compared.present
    with_lesion = [patient for patient, yes in zip(compared.patients, present, strict=True) if yes]
    pairs = np.stack([compared.overlap, compared.sizes], axis=1)[present].astype(float)
    every = np.stack([compared.overlap, compared.sizes], axis=1).astype(float)
    rows = np.stack([present, compared.score], axis=1).astype(float)
    return {
        "slices": len(present),
        "patients": len(set(compared.patients)),
        "slices with a lesion": int(present.sum()),
        "mean Dice": figures.bootstrapped(mean_dice, pairs, with_lesion),
        "pooled Dice": figures.bootstrapped(pooled_dice, pairs, with_lesion),
        "pooled Dice of all slices": figures.bootstrapped(pooled_dice, every, compared.patients),
        "slice AUROC": figures.bootstrapped(figures.auroc, rows, compared.patients),
        "points": {
            name: figures.rates(present, compared.score > limit, compared.patients)
            for name, limit in limits.items()
        },
    }


def mean_dice(rows: np.ndarray) -> float:
    """rows (n, 2): overlap and sizes; mean of each slice's own."""
    return float((2 * rows[:, 0] / np.maximum(rows[:, 1], 1)).mean())


def pooled_dice(rows: np.ndarray) -> float:
    """rows (n, 2): overlap and sizes; of all pixels together, so that large lesions count more."""
    return float(2 * rows[:, 0].sum() / max(rows[:, 1].sum(), 1))
