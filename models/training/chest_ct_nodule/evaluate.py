"""The shipped file on patches of scans it has not seen; everything the card and manifest quote."""

import json
from pathlib import Path

import numpy as np

from models.training.chest_ct_nodule import settings
from models.training.chest_ct_nodule.data import Patches, load
from models.training.common import figures
from models.training.common.artefact import Shipped


def evaluate(data: Path, run: Path) -> Path:
    """Write metrics.json beside the model; returns its path."""
    network = Shipped(run / "model.onnx", ["scores"])
    parts = load(data)
    found = {part: network.in_batches(tensors(parts[part]))[0][:, 0] for part in PARTS}
    limits = thresholds(parts["validation"], found["validation"])
    metrics = {
        "split": {part: _counts(patches) for part, patches in parts.items()},
        "thresholds": limits,
        **{part: _measured(parts[part], found[part], limits) for part in PARTS},
    }
    path = run / "metrics.json"
    path.write_text(json.dumps(metrics, indent=1) + "\n")
    return path


PARTS = ("validation", "test")


def tensors(patches: Patches) -> np.ndarray:
    """(n, 1, PIXELS, PIXELS) float32, as the viewer would make them of the same square."""
    margin = (settings.SAVED_PIXELS - settings.PIXELS) // 2
    inner = np.s_[margin : margin + settings.PIXELS]
    units = patches.units[:, inner, inner]
    return ((units - settings.MEAN) / settings.STD)[:, None].astype(np.float32)


def thresholds(patches: Patches, scores: np.ndarray) -> dict[str, float]:
    """Score above which the stated share of look-alikes is left alone; by validation patches."""
    alike = scores[~patches.nodule]
    return {
        name: round(float(np.quantile(alike, share)), 3)
        for name, share in settings.THRESHOLD_SPECIFICITY.items()
    }


def _counts(patches: Patches) -> dict[str, int]:
    return {
        "patches": len(patches.nodule),
        "nodules": int(patches.nodule.sum()),
        "stretches": len(set(patches.scans.tolist())),
    }


def _measured(patches: Patches, scores: np.ndarray, limits: dict[str, float]) -> dict[str, object]:
    rows, scans = np.stack([patches.nodule, scores], axis=1), patches.scans.tolist()
    return {
        "AUROC": figures.bootstrapped(figures.auroc, rows, scans),
        "points": {
            name: figures.rates(patches.nodule, scores > limit, scans)
            for name, limit in limits.items()
        },
    }
