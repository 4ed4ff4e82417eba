"""Later truth for the window: what is asked of a signed case, and recording what is answered."""

from dataclasses import dataclass

from viewer.app.workbench import Workbench, now
from viewer.base.i18n import _
from viewer.domain.study import Study
from viewer.review.case import Case
from viewer.review.events import TruthStated
from viewer.review.later_truth import (
    Asked,
    LaterTruth,
    TruthSource,
    TruthState,
    asked_words,
    known,
)


@dataclass(frozen=True)
class Answer:
    """What somebody says of one finding. source: None only for UNKNOWN. known_on: ISO date or ""."""

    state: TruthState = TruthState.UNKNOWN
    source: TruthSource | None = None
    known_on: str = ""
    note: str = ""


def asked_of(case: Case) -> tuple[tuple[Asked, Answer], ...]:
    """Every finding of the signed report with what is recorded of it now; none before it is signed."""
    if case.report is None:
        return ()
    return tuple(
        (asked, _answer(case.truths.get(asked.word))) for asked in asked_words(case.report)
    )


def _answer(truth: LaterTruth | None) -> Answer:
    if truth is None:
        return Answer()
    return Answer(truth.state, truth.source, truth.known_on, truth.note)


def record_truth(workbench: Workbench, study: Study, asked: Asked, answer: Answer) -> None:
    """Append what is said of a finding, unless that is what stands. Raises WorkflowError or StoreError."""
    case = workbench.session.case_of(study)
    if answer != _answer(case.truths.get(asked.word)):
        workbench.record(study, TruthStated(truth_of(asked, answer, workbench.reader)))


def truth_of(asked: Asked, answer: Answer, reader: str) -> LaterTruth:
    """What `reader` (a printed name) states now."""
    said = (answer.state, answer.source, answer.known_on, answer.note.strip())
    return LaterTruth(asked.word, asked.label, *said, reader, now())


def known_of(case: Case) -> tuple[int, int]:
    """Of how many findings of the signed report the truth is known, and how many there are."""
    if case.report is None:
        return (0, 0)
    asked = asked_words(case.report)
    return (sum(known(case.truths, one.word) is not None for one in asked), len(asked))


def signed_words(asked: Asked) -> str:
    """What AI and report said, in a line."""
    by_ai = {None: _("not looked for by AI"), True: _("AI: yes"), False: _("AI: no")}[
        asked.proposed
    ]
    signed = {None: _("report: left open"), True: _("report: yes"), False: _("report: no")}
    return f"{by_ai}, {signed[asked.stands]}"
