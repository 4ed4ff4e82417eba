"""Drift: how scores and inputs at this site lie beside the reference of the model's manifest."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from viewer.base.i18n import _
from viewer.domain.figures import Shift, shift_between
from viewer.domain.input_figures import InputKey
from viewer.review.monitoring import Limits
from viewer.review.observations import Observation, Seen

BINS = 10
"""Even bins of a distribution that has no reference."""


@dataclass(frozen=True)
class Reference:
    """A distribution of the manifest: counts in even bins from low to high.

    data: which images. differs: why numbers here must differ from it even without any change, or "".
    """

    low: float
    high: float
    counts: tuple[float, ...]
    data: str
    differs: str = ""


@dataclass(frozen=True)
class References:
    """All that a manifest declares for one finding; empty where it declares nothing."""

    score: Reference | None = None
    inputs: Mapping[InputKey, Reference] = field(default_factory=dict)


@dataclass(frozen=True)
class Drift:
    """Numbers found here beside the reference. shift: None without reference or without a number."""

    low: float
    high: float
    found: tuple[int, ...]
    reference: Reference | None
    shift: Shift | None

    @property
    def n(self) -> int:
        """How many numbers."""
        return sum(self.found)


def drift(rows: Iterable[Observation], reference: Reference | None) -> Drift:
    """Of all scores, whatever the verdict."""
    scores = [row.score for row in rows if row.score is not None]
    return _beside(scores, reference, (0.0, 1.0))


def input_drift(rows: Iterable[Seen], key: InputKey, reference: Reference | None) -> Drift:
    """Of one number of the input, of all runs that recorded it; without a reference from least to most."""
    values = [one.value for row in rows for one in row.figures if one.key == key.value]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    return _beside(values, reference, (low, high if high > low else low + 1.0))


def _beside(
    values: Sequence[float], reference: Reference | None, ends: tuple[float, float]
) -> Drift:
    """What lies outside of the bins falls into the outermost."""
    bins = BINS
    if reference is not None:
        ends, bins = (reference.low, reference.high), len(reference.counts)
    kept = np.clip(np.array(values, float), *ends)
    counts = tuple(int(n) for n in np.histogram(kept, bins, ends)[0])
    if reference is None or not values:
        return Drift(*ends, counts, reference, None)
    return Drift(*ends, counts, reference, _shift(reference.counts, counts))


@lru_cache(maxsize=4096)
def _shift(reference: tuple[float, ...], found: tuple[int, ...]) -> Shift:
    """Drawn a thousand times; tables ask for the same ones again with every change of a filter."""
    return shift_between(reference, found)


def drift_word(found: Drift, limits: Limits) -> str:
    """What the index comes to, or why nothing can be said, in few words."""
    if found.reference is None:
        return _("no reference in this model's manifest")
    if found.shift is None or found.n < limits.least_n:
        return _("too few ({n})").format(n=found.n)
    if found.reference.differs:
        return _("not judged: the reference is of another kind")
    if found.shift.index.value <= found.shift.by_chance:
        return _("no more than chance gives")
    return next(words for above, words in _words() if found.shift.index.value >= above)


def drift_text(found: Drift, limits: Limits) -> str:
    """The words with the index, its interval and what chance alone would give."""
    said = drift_word(found, limits)
    if found.shift is None or found.reference is None or found.n < limits.least_n:
        return said
    index = found.shift.index
    return _(
        "{words}: index {value:.2f} ({low:.2f} to {high:.2f}), chance up to {chance:.2f}, n {n}"
    ).format(
        words=said,
        value=index.value,
        low=index.ci95[0],
        high=index.ci95[1],
        chance=found.shift.by_chance,
        n=index.n,
    )


def _words() -> Iterator[tuple[float, str]]:
    """The customary limits of the index; a convention, asked only where chance is no explanation."""
    yield 0.25, _("clearly shifted")
    yield 0.1, _("somewhat shifted")
    yield -1.0, _("slightly shifted")


def clearly_shifted(found: Drift, limits: Limits) -> bool:
    """Whether a number has moved so far that somebody should look."""
    return drift_word(found, limits) == _("clearly shifted")


def input_word(rows: Sequence[Seen], references: References, limits: Limits) -> str:
    """The inputs of a line in few words: what has clearly moved, else how much could be judged."""
    if not references.inputs:
        return _("no reference in this model's manifest")
    found = {key: input_drift(rows, key, one) for key, one in references.inputs.items()}
    judged = [key for key, one in found.items() if one.n >= limits.least_n]
    if not judged:
        return _("too few ({n})").format(n=max(one.n for one in found.values()))
    if all(references.inputs[key].differs for key in judged):
        return _("not judged: the reference is of another kind")
    moved = [key.value for key in judged if clearly_shifted(found[key], limits)]
    if moved:
        return _("clearly shifted: {keys}").format(keys=", ".join(moved))
    return _("{n} numbers compared, none clearly shifted").format(n=len(judged))
