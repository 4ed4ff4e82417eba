"""The physician's acts on findings: confirm, override, reopen, add, withdraw, attest, write."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from viewer.app.editing import corrected_finding, stop_editing
from viewer.app.presentation_states import state_title
from viewer.app.session import Adding, Session
from viewer.app.workbench import Workbench, now
from viewer.base.errors import WorkflowError
from viewer.base.i18n import _
from viewer.domain.display_set import FramePlace
from viewer.domain.finding import Finding, Localization, Mark, Source
from viewer.domain.key_view import KeyView, key_view
from viewer.domain.study import Study
from viewer.review import decision
from viewer.review.codes import FindingConcept
from viewer.review.decision import (
    ChangeReason,
    Confidence,
    Decision,
    OverrideReason,
    Verdict,
)
from viewer.review.events import (
    Decided,
    FindingAdded,
    FindingKept,
    FindingWithdrawn,
    KeyImageMarked,
    MissesAttested,
    Reopened,
    TextChanged,
)
from viewer.review.signature import new_uid

Act = Callable[[], None]


def shown_study(workbench: Workbench) -> Study:
    """The study on the screen; raises WorkflowError where there is none."""
    if workbench.session.shown is None:
        raise WorkflowError(_("Open a study first."))
    return workbench.session.shown.study


def confirm(
    workbench: Workbench, finding: Finding, change: ChangeReason = ChangeReason.OVERLOOKED
) -> None:
    """The reader agrees with an AI finding; change: why, where that departs from the locked first read."""
    _decide(workbench, decision.confirm(finding, workbench.reader, now()), change)


def _decide(workbench: Workbench, made: Decision, change: ChangeReason) -> None:
    """Record a verdict, with the reason for a change only where it is one."""
    study = shown_study(workbench)
    if workbench.session.case_of(study).changes_first_read(made):
        made = replace(made, change=change)
    workbench.record(study, Decided(made))


def override(
    workbench: Workbench,
    finding: Finding,
    reason: OverrideReason = OverrideReason.NOT_PRESENT,
    comment: str = "",
    corrected: FindingConcept | None = None,
    change: ChangeReason = ChangeReason.OVERLOOKED,
) -> None:
    """The reader disagrees; with a concept, that is what the reader states instead."""
    if reason is OverrideReason.OTHER and not comment:
        raise WorkflowError(_("Write the other reason into the comment, then choose it."))
    instead = None
    if corrected is not None:
        instead = _readers_finding(corrected, finding.laterality, finding.localization)
    made = decision.override(finding, workbench.reader, now(), reason, comment, instead)
    _decide(workbench, made, change)


def change_override(
    workbench: Workbench,
    finding: Finding,
    before: Decision,
    reason: OverrideReason,
    comment: str,
    change: ChangeReason,
) -> None:
    """Another reason or comment for an override; what is stated instead stays."""
    if reason is OverrideReason.OTHER and not comment:
        raise WorkflowError(_("Write the other reason into the comment, then choose it."))
    reader = workbench.reader
    made = decision.override(finding, reader, now(), reason, comment, before.corrected)
    _decide(workbench, made, before.change or change)


def modify(
    workbench: Workbench,
    concept: FindingConcept | None,
    laterality: str,
    size_mm: float | None,
    site: FindingConcept | None,
    comment: str = "",
    change: ChangeReason = ChangeReason.OVERLOOKED,
) -> None:
    """Decide the finding whose form is open: the AI saw something, and this is what it is.

    concept, site: None to leave them as they are. The reason follows from what was changed.
    """
    editing = workbench.session.editing
    if editing is None:
        raise WorkflowError(_("Choose the finding to change first."))
    stated = corrected_finding(editing, concept, laterality, size_mm, site)
    if concept is not None and concept.needs_comment and not comment:
        raise WorkflowError(_("Describe the finding in the comment, then keep it."))
    if _says_the_same(stated, editing.finding):
        raise WorkflowError(_("Nothing was changed. Confirm the finding, or change it."))
    other = stated.code != editing.finding.code
    reason = OverrideReason.WRONG_LABEL if other else OverrideReason.WRONG_EXTENT
    made = decision.override(editing.finding, workbench.reader, now(), reason, comment, stated)
    _decide(workbench, made, change)
    stop_editing(workbench)


def _says_the_same(stated: Finding, finding: Finding) -> bool:
    fields = ("code", "label", "site", "laterality", "localization", "size_mm")
    return all(getattr(stated, name) == getattr(finding, name) for name in fields)


def _readers_finding(
    concept: FindingConcept, laterality: str, localization: Localization | None
) -> Finding:
    """What the reader states, by a concept of the code table."""
    return Finding(
        tracking_uid=new_uid(),
        key=concept.key,
        label=concept.label,
        code=concept.code,
        site=concept.site,
        source=Source.READER,
        laterality=laterality,
        localization=localization,
    )


def keep(workbench: Workbench, finding: Finding) -> None:
    """Stand by a finding of the locked first read that the AI does not propose."""
    event = FindingKept(finding.tracking_uid, workbench.reader, now())
    workbench.record(shown_study(workbench), event)


def reopen(workbench: Workbench, finding: Finding) -> None:
    """Take a verdict back; it stays in the record."""
    event = Reopened(finding.tracking_uid, workbench.reader, now())
    workbench.record(shown_study(workbench), event)


def begin_adding(workbench: Workbench) -> None:
    """Open the form for a finding of the reader's own, at the pointer."""
    session = workbench.session
    shown = session.shown
    if shown is None:
        return
    session.editing = None
    session.adding = Adding(shown.study, shown.display_set, shown.ref, session.pointer_px)
    session.events.case.emit(None)


