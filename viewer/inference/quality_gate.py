"""May the network be believed on this image at all? Gates: the pixels before it, its features after.

A warning is not enough: readers follow a plausible wrong answer all the same. What does not pass is
refused with a reason, and the reader goes on without AI.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from viewer.base.i18n import _
from viewer.domain.image import Frame, StoredValues
from viewer.imaging.display import is_padding
from viewer.imaging.modality_lut import apply_modality
from viewer.inference.grey_levels import grey_levels
from viewer.inference.manifest import Manifest, words
from viewer.inference.manifest_parts import QualitySpec, ValueShare
from viewer.inference.task import Refusal

Counts = NDArray[np.intp]
Tensors = Mapping[str, NDArray[np.float32]]

SAMPLED = 65_536
"""Pixels looked at, evenly spread; more would cost time and change nothing."""

TAIL = 0.01
"""Share of the pixels at either end of the histogram that says nothing: markers, burnt-out corners."""

COMMONEST = 4
"""Grey values that a drawing or the window of a program is mostly made of: paper, ink, panels."""


def pixel_refusal(frame: Frame, spec: QualitySpec) -> str:
    """Why the pixels of a frame cannot be those of a medical image in grey, or ""; no network needed.

    Stored values alone: neither window nor inversion changes the answer.
    """
    if frame.is_colour:
        return (
            _(
                "The image is in colour, like a photograph or a screenshot; the model reads grey values"
                " of an X-ray detector or a scanner."
            )
            + without_ai()
        )
    counts = _histogram(frame)
    found = (check(counts, spec) for check in _CHECKS)
    reason = next((reason for reason in found if reason), "")
    return reason + without_ai() if reason else ""


def value_refusal(frames: Sequence[Frame], spec: QualitySpec) -> str:
    """Why the modality values of all frames together cannot be those of the body part, or "".

    Inverted values, a forgotten or wrong rescale (PS3.3 C.11.1.1.2) and other body parts are told
    so before any network is asked.
    """
    if not spec.values:
        return ""
    each = max(1, SAMPLED // len(frames))
    values = np.concatenate([_modality_sample(frame, each) for frame in frames])
    reasons = (_out_of_share(values, one, frames[0].unit) for one in spec.values)
    reason = next((reason for reason in reasons if reason), "")
    return reason + without_ai() if reason else ""


def unlike_training(manifest: Manifest, tensors: Tensors) -> Refusal | None:
    """The refusal of an input that lies farther from the training images than the manifest allows.

    The graph itself measures the distance: an output (rows, 1). Of a batch the median row decides.
    """
    gate = manifest.gate
    if gate is None or not tensors[gate.output].size:
        return None
    distance = float(np.median(tensors[gate.output]))
    if distance <= gate.highest:
        return None
    sentence = _(
        "The image does not look like the images this model learned from (distance {distance:.2f},"
        " the highest allowed is {highest:.2f}): it may show another body part or view, or be"
        " mirrored, turned or inverted."
    )
    return Refusal(sentence.format(distance=distance, highest=gate.highest) + without_ai())


def without_ai() -> str:
    """What the reader can do then, to follow the reason of a refusal."""
    return _(
        " Read it without AI: findings can be added and the report signed as always; the report"
        " will say that the AI was not applicable."
    )


def _histogram(frame: Frame) -> Counts:
    """How many of a sample of pixels that are no padding have each value, in order of the values."""
    sample = _stored_sample(frame, SAMPLED)
    levels = grey_levels(sample[None])
    if levels is None:
        return np.unique(sample, return_counts=True)[1]
    return levels.counts[np.argsort(levels.present)]


def _stored_sample(frame: Frame, count: int) -> StoredValues:
    """About `count` stored values that are no padding, evenly spread."""
    padded = is_padding(frame, frame.stored)
    some = padded is not None and padded.any() and not padded.all()
    values = frame.stored[~padded] if some and padded is not None else frame.stored.ravel()
    return values[:: max(1, values.size // count)]


def _modality_sample(frame: Frame, count: int) -> NDArray[np.float64]:
    return apply_modality(frame.modality, _stored_sample(frame, count))


def _out_of_share(values: NDArray[np.float64], wanted: ValueShare, unit: str) -> str:
    """A sentence where too few or too many of the values lie in the range, or ""."""
    share = float(((values >= wanted.low) & (values <= wanted.high)).mean())
    if wanted.least <= share <= wanted.most:
        return ""
    sentence = _TOO_FEW if share < wanted.least else _TOO_MANY
    return _(sentence).format(
        what=words(wanted.what),
        share=share,
        low=wanted.low,
        high=wanted.high,
        unit=unit,
        least=wanted.least,
        most=wanted.most,
    )


_TOO_FEW = (
    "Only {share:.1%} of the pixels have the values of {what} ({low:.0f} to {high:.0f} {unit}), at"
    " least {least:.0%} are expected: it may be another body part, or the values are wrongly"
    " scaled or inverted."
)
_TOO_MANY = (
    "{share:.0%} of the pixels have the values of {what} ({low:.0f} to {high:.0f} {unit}), at most"
    " {most:.0%} are expected: it may be another body part, or the values are wrongly scaled or"
    " inverted."
)


def _blank(counts: Counts, spec: QualitySpec) -> str:
    return "" if len(counts) > 1 else _("The image is blank: all pixels have the same value.")


def _few_greys(counts: Counts, spec: QualitySpec) -> str:
    below = np.cumsum(counts) / counts.sum()
    count = int(((below > TAIL) & (below - counts / counts.sum() < 1.0 - TAIL)).sum())
    if count >= spec.min_grey_values:
        return ""
    return _(
        "The image has almost no contrast: only {count} grey values occur, at least {least} are"
        " needed."
    ).format(count=count, least=spec.min_grey_values)


def _drawn(counts: Counts, spec: QualitySpec) -> str:
    share = float(np.sort(counts)[-COMMONEST:].sum() / counts.sum())
    if share <= spec.max_commonest_share:
        return ""
    return _(
        "{share:.0%} of the image has the same {count} grey values, like a drawing, a text or a"
        " screenshot; at most {highest:.0%} are expected of a medical image."
    ).format(share=share, count=COMMONEST, highest=spec.max_commonest_share)


_CHECKS: tuple[Callable[[Counts, QualitySpec], str], ...] = (_blank, _few_greys, _drawn)
