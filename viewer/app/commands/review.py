"""Review menu: the physician's verdict, one key each; there is no "accept all"."""

from viewer.app import review_findings
from viewer.app.commands.ai import next_finding
from viewer.app.topic import Topic
from viewer.app.workbench import Workbench
from viewer.domain.finding import Finding, Source
from viewer.review.workflow import Stage

topic = Topic("review", "Review", 6)


def is_open(workbench: Workbench) -> bool:
    """Whether the case on the screen can still be decided."""
    case = workbench.session.case
    return case is not None and case.stage is Stage.READING


def _proposed(workbench: Workbench) -> Finding | None:
    """The selected AI finding, or the only undecided one."""
    session = workbench.session
    if session.case is None:
        return None
    selected = session.selected_finding()
    if selected is not None:
        return selected if selected.source is Source.AI else None
    undecided = session.case.undecided
    return undecided[0] if len(undecided) == 1 else None


def can_decide(workbench: Workbench) -> bool:
    """Whether C and O have a finding to act on."""
    return is_open(workbench) and _proposed(workbench) is not None


@topic.command("Confirm finding", "C", icon="check", enabled=can_decide, toolbar=True)
def confirm(workbench: Workbench) -> None:
    """Agree with the selected AI finding, then go to the next undecided one."""
    finding = _proposed(workbench)
    if finding is not None:
        review_findings.confirm(workbench, finding)
        next_finding(workbench)


@topic.command("Override finding", "O", icon="ban", enabled=can_decide, toolbar=True)
def override(workbench: Workbench) -> None:
    """Disagree with the selected AI finding (not present); the panel then offers other reasons."""
    finding = _proposed(workbench)
    if finding is not None:
        workbench.session.select(finding.tracking_uid)
        review_findings.override(workbench, finding)


def _can_reopen(workbench: Workbench) -> bool:
    finding = workbench.session.selected_finding()
    case = workbench.session.case
    if case is None or finding is None or finding.source is Source.READER:
        return False
    return is_open(workbench) and finding not in case.undecided


@topic.command("Reopen decision", "U", icon="rotate-ccw", enabled=_can_reopen)
def reopen(workbench: Workbench) -> None:
    """Take the verdict on the selected finding back; it stays in the record."""
    finding = workbench.session.selected_finding()
    if finding is not None:
        review_findings.reopen(workbench, finding)


@topic.command("Add a finding the AI missed", "A", icon="plus", enabled=is_open, toolbar=True)
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
    """State that the AI missed nothing, or take that back."""
    case = workbench.session.case
    if case is not None:
        review_findings.attest_no_further_finding(workbench, not case.no_further_finding)


PLUGIN = topic
