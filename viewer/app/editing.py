"""Correcting an AI finding: label, site, side, size, and a box dragged on the image."""

from dataclasses import replace

from viewer.app.edited import Edited
from viewer.app.session import Session, study_key
from viewer.app.workbench import Workbench
from viewer.domain.finding import Finding, Localization, Mark, PointPx, Source
from viewer.review.codes import FindingConcept
from viewer.review.signature import new_uid

DECIMALS = 1
"""Of box corners kept, px."""


def begin_editing(workbench: Workbench, finding: Finding) -> None:
    """Open the form for a finding of the study on the screen."""
    session = workbench.session
    if session.shown is None:
        return
    decision = session.shown.case.decisions.get(finding.tracking_uid)
    start = decision.corrected if decision is not None and decision.corrected else finding
    session.adding = None
    session.editing = Edited(session.shown.study, finding, start)
    session.select(finding.tracking_uid)
    session.events.case.emit(None)


def stop_editing(workbench: Workbench) -> None:
    """Close the form; nothing is decided."""
    workbench.session.editing = None
    workbench.session.events.case.emit(None)


def drag_box(session: Session, start: PointPx, end: PointPx) -> None:
    """Lay the box of the finding being corrected on the frame on the screen."""
    editing, shown = session.editing, session.shown
    if editing is None or shown is None or study_key(shown.study) != study_key(editing.study):
        return
    session.editing = replace(editing, place=shown.ref.place, corners_px=(start, end))
    session.events.overlay.emit(None)


def corrected_finding(
    editing: Edited,
    concept: FindingConcept | None,
    laterality: str,
    size_mm: float | None,
    own_site: FindingConcept | None = None,
) -> Finding:
    """What the reader states in place of the AI's finding.

    concept: another label, or None to keep the one the form began with. own_site: a concept whose site
    is meant, or None for that of the label.
    """
    start = editing.start
    named = start
    if concept is not None:
        named = replace(
            start, key=concept.key, label=concept.label, code=concept.code, site=concept.site
        )
    return replace(
        named,
        tracking_uid=new_uid(),
        source=Source.READER,
        site=named.site if own_site is None else own_site.site,
        laterality=laterality,
        score=None,
        operating_point=None,
        algorithm=None,
        localization=_place(editing, named.label),
        size_mm=size_mm,
    )


def draft(session: Session) -> Finding | None:
    """The box being dragged, as a finding of the reader's to draw."""
    editing = session.editing
    if editing is None or editing.corners_px is None:
        return None
    marked = _place(editing, editing.start.label)
    return replace(editing.start, source=Source.READER, localization=marked)


def _place(editing: Edited, label: str) -> Localization | None:
    if not editing.has_box or editing.place is None or editing.corners_px is None:
        return editing.start.localization
    columns, rows = zip(*editing.corners_px, strict=True)
    left, right = (round(one, DECIMALS) for one in sorted(columns))
    top, bottom = (round(one, DECIMALS) for one in sorted(rows))
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return Localization(*editing.place, (Mark(label, corners, closed=True),))
