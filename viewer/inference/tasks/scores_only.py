"""Findings of a whole film, each with a score and nothing else: a classifier that brings no map.

What such a network looked at cannot be shown, and is not made up.
"""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from viewer.base.i18n import _
from viewer.domain.image import Frame
from viewer.inference.calibration import calibrated, calibration_problems, sigmoid
from viewer.inference.film import prepare_film
from viewer.inference.manifest import Manifest
from viewer.inference.preprocessing import Prepared
from viewer.inference.task import Reading, Refusal, Statement, Tensors

Values = NDArray[np.float32]


class ScoresOnly:
    """One output (1, labels) to a statement for each label that is a finding."""

    key = "scores_only"

    def problems(self, manifest: Manifest) -> tuple[str, ...]:
        """Checks the output, how it becomes scores, the channels of the input, and the findings."""
        checks = (_output_problems, _channel_problems, _finding_problems, calibration_problems)
        return tuple(problem for check in checks for problem in check(manifest))

    def prepare(self, frame: Frame, manifest: Manifest) -> Prepared:
        """One film, by the manifest's operations."""
        return prepare_film(frame, manifest.input)

    def read(
        self, outputs: Tensors, prepared: Prepared, frame: Frame, manifest: Manifest
    ) -> Reading | Refusal:
        """Scores by label, without marks; a network that cannot tell its labels apart is refused."""
        raw = outputs[manifest.outputs[0].tensor][0]
        if raw.size > 1 and np.ptp(raw) == 0.0:
            return Refusal(
                _("The network gives every label the same score, so it read nothing in this image.")
            )
        labels = sorted(manifest.labels, key=lambda label: label.index)
        scores = ACTIVATIONS[str(manifest.task.parameters["activation"])](raw)
        final = calibrated(scores, [label.key for label in labels], manifest.calibration)
        stated = {finding.key for finding in manifest.findings}
        return Reading(
            tuple(
                Statement(label.key, float(np.clip(final[label.index], 0.0, 1.0)))
                for label in labels
                if label.key in stated
            ),
            cautions=() if manifest.performance else (_not_measured(),),
        )


def _not_measured() -> str:
    return _("How well this model does was never measured here; its score alone decides nothing.")


def softmax(values: Values) -> Values:
    """Shares of all labels, which add up to 1."""
    powers = np.exp(values.astype(np.float64) - values.max())
    shares: Values = (powers / powers.sum()).astype(np.float32)
    return shares


def _output_problems(manifest: Manifest) -> Iterator[str]:
    output, activation = manifest.outputs[0], manifest.task.parameters.get("activation")
    if len(manifest.outputs) != 1 or (output.layout, len(output.shape)) != ("NC", 2):
        yield _("outputs must be one tensor of scores in NC")
    if activation not in ACTIVATIONS:
        yield _("task.parameters.activation must be one of {known}").format(
            known=", ".join(ACTIVATIONS)
        )
    elif (activation == "none") != (output.type == "probabilities"):
        yield _("an output of probabilities needs the activation none, one of activations another")
    elif activation == "softmax" and output.channels < 2:
        yield _("softmax needs at least two labels")


def _channel_problems(manifest: Manifest) -> Iterator[str]:
    spec = manifest.input
    for name, numbers in (("channel_mean", spec.channel_mean), ("channel_std", spec.channel_std)):
        if numbers and len(numbers) != spec.channels:
            yield _("input.{name} needs one number per channel").format(name=name)


def _finding_problems(manifest: Manifest) -> Iterator[str]:
    labels = {label.key for label in manifest.labels}
    unknown = sorted({finding.key for finding in manifest.findings} - labels)
    if unknown:
        yield _("findings {keys} are no labels").format(keys=", ".join(unknown))
    if manifest.explanation.method != "none":
        yield _("a task of this kind has no maps: explanation.method must be none")


def _as_they_are(values: Values) -> Values:
    return values


ACTIVATIONS: Mapping[str, Callable[[Values], Values]] = {
    "none": _as_they_are,
    "sigmoid": sigmoid,
    "softmax": softmax,
}
"""What turns the output into scores; "none" where the graph ends in one itself."""

PLUGIN = ScoresOnly()
