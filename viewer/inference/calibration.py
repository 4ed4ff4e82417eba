"""A network's scores to probabilities, as its manifest's `calibration` says; "none" leaves them scores."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from viewer.base.i18n import _
from viewer.inference.manifest import Manifest
from viewer.inference.manifest_parts import Calibration

Scores = NDArray[np.float32]

SMALLEST = 1e-6
"""Scores nearer to 0 or 1 than this count as this near: their logarithm must stay finite."""


def calibrated(scores: Scores, keys: Sequence[str], calibration: Calibration) -> Scores:
    """The scores (labels,) 0 to 1, after the declared method; `keys` name the labels in order."""
    return _METHODS[calibration.method](scores, keys, calibration)


def logits(scores: Scores) -> Scores:
    """Logarithm of the odds."""
    inside = np.clip(scores.astype(np.float64), SMALLEST, 1.0 - SMALLEST)
    return np.log(inside / (1.0 - inside)).astype(np.float32)


def sigmoid(values: Scores) -> Scores:
    """Odds back to 0 to 1."""
    return (1.0 / (1.0 + np.exp(-values.astype(np.float64)))).astype(np.float32)


def calibration_problems(manifest: Manifest) -> Iterator[str]:
    """Numbers the method needs and does not have; a score called a probability without being one."""
    declared, keys = manifest.calibration, [label.key for label in manifest.labels]
    lacking = [key for key in keys if key not in declared.scale or key not in declared.offset]
    if declared.method == "platt" and lacking:
        yield _("calibration needs scale and offset of {keys}").format(keys=", ".join(lacking))
    if any(scale <= 0.0 for scale in declared.scale.values()):
        yield _("calibration.scale must be greater than 0, or it turns the order round")
    named = [spec for spec in manifest.findings if "probab" in spec.score.name.lower()]
    if named and not manifest.calibrated:
        yield _("without calibration the score of {key} must not be called a probability").format(
            key=named[0].key
        )


def _as_they_are(scores: Scores, keys: Sequence[str], calibration: Calibration) -> Scores:
    return scores


def _by_temperature(scores: Scores, keys: Sequence[str], calibration: Calibration) -> Scores:
    """One temperature for all (Guo et al., ICML 2017)."""
    return sigmoid(logits(scores) / np.float32(calibration.temperature))


def _by_platt(scores: Scores, keys: Sequence[str], calibration: Calibration) -> Scores:
    """A slope and an offset for each label (Platt 1999)."""
    scale = np.array([calibration.scale[key] for key in keys], np.float32)
    offset = np.array([calibration.offset[key] for key in keys], np.float32)
    return sigmoid(logits(scores) * scale + offset)


_METHODS: Mapping[str, Callable[[Scores, Sequence[str], Calibration], Scores]] = {
    "none": _as_they_are,
    "temperature": _by_temperature,
    "platt": _by_platt,
}
