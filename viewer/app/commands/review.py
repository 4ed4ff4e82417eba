"""Review menu: the physician's verdict, one key each; there is no "accept all"."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from viewer.app import first_read, review_findings
from viewer.app.commands.ai import next_finding
from viewer.app.editing import begin_editing
from viewer.app.site_settings import agreed
from viewer.app.topic import Command, Topic
from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.domain.finding import Finding, Source
from viewer.review.case import Case
from viewer.review.decision import ChangeReason, OverrideReason
from viewer.review.reading import ReadingMode
from viewer.review.workflow import OPEN, WITHHELD

topic = Topic("review", "Review", 6)
UNSURE = ChangeReason.NOT_SURE
"""Why a locked first read changes where a finding turns out to be indeterminate."""


def is_open(workbench: Workbench) -> bool:
    """Whether the reader can still state and decide in the case on the screen."""
    case = workbench.session.case
    return case is not None and case.stage in OPEN and workbench.session.may_write


def _at_hand(workbench: Workbench) -> Finding | None:
    """The selected finding if it waits for a decision, or the only one that does.

    One that is decided is reopened first: a key pressed once too often turns no verdict round.
    """
    session = workbench.session
    if session.case is None:
        return None
    waiting = session.case.waiting
    selected = session.selected_finding()
    if selected is not None:
        return selected if selected in waiting else None
    return waiting[0] if len(waiting) == 1 else None


def can_decide(workbench: Workbench) -> bool:
    """Whether C and O have a finding to act on."""
    return is_open(workbench) and _at_hand(workbench) is not None


@topic.command("Confirm finding", "C", icon="check", enabled=can_decide, toolbar=True)
def confirm(workbench: Workbench) -> None:
    """Agree with the selected finding (of the AI, or your own that the AI does not propose), go to the next."""
    finding = _at_hand(workbench)
    if finding is None:
        return
    if finding.source is Source.READER:
        review_findings.keep(workbench, finding)
    else:
        review_findings.confirm(workbench, finding)
    next_finding(workbench)


@topic.command("Override finding", "O", icon="ban", enabled=can_decide, toolbar=True)
def override(workbench: Workbench) -> None:
    """Disagree with the selected finding, go to the next; the panel offers reasons beside "not present"."""
    finding = _at_hand(workbench)
    if finding is None:
        return
    if finding.source is Source.READER:
        review_findings.withdraw(workbench, finding, ChangeReason.JUDGED_OTHERWISE)
    else:
        workbench.session.select(finding.tracking_uid)
        review_findings.override(workbench, finding)
    next_finding(workbench)


def _to_modify(workbench: Workbench) -> Finding | None:
    """An AI finding, decided or not: a form changes nothing until it is saved."""
    selected = workbench.session.selected_finding()
    finding = _at_hand(workbench) if selected is None else selected
    if finding is None or not is_open(workbench):
        return None
    return finding if finding.source is Source.AI else None


@topic.command(
    "Change finding…",
    "F2",
    icon="file-pen",
    enabled=lambda workbench: _to_modify(workbench) is not None,
)
def modify(workbench: Workbench) -> None:
    """Confirm with another label, site, side, box or size, in a small form."""
    finding = _to_modify(workbench)
    if finding is not None:
        begin_editing(workbench, finding)


@topic.command("Cannot tell", "F3", icon="circle-help", enabled=can_decide)
def indeterminate(workbench: Workbench) -> None:
    """State that these images cannot decide the selected AI finding, then go to the next."""
    finding = _at_hand(workbench)
    if finding is not None and finding.source is Source.AI:
        reason = OverrideReason.CANNOT_TELL
        review_findings.override(workbench, finding, reason, change=UNSURE)
        next_finding(workbench)


def _to_reopen(workbench: Workbench) -> Finding | None:
    """The selected finding if it was decided; where it waits, or none is selected, the one decided last."""
    session = workbench.session
    if session.case is None or not is_open(workbench):
        return None
    decided = _decided_when(session.case)
    selected = session.selected_finding()
    if selected is None or selected in session.case.waiting:
        uid = max(decided, key=decided.__getitem__, default=None)
    else:
        uid = selected.tracking_uid
    return session.case.finding(uid) if uid in decided else None


def _decided_when(case: Case) -> dict[str, datetime]:
    """When the verdicts that may be taken back were given: on AI findings, and to keep one's own."""
    proposed = {finding.tracking_uid for finding in case.proposed}
    verdicts = {uid: made.at for uid, made in case.decisions.items() if uid in proposed}
    return verdicts | {uid: kept.at for uid, kept in case.kept.items() if uid in case.added}


@topic.command(
    "Reopen decision",
    "U",
    icon="rotate-ccw",
    enabled=lambda workbench: _to_reopen(workbench) is not None,
)
def reopen(workbench: Workbench) -> None:
    """Take back the verdict on the selected finding, else the last one; it stays in the record."""
    finding = _to_reopen(workbench)
    if finding is not None:
        review_findings.reopen(workbench, finding)
        workbench.session.select(finding.tracking_uid)


topic.new_group()


@topic.command("Add a finding", "A", icon="plus", enabled=is_open, toolbar=True)
def add(workbench: Workbench) -> None:
    """Open the form for a finding of your own, at the pointer."""
    review_findings.begin_adding(workbench)


def is_key_image(workbench: Workbench) -> bool:
    """Whether the frame on the screen is marked for the report."""
    shown = workbench.session.shown
    if shown is None:
        return False
    return shown.ref.place in shown.case.key_images


@topic.command(
    "Key image for the report",
    "K",
    icon="key-round",
    enabled=is_open,
    checked=is_key_image,
    toolbar=True,
)
def key_image(workbench: Workbench) -> None:
    """Mark the frame on the screen for the report, or take the mark back."""
    review_findings.toggle_key_image(workbench)


@topic.command(
    "No further finding",
    "X",
    icon="list-checks",
    enabled=is_open,
    checked=lambda bench: bench.session.case is not None and bench.session.case.no_further_finding,
    toolbar=True,
)
def no_further_finding(workbench: Workbench) -> None:
    """State that there is none beside those listed, or take that back."""
    case = workbench.session.case
    if case is not None:
        review_findings.attest_no_further_finding(workbench, not case.no_further_finding)


topic.new_group()


def _can_lock(workbench: Workbench) -> bool:
    case = workbench.session.case
    return case is not None and case.stage in WITHHELD and workbench.session.may_write


@topic.command("Lock first read, reveal AI", "F9", icon="lock", enabled=_can_lock, toolbar=True)
def lock(workbench: Workbench) -> None:
    """Commit to the findings you stated, or to none; then the AI runs and is shown."""
    first_read.lock_first_read(workbench, review_findings.shown_study(workbench))


topic.new_group()


def set_mode(mode: ReadingMode, workbench: Workbench) -> None:
    """Let cases begun from now on be read in this mode, if an administrator agrees."""
    if not agreed(workbench, _("The reading mode of the site is changed by an administrator.")):
        return
    reading = replace(workbench.settings.values.reading, mode=mode)
    workbench.settings.change(reading=reading)


for _mode, _title in (
    (ReadingMode.AI_FIRST, "New cases: AI first"),
    (ReadingMode.READ_FIRST, "New cases: read first"),
):
    topic.commands.append(
        Command(
            f"review.mode_{_mode.value}",
            _title,
            partial(set_mode, _mode),
            checked=partial(lambda mode, bench: bench.session.reading_mode is mode, _mode),
        )
    )

PLUGIN = topic
