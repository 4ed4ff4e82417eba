"""The test films as other equipment would have stored them: does the ratio stay?"""

from collections.abc import Callable

import numpy as np
from PIL import Image

from models.training.common import figures
from models.training.heart_size import settings
from models.training.heart_size.artefact import Network
from models.training.heart_size.data import Film
from viewer.inference.ctr_geometry import Diameters, Implausible, Limits, diameters
from viewer.inference.preprocessing import preprocess

Stored = tuple[np.ndarray, bool]
"""Modality values (rows, columns) float32, and whether they are MONOCHROME1."""


def measured(network: Network, films: list[Film], limits: Limits) -> dict[str, object]:
    """Per way of storing: mean absolute change of the ratio, films refused."""
    plain = [_ratio(network, (film.unit, False), limits) for film in films]
    changed = {
        name: [_ratio(network, store(film.unit), limits) for film in films]
        for name, store in WAYS.items()
    }
    return {name: _compared(plain, ratios) for name, ratios in changed.items()}


def _ratio(network: Network, stored: Stored, limits: Limits) -> Diameters | Implausible:
    values, monochrome1 = stored
    prepared = preprocess(values, monochrome1=monochrome1, operations=settings.OPERATIONS)
    return diameters(*network(prepared.tensor), limits, prepared.tensor)


Found = list[Diameters | Implausible]


def _compared(plain: Found, changed: Found) -> dict[str, object]:
    pairs = zip(plain, changed, strict=True)
    gaps = [
        abs(one.ratio - other.ratio)
        for one, other in pairs
        if isinstance(one, Diameters) and isinstance(other, Diameters)
    ]
    refused = sum(isinstance(each, Implausible) for each in changed)
    return {"change": figures.bootstrapped(figures.mean, np.array(gaps)), "refused": refused}


def _detector(unit: np.ndarray) -> Stored:
    """What passes through the patient falls off exponentially; dense is dark."""
    return (16383 * np.exp(-2.5 * unit)).astype(np.float32), True


def _dark(unit: np.ndarray) -> Stored:
    return (4095 * unit**2).astype(np.float32), False


def _oblong(unit: np.ndarray) -> Stored:
    return np.asarray(Image.fromarray(unit).resize((416, 512), Image.Resampling.BILINEAR)), False


def _wide(unit: np.ndarray) -> Stored:
    """Black margins on both sides, a fifth of the film each."""
    return np.pad(unit, ((0, 0), (102, 102))), False


def _mirrored(unit: np.ndarray) -> Stored:
    return np.ascontiguousarray(unit[:, ::-1]), False


def _mislabelled(unit: np.ndarray) -> Stored:
    return unit, True


WAYS: dict[str, Callable[[np.ndarray], Stored]] = {
    "MONOCHROME1, 14 bit, unprocessed (exponential)": _detector,
    "12 bit, dark (gamma 2)": _dark,
    "oblong, 416 columns by 512 rows": _oblong,
    "black margins, a fifth of the width on each side": _wide,
    "FAULT: mirrored": _mirrored,
    "FAULT: MONOCHROME2 labelled MONOCHROME1": _mislabelled,
}
