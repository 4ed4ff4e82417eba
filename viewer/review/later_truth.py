"""What turned out later: was a finding of a signed case there? Kept beside the report, never in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from viewer.base.errors import WorkflowError
from viewer.base.i18n import _
from viewer.domain.finding import Finding, RunState
from viewer.review.concordance import same_word, word_of
from viewer.review.decision import Verdict
from viewer.review.report import ReportedFinding, SignedReport


class TruthState(Enum):
    """Whether the finding was there when the images were made."""

    PRESENT = "PRESENT"
    ABSENT = "ABSENT"
    UNKNOWN = "UNKNOWN"


class TruthSource(Enum):
    """Where that is known from; stored by value, shown by `source_text`."""

    FOLLOW_UP = "FOLLOW_UP"
    OTHER_IMAGING = "OTHER_IMAGING"
    PATHOLOGY = "PATHOLOGY"
    SURGERY = "SURGERY"
    LABORATORY = "LABORATORY"
    CLINICAL_COURSE = "CLINICAL_COURSE"
    PANEL = "PANEL"
    OTHER = "OTHER"


def state_text(state: TruthState) -> str:
    """The state in the reader's language."""
    return {
        TruthState.PRESENT: _("Present"),
        TruthState.ABSENT: _("Absent"),
        TruthState.UNKNOWN: _("Not known"),
    }[state]


def source_text(source: TruthSource) -> str:
    """The source in the reader's language."""
    return {
        TruthSource.FOLLOW_UP: _("Follow-up of the same kind"),
        TruthSource.OTHER_IMAGING: _("Other imaging (CT, MR, ultrasound)"),
        TruthSource.PATHOLOGY: _("Biopsy or pathology"),
        TruthSource.SURGERY: _("Operation or autopsy"),
        TruthSource.LABORATORY: _("Laboratory"),
        TruthSource.CLINICAL_COURSE: _("Clinical course"),
        TruthSource.PANEL: _("Panel of readers without the AI"),
        TruthSource.OTHER: _("Other (see note)"),
    }[source]


@dataclass(frozen=True)
class LaterTruth:
    """One statement; the last one on a word counts, the earlier ones stay.

    word: of viewer.review.concordance.word_of. source: None only for UNKNOWN. known_on: ISO date of the
    evidence, "" where it is not stated. reader, at: who recorded it, and when.
    """

    word: str
    label: str
    state: TruthState
    source: TruthSource | None
    known_on: str
    note: str
    reader: str
    at: datetime


Truths = Mapping[str, LaterTruth]
"""By word, the statements that count."""


@dataclass(frozen=True)
class Asked:
    """A word of a signed report. proposed: by an AI, None where none looked for it. stands: in the report;
    None where it was left open."""

    word: str
    label: str
    proposed: bool | None
    stands: bool | None


def asked_words(report: SignedReport) -> tuple[Asked, ...]:
    """Every word an AI or the reader had something to say of, each once; sides and places not told apart."""
    ended = [run for run in report.runs if run.state is RunState.DONE]
    proposed = [one for run in ended for one in run.findings]
    looked_for = [*proposed, *(one for run in ended for one in run.below)]
    reported = [one for one in report.findings if one.decision.verdict is not Verdict.REJECTED]
    stated = [_final(one) for one in report.findings if _is_stated(one)]
    left_open = [_final(one) for one in reported if not _is_stated(one)]
    found: dict[str, Asked] = {}
    for one in (*looked_for, *stated, *left_open):
        by_ai = _says(proposed, one) if _says(looked_for, one) else None
        stands = True if _says(stated, one) else None if _says(left_open, one) else False
        found.setdefault(word_of(one), Asked(word_of(one), one.label, by_ai, stands))
    return tuple(found.values())


def _is_stated(one: ReportedFinding) -> bool:
    return one.decision.verdict not in (Verdict.REJECTED, Verdict.INDETERMINATE)


def _final(one: ReportedFinding) -> Finding:
    return one.decision.corrected or one.finding


def _says(findings: Iterable[Finding], word: Finding) -> bool:
    return any(same_word(one, word) for one in findings)


def check_truth(report: SignedReport | None, truth: LaterTruth) -> None:
    """Raise WorkflowError for a statement that is not on a finding of the report, or is not whole."""
    if report is None or truth.word not in {one.word for one in asked_words(report)}:
        raise WorkflowError(
            _("“{label}” is no finding of the signed report.").format(label=truth.label)
        )
    if truth.state is not TruthState.UNKNOWN and truth.source is None:
        raise WorkflowError(
            _("Say where the later truth of “{label}” is known from.").format(label=truth.label)
        )
    if truth.source is TruthSource.OTHER and not truth.note.strip():
        raise WorkflowError(
            _("Name the other source of “{label}” in the note.").format(label=truth.label)
        )
    if truth.known_on and not _is_date(truth.known_on, truth.at.date()):
        raise WorkflowError(
            _("“{date}” is no date that has been, written as 2026-11-22.").format(
                date=truth.known_on
            )
        )


def _is_date(words: str, latest: date) -> bool:
    try:
        return len(words) == 10 and date.fromisoformat(words) <= latest
    except ValueError:
        return False


def last_of_each(truths: Iterable[LaterTruth]) -> dict[str, LaterTruth]:
    """Statements in their order to those that count, by word."""
    return {one.word: one for one in truths}


def known(truths: Truths, word: str) -> bool | None:
    """Whether the finding was there; None where nobody knows."""
    found = truths.get(word)
    if found is None or found.state is TruthState.UNKNOWN:
        return None
    return found.state is TruthState.PRESENT
