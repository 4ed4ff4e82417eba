"""Monitoring: rows of signed reports to rates with intervals and curves; sums alone, no patient.

Signed verdicts are no truth. Where a later truth was recorded, a change of mind is called helpful or
harmful by it; where none was, only towards the AI or away from it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from viewer.base.i18n import _
from viewer.domain.figures import (
    Figure,
    auroc_with_interval,
    roc_points,
    wilson,
)
from viewer.review.decision import Verdict
from viewer.review.observations import (
    BeforeAfter,
    Judged,
    ModelVersion,
    Observation,
    Observed,
    Subject,
)

BINS = 10
"""Even bins of the reliability plot."""


@dataclass(frozen=True)
class Limits:
    """What the site calls enough, and too rarely or too often overridden (shares)."""

    least_n: int = 20
    override_low: float = 0.05
    override_high: float = 0.60


@dataclass(frozen=True)
class Choice:
    """Which rows; empty fields let all pass. since, until: months, both included."""

    model: ModelVersion | None = None
    finding: str = ""
    reader: str = ""
    since: str = ""
    until: str = ""

    def takes(self, subject: Subject) -> bool:
        """Whether a row belongs to it."""
        return (
            self.model in (None, subject.model)
            and self.finding in ("", subject.finding)
            and self.reader in ("", subject.reader)
            and (not self.since or self.since <= subject.month)
            and (not self.until or subject.month <= self.until)
        )


@dataclass(frozen=True)
class Group:
    """What one line of the table is about; reader and month are "" where they are not split."""

    model: ModelVersion
    finding: str
    reader: str = ""
    month: str = ""


@dataclass(frozen=True)
class Line:
    """A group with its rows and its rates, by the keys of RATES."""

    group: Group
    rows: Observed
    rates: dict[str, Figure]


def chosen(rows: Observed, choice: Choice) -> Observed:
    """The rows a choice lets pass."""
    return Observed(
        tuple(row for row in rows.statements if choice.takes(row.subject)),
        tuple(row for row in rows.reads if choice.takes(row.subject)),
        rows.reports,
        tuple(row for row in rows.inputs if replace(choice, finding="").takes(row.subject)),
        tuple(row for row in rows.judged if choice.takes(row.subject)),
    )


def lines(rows: Observed, by_reader: bool, by_month: bool) -> tuple[Line, ...]:
    """A line for each model version and finding, and, if asked for, each reader and month; in order."""

    def group(subject: Subject) -> Group:
        reader = subject.reader if by_reader else ""
        return Group(subject.model, subject.finding, reader, subject.month if by_month else "")

    every = (rows.statements, rows.reads, rows.judged)
    groups = {group(row.subject) for part in every for row in part}
    return tuple(
        line_of(
            one,
            Observed(
                tuple(row for row in rows.statements if group(row.subject) == one),
                tuple(row for row in rows.reads if group(row.subject) == one),
                inputs=tuple(
                    row
                    for row in rows.inputs
                    if group(replace(row.subject, finding=one.finding)) == one
                ),
                judged=tuple(row for row in rows.judged if group(row.subject) == one),
            ),
        )
        for one in sorted(groups, key=_order)
    )


def _order(group: Group) -> tuple[str, str, str, str]:
    return (group.model.title, group.finding, group.reader, group.month)


def line_of(group: Group, rows: Observed) -> Line:
    """The rates of one group."""
    return Line(group, rows, {rate.key: rate.of(rows) for rate in RATES})


@dataclass(frozen=True)
class Rate:
    """A share of rows. of: the rows to the figure. by_truth: measured by what turned out later."""

    key: str
    of: Callable[[Observed], Figure]
    by_truth: bool = False


def _verdict_share(*wanted: Verdict) -> Callable[[Observed], Figure]:
    def share(rows: Observed) -> Figure:
        decided = [row.verdict for row in rows.statements if row.verdict is not None]
        return wilson(sum(verdict in wanted for verdict in decided), len(decided))

    return share


def _missed(rows: Observed) -> Figure:
    standing = [row for row in rows.statements if row.stands]
    return wilson(sum(not row.proposed for row in standing), len(standing))


def _towards(rows: Observed) -> Figure:
    differing = [row for row in rows.reads if row.before != row.proposed]
    return _changed(differing)


def _away(rows: Observed) -> Figure:
    agreeing = [row for row in rows.reads if row.before == row.proposed]
    return _changed(agreeing)


def _changed(rows: Sequence[BeforeAfter]) -> Figure:
    return wilson(sum(row.after != row.before for row in rows), len(rows))


def _truth_known(rows: Observed) -> Figure:
    return wilson(sum(row.truth is not None for row in rows.judged), len(rows.judged))


def _wrong_ai(truth: bool) -> Callable[[Observed], Figure]:
    def share(rows: Observed) -> Figure:
        judged = [row for row in rows.judged if row.truth is truth]
        return wilson(sum(row.proposed is not truth for row in judged), len(judged))

    return share


def _wrong_reader(truth: bool) -> Callable[[Observed], Figure]:
    def share(rows: Observed) -> Figure:
        judged = [row for row in rows.judged if row.truth is truth and row.stated is not None]
        return wilson(sum(row.stated is not truth for row in judged), len(judged))

    return share


def _reversed(right_before: bool) -> Callable[[Observed], Figure]:
    def share(rows: Observed) -> Figure:
        judged = [
            row
            for row in rows.judged
            if row.truth is not None
            and row.stated is not None
            and row.before is not None
            and (row.before is row.truth) is right_before
        ]
        return wilson(sum(row.stated is not row.before for row in judged), len(judged))

    return share


RATES: tuple[Rate, ...] = (
    Rate("agreement", _verdict_share(Verdict.CONFIRMED)),
    Rate("override", _verdict_share(Verdict.REJECTED, Verdict.MODIFIED)),
    Rate("indeterminate", _verdict_share(Verdict.INDETERMINATE)),
    Rate("missed", _missed),
    Rate("towards_ai", _towards),
    Rate("away_from_ai", _away),
    Rate("truth_known", _truth_known, by_truth=True),
    Rate("ai_missed", _wrong_ai(True), by_truth=True),
    Rate("ai_false", _wrong_ai(False), by_truth=True),
    Rate("reader_missed", _wrong_reader(True), by_truth=True),
    Rate("reader_false", _wrong_reader(False), by_truth=True),
    Rate("helpful", _reversed(False), by_truth=True),
    Rate("harmful", _reversed(True), by_truth=True),
)


def rate_title(key: str) -> str:
    """The rate's name in the reader's language."""
    return {
        "agreement": _("Agreement"),
        "override": _("Overridden"),
        "indeterminate": _("Indeterminate"),
        "missed": _("AI missed"),
        "towards_ai": _("Changed towards AI"),
        "away_from_ai": _("Changed away from AI"),
        "truth_known": _("Later truth known"),
        "ai_missed": _("AI missed (truth)"),
        "ai_false": _("AI false alarm (truth)"),
        "reader_missed": _("Reader missed (truth)"),
        "reader_false": _("Reader false alarm (truth)"),
        "helpful": _("Helpful reversals"),
        "harmful": _("Harmful reversals"),
    }[key]


def rate_hint(key: str) -> str:
    """What is divided by what."""
    return {
        "agreement": _("Confirmed, of all AI findings decided."),
        "override": _("Rejected or modified, of all AI findings decided."),
        "indeterminate": _("Called indeterminate, of all AI findings decided."),
        "missed": _(
            "Added by the reader, of all findings of this kind that the signed reports state."
        ),
        "towards_ai": _(
            "Read first: the final word is the AI's, of the cases where the locked first read was not. "
            "Whether that helped or harmed, only a later truth can tell."
        ),
        "away_from_ai": _(
            "Read first: the final word is not the AI's, of the cases where the locked first read was. "
            "Whether that helped or harmed, only a later truth can tell."
        ),
        "truth_known": _(
            "Later truth recorded, of all statements on this finding, made or not made."
        ),
        "ai_missed": _("Not proposed, of the findings that later proved present."),
        "ai_false": _("Proposed, of the findings that later proved absent."),
        "reader_missed": _(
            "Not in the signed report, of the findings that later proved present; indeterminate left out."
        ),
        "reader_false": _(
            "In the signed report, of the findings that later proved absent; indeterminate left out."
        ),
        "helpful": _(
            "Read first: changed after the reveal, of the first reads that later proved wrong."
        ),
        "harmful": _(
            "Read first: changed after the reveal, of the first reads that later proved right."
        ),
    }[key]


def figure_text(figure: Figure, limits: Limits) -> str:
    """A share in per cent with its interval, or that there are too few."""
    if figure.n < limits.least_n:
        return _("too few ({n})").format(n=figure.n)
    low, high = figure.ci95
    return _("{value:.0%} ({low:.0%} to {high:.0%}), n {n}").format(
        value=figure.value, low=low, high=high, n=figure.n
    )


def override_flag(line: Line, limits: Limits) -> str:
    """A sentence where the reader follows the model nearly always, or hardly ever; else ""."""
    figure = line.rates["override"]
    if figure.n < limits.least_n:
        return ""
    if figure.value < limits.override_low:
        return _("overridden in less than {limit:.0%}: is the AI still being checked?").format(
            limit=limits.override_low
        )
    if figure.value > limits.override_high:
        return _("overridden in more than {limit:.0%}: is the model of use here?").format(
            limit=limits.override_high
        )
    return ""


def scored(rows: Iterable[Observation]) -> NDArray[np.float64]:
    """ndarray, shape (n, 2): the signed word (0 or 1) and the score; indeterminate and unscored left out."""
    pairs = [
        (float(row.stands), row.score)
        for row in rows
        if row.stands is not None and row.score is not None
    ]
    return np.array(pairs, np.float64).reshape(-1, 2)


@dataclass(frozen=True)
class Curve:
    """The ROC of scores against signed verdicts. points: (1 - specificity, sensitivity)."""

    points: tuple[tuple[float, float], ...]
    area: Figure
    positives: int


def curve(rows: Iterable[Observation]) -> Curve:
    """Of rows with a score and a signed word."""
    return _curve(scored(rows))


def truth_curve(rows: Iterable[Judged]) -> Curve:
    """Of rows with a score and a later truth."""
    pairs = [
        (float(row.truth), row.score)
        for row in rows
        if row.truth is not None and row.score is not None
    ]
    return _curve(np.array(pairs, np.float64).reshape(-1, 2))


def _curve(pairs: NDArray[np.float64]) -> Curve:
    return Curve(roc_points(pairs), auroc_with_interval(pairs), int(pairs[:, 0].sum()))


@dataclass(frozen=True)
class Bin:
    """A bin of scores: its middle score, and the share of them that stand in signed reports."""

    score: float
    share: Figure


def reliability(rows: Iterable[Observation]) -> tuple[Bin, ...]:
    """Ten even bins of scores from 0 to 1, the empty ones left out; a score outside of 0 to 1 is left out."""
    pairs = scored(rows)
    pairs = pairs[(pairs[:, 1] >= 0) & (pairs[:, 1] <= 1)]
    places = np.minimum((pairs[:, 1] * BINS).astype(int), BINS - 1)
    return tuple(_bin(pairs[places == place]) for place in np.unique(places))


def _bin(pairs: NDArray[np.float64]) -> Bin:
    return Bin(float(pairs[:, 1].mean()), wilson(int(pairs[:, 0].sum()), len(pairs)))


def caveat() -> str:
    """What must stand on every chart that takes verdicts for the truth."""
    return _(
        "Verification bias: the signed verdicts are not an independent truth. In AI-first reading they were "
        "given with the AI's word in view, and what was not above threshold was not put to the reader. "
        "These charts flatter the model."
    )


def truth_caveat(rows: Observed) -> str:
    """What must stand beside every rate by later truth: how much of it there is, and of which cases."""
    shares = [
        (sum(row.truth is not None for row in judged), len(judged))
        for judged in (
            [row for row in rows.judged if row.proposed],
            [row for row in rows.judged if not row.proposed],
        )
    ]
    return _(
        "Verification bias: a later truth is known for {proposed} of {all_proposed} findings the AI proposed "
        "and for {silent} of {all_silent} it did not. Who is followed up is no chance sample; rates of the "
        "followed-up are not those of all."
    ).format(
        proposed=shares[0][0],
        all_proposed=shares[0][1],
        silent=shares[1][0],
        all_silent=shares[1][1],
    )
