"""Which findings have their marks drawn on the frame on the screen."""

from viewer.app.editing import draft
from viewer.app.session import Session
from viewer.domain.display_set import DisplaySet, FramePlace
from viewer.domain.finding import Finding
from viewer.domain.study import Study
from viewer.review.decision import Verdict

Place = tuple[DisplaySet, int]
"""A display set and a position in it."""


def shown_findings(session: Session) -> tuple[Finding, ...]:
    """The reader's own findings always; AI findings while the overlay is on, those not above their
    threshold only if asked for; the selected one also since the reader went to it."""
    if session.shown is None:
        return ()
    case, overlay = session.shown.case, session.overlay
    drawn = list(case.added.values()) + _corrections(session)
    if overlay.visible:
        drawn += case.proposed
    elif overlay.pointing:
        drawn += [one for one in case.proposed if one.tracking_uid == session.selected]
    dragged = draft(session)
    drawn += [] if dragged is None else [dragged]
    if overlay.visible and overlay.below:
        drawn += [finding for run in case.runs.values() for finding in run.below]
    return tuple(finding for finding in drawn if _is_here(session, finding))


def find_place(session: Session, finding: Finding) -> Place | None:
    """Where in the shown study a finding lies."""
    where = finding.localization
    if where is None or session.shown is None:
        return None
    return place_of_frame(session.shown.study, where.place)


def place_of_frame(study: Study, frame: FramePlace) -> Place | None:
    """The display set and the position in it that show a frame of a study."""
    for display_set in study.display_sets:
        for position, ref in enumerate(display_set.frames):
            if ref.place == frame:
                return display_set, position
    return None


def _corrections(session: Session) -> list[Finding]:
    assert session.shown is not None
    decisions = session.shown.case.decisions.values()
    return [
        decision.corrected
        for decision in decisions
        if decision.verdict is Verdict.MODIFIED and decision.corrected is not None
    ]


def _is_here(session: Session, finding: Finding) -> bool:
    where = finding.localization
    if where is None or session.shown is None:
        return False
    ref = session.shown.ref
    return where.place == ref.place
