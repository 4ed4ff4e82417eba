"""Findings of a whole film, each with a score and the class activation map that the score is the mean of.

Class activation mapping: Zhou et al., CVPR 2016. With a linear layer on averaged features the map is
exact: its mean over the film is the score's logit. A map for which that does not hold is refused.
"""

from collections.abc import Iterator
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from viewer.base.i18n import _
from viewer.domain.image import Frame
from viewer.inference.calibration import calibrated, calibration_problems, logits
from viewer.inference.film import prepare_film
from viewer.inference.manifest import Manifest, words
from viewer.inference.manifest_parts import OutputSpec
from viewer.inference.preprocessing import Prepared
from viewer.inference.task import LabelMap, Reading, Refusal, Statement, Tensors

Values = NDArray[np.float32]

EXACT = 0.01
"""How far the mean of a map may lie from its score's logit, by rounding of either."""


class Classification:
    """Scores (1, labels) and maps (1, labels, h, w) in logits to one statement and map per label."""

    key = "classification"

    def problems(self, manifest: Manifest) -> tuple[str, ...]:
        """Checks both outputs, the fixed scale of the maps, and that findings are the labels."""
        checks = (_output_problems, _range_problems, _finding_problems, calibration_problems)
        return tuple(problem for check in checks for problem in check(manifest))

    def prepare(self, frame: Frame, manifest: Manifest) -> Prepared:
        """One film, by the manifest's operations."""
        return prepare_film(frame, manifest.input)

    def read(
        self, outputs: Tensors, prepared: Prepared, frame: Frame, manifest: Manifest
    ) -> Reading | Refusal:
        """Scores by label, without marks: a score for the whole film says nothing about where."""
        scores, maps = (outputs[output.tensor][0] for output in manifest.outputs[:2])
        if np.abs(maps.mean(axis=(1, 2)) - logits(scores)).max() > EXACT:
            return Refusal(_("The network's maps do not add up to its scores, so none is shown."))
        labels = sorted(manifest.labels, key=lambda label: label.index)
        final = calibrated(scores, [label.key for label in labels], manifest.calibration)
        shape = prepared.tensor.shape
        return Reading(
            tuple(Statement(label.key, float(final[label.index])) for label in labels),
            tuple(
                LabelMap(words(label.display), shown_map(maps[label.index], manifest, shape))
                for label in labels
            ),
        )


def shown_map(logit_map: Values, manifest: Manifest, shape: tuple[int, ...]) -> Values:
    """One map (h, w) in logits, from 0 to 1 by the manifest's fixed range, enlarged to the tensor.

    The range is the same for every film: what is faint on the screen is faint evidence.
    """
    low, high = _map_range(manifest)
    scaled = np.clip((logit_map - low) / (high - low), 0.0, 1.0).astype(np.float32)
    rows, columns = shape
    enlarged = cv2.resize(scaled, (columns, rows), interpolation=cv2.INTER_LINEAR)
    return np.clip(np.asarray(enlarged, np.float32), 0.0, 1.0)


def _map_range(manifest: Manifest) -> tuple[float, ...]:
    declared = manifest.task.parameters.get("map_range")
    numbers = declared if isinstance(declared, list | tuple) else ()
    return tuple(float(number) for number in numbers)


def _output_problems(manifest: Manifest) -> Iterator[str]:
    gate = "" if manifest.gate is None else manifest.gate.output
    found = tuple(_form(output) for output in manifest.outputs if output.tensor != gate)
    if found != _FORMS or (gate and manifest.outputs[-1].tensor != gate):
        yield _(
            "outputs must be probabilities in NC, then activations in NCHW, then that of the gate if any"
        )
    elif manifest.outputs[0].channels != manifest.outputs[1].channels:
        yield _("outputs: there must be as many maps as scores")


def _form(output: OutputSpec) -> tuple[str, str, int]:
    return output.type, output.layout, len(output.shape)


def _range_problems(manifest: Manifest) -> Iterator[str]:
    limits = _map_range(manifest)
    if len(limits) != 2 or not all(low < high for low, high in pairwise(limits)):
        yield _("task.parameters.map_range must hold the logits shown as 0 and as 1")


def _finding_problems(manifest: Manifest) -> Iterator[str]:
    if {spec.key for spec in manifest.findings} != {label.key for label in manifest.labels}:
        yield _("a task of this kind has one finding per label, by the same key")


_FORMS = (("probabilities", "NC", 2), ("activations", "NCHW", 4))

PLUGIN = Classification()
