"""What the network does on an institution it has never met, and what the slice's position alone does."""

from pathlib import Path

import numpy as np
import torch

from models.training.brain_mr_tumour import data, settings
from models.training.common import figures, slice_measures, slice_unet
from models.training.common.artefact import Identity, Shipped, write
from models.training.common.slice_measures import OUTPUTS, Compared
from models.training.common.slice_training import train, trained

LEAST_AREA_PERCENTILE = 5
"""Of the test's tumour slices by the head's area; smaller slices, near vertex or skull base, are left
out where position must not help."""


def measure(folder: Path, run: Path, metrics: dict[str, object]) -> None:
    """Adds the shortcut's own AUROC, the AUROC without it, and each left-out institution."""
    test = _compared(run / "model.onnx", folder, data.split(folder)["test"])
    metrics["position alone"] = _auroc(test, test.area)
    least = np.percentile(test.area[test.present], LEAST_AREA_PERCENTILE)
    middle = test.area >= least
    metrics["slice AUROC, middle slices"] = _auroc(_chosen(test, middle), test.score[middle])
    metrics["left out"] = {
        code: _left_out(folder, run, code) for code in sorted(set(_codes(folder).values()))
    }


def _codes(folder: Path) -> dict[str, str]:
    return {name: data.institution(name) for name in data.patients(folder)}


def _left_out(folder: Path, run: Path, code: str) -> dict[str, object]:
    """A network trained on all other institutions, on this one."""
    own = {name for name, found in _codes(folder).items() if found == code}
    place = run / f"without_{code}"
    others = data.load(folder, set(_codes(folder)) - own).every(settings.LEFT_OUT_STRIDE)
    checkpoint = train(settings.LEFT_OUT_PLANS, others, None, place)
    network = slice_unet.Shipped(trained(checkpoint), settings.HEAD_COUNTS)
    example = torch.zeros(1, 1, settings.SIZE, settings.SIZE)
    write(
        network,
        example,
        place / "model.onnx",
        OUTPUTS,
        Identity(settings.MODEL_ID, settings.VERSION),
        any_batch=True,
    )
    compared = _compared(place / "model.onnx", folder, own)
    found = slice_measures.measured(compared, {})
    kept = ("patients", "slices", "mean Dice", "pooled Dice", "slice AUROC")
    return {key: found[key] for key in kept}


def _compared(model: Path, folder: Path, patients: set[str]) -> Compared:
    return slice_measures.compare(
        Shipped(model, OUTPUTS),
        data.native(folder, patients),
        settings.OPERATIONS,
        settings.MASK_THRESHOLD,
    )


def _auroc(compared: Compared, score: np.ndarray) -> figures.Figure:
    rows = np.stack([compared.present, score], axis=1).astype(float)
    return figures.bootstrapped(figures.auroc, rows, compared.patients)


def _chosen(compared: Compared, rows: np.ndarray) -> Compared:
    patients = tuple(p for p, yes in zip(compared.patients, rows, strict=True) if yes)
    columns = ("overlap", "sizes", "present", "score", "area")
    return Compared(patients, *(getattr(compared, column)[rows] for column in columns))
