"""The first read in words and in the record: what was locked, when the AI was revealed, what changed since."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from viewer.base.i18n import _
from viewer.domain.finding import Finding
from viewer.domain.readable import stated_text
from viewer.review.case import Case
from viewer.review.decision import Verdict, change_text, confidence_text
from viewer.review.events import (
    CaseEvent,
    Decided,
    FindingAdded,
    FindingWithdrawn,
    Reopened,
    Revealed,
    RunRecorded,
)
from viewer.review.report import ChangeOfMind, FirstRead, ReportedFinding

WITHDRAWN, ADDED, REOPENED = "WITHDRAWN", "ADDED", "REOPENED"
"""What a change of mind can be beside the verdicts on AI findings."""


def first_read_of(case: Case, reader: str, at: datetime) -> FirstRead:
    """What the reader has stated so far, ready to be locked."""
    stated = (ReportedFinding(one, case.decisions[uid]) for uid, one in case.added.items())
    return FirstRead(tuple(stated), reader, at)


def changes_of_mind(case: Case) -> tuple[ChangeOfMind, ...]:
    """Every statement after the reveal that departs from the locked first read, in order of time."""
    return tuple(_changes(case)) if case.first_read is not None else ()


def _changes(case: Case) -> Iterator[ChangeOfMind]:
    seen: dict[str, Finding] = {}
    changed: set[str] = set()
    revealed = False
    for event in case.history:
        revealed = revealed or isinstance(event, Revealed)
        _remember(event, seen)
        if revealed and type(event) in _CHANGES:
            found = _CHANGES[type(event)](event, seen, changed)
            if found is not None:
                yield found


def _remember(event: CaseEvent, seen: dict[str, Finding]) -> None:
    """Keep each finding the case has known, by tracking UID."""
    if isinstance(event, FindingAdded):
        seen[event.finding.tracking_uid] = event.finding
    if isinstance(event, RunRecorded):
        seen.update({finding.tracking_uid: finding for finding in event.run.findings})


def _decided(event: Decided, seen: dict[str, Finding], changed: set[str]) -> ChangeOfMind | None:
    made = event.decision
    if made.change is None:
        return None
    changed.add(made.tracking_uid)
    label = seen[made.tracking_uid].label
    return ChangeOfMind(
        made.tracking_uid, label, made.verdict.value, made.change, made.reader, made.at
    )


def _reopened(event: Reopened, seen: dict[str, Finding], changed: set[str]) -> ChangeOfMind | None:
    if event.tracking_uid not in changed:
        return None
    changed.remove(event.tracking_uid)
    label = seen[event.tracking_uid].label
    return ChangeOfMind(event.tracking_uid, label, REOPENED, None, event.reader, event.at)


def _withdrawn(
    event: FindingWithdrawn, seen: dict[str, Finding], changed: set[str]
) -> ChangeOfMind | None:
    label = seen[event.tracking_uid].label
    return ChangeOfMind(event.tracking_uid, label, WITHDRAWN, event.reason, event.reader, event.at)


def _added(event: FindingAdded, seen: dict[str, Finding], changed: set[str]) -> ChangeOfMind | None:
    decision = event.decision
    label = event.finding.label
    return ChangeOfMind(decision.tracking_uid, label, ADDED, None, decision.reader, decision.at)


_Change = Callable[[Any, dict[str, Finding], set[str]], ChangeOfMind | None]

_CHANGES: dict[type[CaseEvent], _Change] = {
    Decided: _decided,
    Reopened: _reopened,
    FindingWithdrawn: _withdrawn,
    FindingAdded: _added,
}


def reading_sentences(case: Case) -> tuple[str, ...]:
    """How the AI was read, for the report: nothing to say of the mode "AI first"."""
    if case.first_read is None or case.revealed_at is None:
        return ()
    changes = tuple(_change_sentence(change) for change in changes_of_mind(case))
    return (
        locked_sentence(case.first_read),
        _("The AI was revealed after that, at {time}.").format(time=moment(case.revealed_at)),
        *(changes or (_("The reader changed nothing after the reveal."),)),
    )


def locked_sentence(read: FirstRead) -> str:
    """What was locked, and when."""
    findings = "; ".join(stated_words(one) for one in read.findings) or _("no finding")
    return _("First read, locked at {time} before any AI ran: {findings}.").format(
        time=moment(read.at), findings=findings
    )


def stated_words(stated: ReportedFinding) -> str:
    """A finding of the reader with side, confidence and comment."""
    finding, decision = stated.finding, stated.decision
    sure = "" if decision.confidence is None else confidence_text(decision.confidence)
    return ", ".join(filter(None, (stated_text(finding), sure, decision.comment)))


def _change_sentence(change: ChangeOfMind) -> str:
    reason = "" if change.reason is None else f" ({change_text(change.reason)})"
    return _("Changed at {time}: {label}: {what}{reason}.").format(
        time=moment(change.at), label=change.label, what=_what_text(change.what), reason=reason
    )


def _what_text(what: str) -> str:
    return {
        Verdict.CONFIRMED.value: _("taken over from the AI"),
        Verdict.MODIFIED.value: _("taken over from the AI with changes"),
        Verdict.INDETERMINATE.value: _("left undecided as indeterminate"),
        WITHDRAWN: _("withdrawn"),
        ADDED: _("added after the reveal"),
        REOPENED: _("change taken back"),
    }[what]


def moment(at: datetime) -> str:
    """Date and time to the second, with the offset from UTC."""
    return f"{at:%Y-%m-%d %H:%M:%S %z}"