def stop_adding(workbench: Workbench) -> None:
    """Close the form; nothing is added."""
    workbench.session.adding = None
    workbench.session.events.case.emit(None)


def add_finding(
    workbench: Workbench,
    concept: FindingConcept,
    laterality: str = "",
    comment: str = "",
    confidence: Confidence | None = None,
) -> Finding:
    """Add what the form states to the case of the study for which it was opened."""
    adding = workbench.session.adding
    if adding is None:
        raise WorkflowError(_("Press A over the image to add a finding."))
    if concept.needs_comment and not comment:
        raise WorkflowError(_("Describe the finding in the comment, then add it."))
    finding = _readers_finding(concept, laterality, _place(adding, concept.label))
    made = Decision(
        finding.tracking_uid,
        Verdict.ADDED,
        workbench.reader,
        now(),
        comment=comment,
        confidence=confidence,
    )
    workbench.record(adding.study, FindingAdded(finding, made))
    stop_adding(workbench)
    return finding


def _place(adding: Adding, label: str) -> Localization:
    marks = () if adding.point_px is None else (Mark(label, (adding.point_px,)),)
    return Localization(adding.ref.sop_instance_uid, adding.ref.frame, marks)


def withdraw(workbench: Workbench, finding: Finding, reason: ChangeReason | None = None) -> None:
    """Take back a finding of the reader's own; one of the locked first read needs the reason."""
    event = FindingWithdrawn(finding.tracking_uid, workbench.reader, now(), reason)
    workbench.record(shown_study(workbench), event)


def attest_no_further_finding(workbench: Workbench, stated: bool) -> None:
    """State that the AI missed nothing, or take that back."""
    event = MissesAttested(stated, workbench.reader, now())
    workbench.record(shown_study(workbench), event)


def toggle_key_image(workbench: Workbench) -> None:
    """Mark the frame on the screen for the report, or take the mark back."""
    shown = workbench.session.shown
    if shown is None:
        return
    place = shown.ref.place
    marked = place not in shown.case.key_images
    view = _view_now(workbench.session, place) if marked else None
    workbench.record(shown.study, KeyImageMarked(*place, marked, workbench.reader, now(), view))


def _view_now(session: Session, place: FramePlace) -> KeyView | None:
    presentation = session.presentation
    state = presentation.state
    return key_view(place, presentation, "" if state is None else state_title(state))


def change_text(workbench: Workbench, study: Study, text: str) -> None:
    """Keep the reader's report text, if it changed."""
    if workbench.session.case_of(study).text != text:
        workbench.record(study, TextChanged(text, workbench.reader, now()))


def next_undecided(
    findings: Sequence[Finding], undecided: Sequence[Finding], selected: str | None, step: int
) -> Finding | None:
    """The undecided finding that follows (step 1) or precedes (step -1) the selected one, going round."""
    if not undecided:
        return None
    uids = [finding.tracking_uid for finding in findings]
    waiting = {finding.tracking_uid: finding for finding in undecided}
    start = uids.index(selected) if selected in uids else (-1 if step > 0 else len(uids))
    order = [uids[(start + step * (k + 1)) % len(uids)] for k in range(len(uids))]
    return next(waiting[uid] for uid in order if uid in waiting)


def matching_concept(concepts: Sequence[FindingConcept], typed: str) -> FindingConcept | None:
    """The concept that a few letters name: the exact label, or the only one that contains them."""
    needle = typed.strip().casefold()
    exact = [concept for concept in concepts if concept.label.casefold() == needle]
    found = exact or holding(concepts, typed)
    return found[0] if len(found) == 1 else None


def holding(concepts: Sequence[FindingConcept], typed: str) -> list[FindingConcept]:
    """The concepts whose label contains the letters typed; none where nothing was typed."""
    needle = typed.strip().casefold()
    return [concept for concept in concepts if needle and needle in concept.label.casefold()]
