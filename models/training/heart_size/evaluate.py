"""The shipped file on patients it has not seen; everything the card and the manifest quote."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image

from models.training.common import figures
from models.training.heart_size import external, robustness, settings
from models.training.heart_size.artefact import Network
from models.training.heart_size.data import Film, load
from viewer.inference.ctr_geometry import Diameters, Implausible, Limits, diameters


def evaluate(data: Path, out: Path, nih: Path) -> Path:
    """Write metrics.json beside the model; returns its path."""
    network = Network(out / "model.onnx")
    parameters = task_parameters(load(data, "training"))
    limits = Limits.from_parameters(parameters)
    metrics = {
        "task_parameters": parameters,
        "split": {part: len(load(data, part)) for part in ("training", "validation", "test")},
        "validation": measured(network, load(data, "validation"), limits),
        "test": measured(network, load(data, "test"), limits),
        "robustness": robustness.measured(network, load(data, "test"), limits),
        "external": external.measured(network, nih, limits) if nih.exists() else None,
    }
    path = out / "metrics.json"
    path.write_text(json.dumps(metrics, indent=1) + "\n")
    return path


def task_parameters(films: list[Film]) -> dict[str, object]:
    """What a chest can look like: the training masks, with a margin."""
    areas = np.array([(film.masks > 0.5).mean(axis=(1, 2)) for film in films])
    return {
        **dict(zip(settings.LABELS, settings.LABELS, strict=True)),
        "mask_threshold": settings.MASK_THRESHOLD,
        "plausible_ratio": list(settings.PLAUSIBLE_RATIO),
        "heart_area": _with_margin(areas[:, 0]),
        "lung_area": _with_margin(areas[:, 1:]),
        "largest_component_share": settings.LARGEST_COMPONENT_SHARE,
        "least_heart_offset": settings.LEAST_HEART_OFFSET,
    }


def _with_margin(areas: np.ndarray) -> list[float]:
    smaller, larger = settings.AREA_MARGIN
    return [round(float(areas.min()) / smaller, 3), round(float(areas.max()) * larger, 3)]


def measured(network: Network, films: list[Film], limits: Limits) -> dict[str, object]:
    """Dice, ratios and rates of a network on some films."""
    maps = [network(film.tensor) for film in films]
    truths = np.array([_true_ratio(film) for film in films])
    pairs = zip(maps, films, strict=True)
    found = [diameters(*planes, limits, film.tensor) for planes, film in pairs]
    overlap = np.array([dice(planes, film) for planes, film in zip(maps, films, strict=True)])
    return {
        "films": len(films),
        "published_ratios": sum(film.ratio is not None for film in films),
        "refused": dict(Counter(each.reason for each in found if isinstance(each, Implausible))),
        **_overlaps(overlap),
        **_agreement(truths, found),
    }


def _true_ratio(film: Film) -> float:
    """The published ratio; where there is none, the same measurement on the published masks."""
    if film.ratio is not None:
        return film.ratio
    anything = Limits(0.5, (0, 9), (0, 1), (0, 1), 0)
    measured = diameters(*film.masks, anything)
    assert isinstance(measured, Diameters)
    return measured.ratio


def dice(planes: np.ndarray, film: Film) -> np.ndarray:
    """Of each label, at the size of the published masks, 512 x 512."""
    size = film.masks.shape[:0:-1]
    large = [Image.fromarray(p).resize(size, Image.Resampling.BILINEAR) for p in planes]
    found, true = np.stack(large) >= settings.MASK_THRESHOLD, film.masks >= 0.5
    return 2 * (found & true).sum((1, 2)) / (found.sum((1, 2)) + true.sum((1, 2)))


def _overlaps(overlap: np.ndarray) -> dict[str, object]:
    columns = {"heart": overlap[:, 0], "lungs": overlap[:, 1:].mean(axis=1)}
    columns |= {"right_lung": overlap[:, 1], "left_lung": overlap[:, 2]}
    measured = {f"{key} Dice": figures.bootstrapped(figures.mean, c) for key, c in columns.items()}
    return {**measured, "worst heart Dice": round(float(overlap[:, 0].min()), 4)}


def _agreement(truths: np.ndarray, found: list[Diameters | Implausible]) -> dict[str, object]:
    """Of the films that were measured; the refused are counted apart."""
    pairs = zip(truths, found, strict=True)
    rows = np.array([(true, each.ratio) for true, each in pairs if isinstance(each, Diameters)])
    error = rows[:, 1] - rows[:, 0]
    large, called = (rows > settings.RATIO_THRESHOLD).T
    return {
        "ratio absolute error": figures.bootstrapped(figures.mean, np.abs(error)),
        "ratio bias": figures.bootstrapped(figures.mean, error),
        "limits of agreement": [round(float(error.mean() + s * error.std(ddof=1)), 4) for s in LOA],
        "worst ratio error": round(float(np.abs(error).max()), 4),
        "enlarged": int(large.sum()),
        "AUROC": figures.bootstrapped(figures.auroc, np.stack([large, rows[:, 1]], axis=1)),
        **figures.rates(large, called),
        "screening": figures.rates(large, rows[:, 1] > settings.SCREENING_THRESHOLD),
    }


LOA = (-1.96, 1.96)
"""Standard deviations: limits of agreement (Bland and Altman, Lancet 1986;327:307)."""
