"""A sanity check on another hospital's films, whose labels were read from reports by a program."""

import csv
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image

from models.training.common import figures
from models.training.heart_size import settings
from models.training.heart_size.artefact import Network
from viewer.inference.ctr_geometry import Diameters, Implausible, Limits, diameters
from viewer.inference.preprocessing import preprocess

Row = dict[str, str]


def measured(network: Network, folder: Path, limits: Limits) -> dict[str, object]:
    """Adult films of NIH ChestX-ray14 by view; PA is what the model is for, AP shows why."""
    rows = [row for row in _rows(folder) if float(row["age"]) >= settings.MIN_AGE_YEARS]
    views = {view: [row for row in rows if row["view"] == view] for view in ("PA", "AP")}
    return {view: _view(network, folder, films, limits) for view, films in views.items()}


def _view(network: Network, folder: Path, rows: list[Row], limits: Limits) -> dict[str, object]:
    tensors = (_tensor(folder, row) for row in rows)
    found = [diameters(*network(tensor), limits, tensor) for tensor in tensors]
    kept = [(row, d) for row, d in zip(rows, found, strict=True) if isinstance(d, Diameters)]
    scores = np.array([("Cardiomegaly" in row["findings"], d.ratio) for row, d in kept], float)
    patients = [row["patient"] for row, _ in kept]
    labelled, called = scores[:, 0] == 1, scores[:, 1] > settings.RATIO_THRESHOLD
    return {
        "films": len(rows),
        "patients": len({row["patient"] for row in rows}),
        "refused": dict(Counter(each.reason for each in found if isinstance(each, Implausible))),
        "labelled Cardiomegaly": int(labelled.sum()),
        "AUROC": figures.bootstrapped(figures.auroc, scores, patients),
        **figures.rates(labelled, called, patients),
        "median ratio": round(float(np.median(scores[:, 1])), 4),
    }


def _tensor(folder: Path, row: Row) -> np.ndarray:
    grey = np.asarray(Image.open(folder / "images" / row["file"]).convert("L"), dtype=np.float32)
    return preprocess(grey, monochrome1=False, operations=settings.OPERATIONS).tensor


def _rows(folder: Path) -> list[Row]:
    with (folder / "labels.csv").open(newline="") as file:
        return list(csv.DictReader(file))
