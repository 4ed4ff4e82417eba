"""Acceptance: what a model showed on labelled images of the site, who took it into use, sealed by a hash."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from viewer.base.errors import WorkflowError
from viewer.base.i18n import _
from viewer.domain.figures import Figure, wilson
from viewer.domain.finding import Algorithm
from viewer.review.canonical import digest, digest_without, from_plain, to_plain

LEVELS = 12
"""Thresholds beside the manifest's that are offered, at even shares of the images."""


@dataclass(frozen=True)
class ThresholdRow:
    """A threshold and what it gives; a score greater than it is proposed."""

    threshold: float
    sensitivity: Figure
    specificity: Figure

    @property
    def rates(self) -> str:
        """Both rates with interval and n, for a list of choices."""
        return _("sensitivity {sensitivity}, specificity {specificity}").format(
            sensitivity=_share(self.sensitivity), specificity=_share(self.specificity)
        )


def _share(figure: Figure) -> str:
    low, high = figure.ci95
    return f"{figure.value:.0%} ({low:.0%}-{high:.0%}, n {figure.n})"


@dataclass(frozen=True)
class AcceptanceContent:
    """All that an acceptance report says, before it is sealed.

    labels_sha256: of the table of labels. figures: the summary of viewer.app.evaluation as JSON. rows: by
    finding key, the choices there were. thresholds: by finding key, those taken into use.
    meaning: of the signature. user: login name whose password was given.
    """

    algorithm: Algorithm
    labels_sha256: str
    figures: str
    rows: Mapping[str, tuple[ThresholdRow, ...]]
    thresholds: Mapping[str, float]
    reason: str
    signed_by: str
    user: str
    at: datetime
    meaning: str
    software: str


@dataclass(frozen=True)
class Acceptance(AcceptanceContent):
    """The sealed report. sha256: of the canonical JSON of its content."""

    sha256: str = field(kw_only=True)

    def __post_init__(self) -> None:
        if self.sha256 != digest_without(self, "sha256"):
            raise WorkflowError(_("The acceptance report does not match its own hash."))


def sealed(content: AcceptanceContent) -> Acceptance:
    """Seal a report. Raises WorkflowError without a reason, a name, a zone, or with a strange threshold."""
    if not content.reason.strip():
        raise WorkflowError(_("State why the model is taken into use, and why at this threshold."))
    if not content.signed_by.strip() or content.at.tzinfo is None:
        raise WorkflowError(_("An acceptance needs who signs it and the time with its zone."))
    for key, threshold in content.thresholds.items():
        if threshold not in [row.threshold for row in content.rows.get(key, ())]:
            raise WorkflowError(
                _("The threshold of {finding} was not measured.").format(finding=key)
            )
    plain = to_plain(from_plain(to_plain(content), AcceptanceContent))
    return from_plain({**plain, "sha256": digest(plain)}, Acceptance)


def threshold_rows(
    truth: Sequence[bool], scores: Sequence[float], own: float
) -> tuple[ThresholdRow, ...]:
    """The manifest's threshold and others between the scores found, in order, each with its rates.

    truth, scores : (n) of the images whose truth is known; minus infinity where nothing was stated.
    Empty where only one kind of image was labelled: there is nothing to choose by.
    """
    if len(set(truth)) < 2:
        return ()
    levels = {own, *_between(sorted({score for score in scores if score > float("-inf")}))}
    return tuple(_row(truth, scores, level) for level in sorted(levels))


def _between(scores: list[float]) -> list[float]:
    """Middles of neighbouring scores; of many, some at even distances."""
    middles = [float(f"{(one + other) / 2:.4g}") for one, other in pairwise(scores)]
    if len(middles) <= LEVELS:
        return middles
    step = (len(middles) - 1) / (LEVELS - 1)
    return [middles[round(place * step)] for place in range(LEVELS)]


def _row(truth: Sequence[bool], scores: Sequence[float], level: float) -> ThresholdRow:
    ill = [score for sick, score in zip(truth, scores, strict=True) if sick]
    well = [score for sick, score in zip(truth, scores, strict=True) if not sick]
    return ThresholdRow(
        level,
        wilson(sum(score > level for score in ill), len(ill)),
        wilson(sum(score <= level for score in well), len(well)),
    )


def document(acceptance: Acceptance) -> str:
    """The report as JSON to keep elsewhere; its sha256 is that of the rest in canonical JSON."""
    return json.dumps(to_plain(acceptance), indent=1, ensure_ascii=False, allow_nan=False)
