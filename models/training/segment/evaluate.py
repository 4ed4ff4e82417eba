"""What the shipped network outlines on patients it never saw, at the size of their images; with intervals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.training.common.artefact import Shipped
from models.training.common.figures import auroc, bootstrapped, ppv, rates
from models.training.common.operating import POINTS, thresholds
from models.training.common.own_training import bar
from models.training.common.slice_measures import mean_dice, on_image, pooled_dice
from models.training.segment.data import Sample
from models.training.segment.images import image_tensor, pair
from models.training.segment.settings import MASK_THRESHOLD, Options

Metrics = dict[str, Any]


@dataclass(frozen=True)
class Compared:
    """Of one structure, a row per image: pixels in both, outlined, and true; and the image's score."""

    patients: tuple[str, ...]
    overlap: np.ndarray
    found: np.ndarray
    true: np.ndarray
    score: np.ndarray

    @property
    def present(self) -> np.ndarray:
        """Images with the structure."""
        return self.true > 0


def compare(network: Shipped, samples: Sequence[Sample], options: Options) -> list[Compared]:
    """Prepare, run and outline each image as the viewer does; one for each label."""
    rows = []
    for number, sample in enumerate(samples):
        rows.append(_row(network, sample, options))
        bar("measured", number + 1, len(samples))
    columns = np.array(rows).transpose(1, 2, 0)
    patients = tuple(sample.patient for sample in samples)
    return [Compared(patients, *label) for label in columns]


def _row(network: Shipped, sample: Sample, options: Options) -> list[tuple[float, ...]]:
    both = pair(sample, options)
    prepared = image_tensor(both, options)
    maps, scores = network(prepared.tensor[None, None])
    row = []
    for values, true, score in zip(maps[0], both.masks, scores[0], strict=True):
        found = on_image(values, prepared, *true.shape) >= MASK_THRESHOLD
        row.append(((found & true).sum(), found.sum(), true.sum(), score))
    return row


def evaluate(validation: Compared, test: Compared) -> Metrics:
    """All figures of one structure; thresholds come from the validation patients.

    Figures of whole images are there where the test holds images without the structure.
    """
    rows = np.stack([test.overlap, test.found, test.true], axis=1)
    with_it = tuple(p for p, yes in zip(test.patients, test.present, strict=True) if yes)
    found: Metrics = {
        "Dice": bootstrapped(_of_each(mean_dice), rows[test.present], with_it),
        **{
            name: bootstrapped(statistic, rows, test.patients) for name, statistic in PIXELS.items()
        },
        "images": int(test.present.sum()),
        "images without": int((~test.present).sum()),
        "points": {name: _point(limit, test) for name, limit in _limits(validation).items()},
    }
    if not test.present.all():
        scored = np.stack([test.present, test.score], axis=1).astype(float)
        found["image AUROC"] = bootstrapped(auroc, scored, test.patients)
    return found


def _limits(validation: Compared) -> dict[str, float]:
    """Where every image shows the structure, no score tells absence: half, at every point."""
    if validation.present.all():
        return dict.fromkeys(POINTS, MASK_THRESHOLD)
    return thresholds(np.stack([validation.present, validation.score], axis=1).astype(float))


def _point(limit: float, test: Compared) -> Metrics:
    called = test.score > limit
    figures: Metrics = dict(rates(test.present, called, test.patients))
    if not test.present.all():
        figures["PPV"] = bootstrapped(
            ppv, np.stack([test.present, called], axis=1).astype(float), test.patients
        )
    return {"threshold": round(limit, 6), **figures}


def _of_each(statistic: Callable[[np.ndarray], float]) -> Callable[[np.ndarray], float]:
    """A statistic of overlap and both sizes together, for rows of overlap, found, true."""
    return lambda rows: statistic(np.stack([rows[:, 0], rows[:, 1] + rows[:, 2]], axis=1))


def _share(part: int, whole: int) -> Callable[[np.ndarray], float]:
    def share(rows: np.ndarray) -> float:
        total = rows[:, whole].sum()
        return float(rows[:, part].sum() / total) if total else float("nan")

    return share


PIXELS: dict[str, Callable[[np.ndarray], float]] = {
    "pooled Dice": _of_each(pooled_dice),
    "pixel sensitivity": _share(0, 2),
    "pixel PPV": _share(0, 1),
}
"""Of all pixels of all images together, those without the structure too."""
