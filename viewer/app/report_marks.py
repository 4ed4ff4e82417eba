"""Shapes of structured reports over the images they name: opened with the report, drawn, gone to; never edited."""

from dataclasses import dataclass

from viewer.app.instance_links import find_instance, place_words
from viewer.app.open_marks import MarksView
from viewer.app.open_study import show_display_set
from viewer.app.session import Session, study_key
from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.domain.image import Frame
from viewer.domain.sr_document import SrDocument
from viewer.domain.sr_marks import SrLine, SrMark, lines_on, may_be_drawn, sr_marks
from viewer.domain.study import Study


@dataclass(frozen=True)
class DrawnMark:
    """A shape on the image on the screen. by_program: as in MarksView."""

    mark: SrMark
    lines: tuple[SrLine, ...]
    by_program: bool


def take_marks(session: Session, study: Study, uid: str, document: SrDocument) -> None:
    """Lay the shapes of a report of `study` over its images; one of another study or patient has none here."""
    if (document.study_uid, document.patient.key) != study_key(study):
        return
    stated = sr_marks(document)
    marks = tuple(mark for mark in stated if may_be_drawn(mark))
    if not stated:
        return
    by_program = bool(document.algorithms) or not document.authors
    title = document.title or _("Structured report")
    session.report_marks.put(
        study, MarksView(uid, title, marks, by_program, len(stated) - len(marks))
    )


def drawn_marks(session: Session, frame: Frame) -> tuple[DrawnMark, ...]:
    """What to draw on `frame`, which is on the screen: shapes of reports of its own study only."""
    shown = session.shown
    if shown is None or frame.ref != shown.ref:
        return ()
    thickness = shown.display_set.acquisition.slice_thickness_mm
    drawn = (
        DrawnMark(mark, lines_on(mark, frame, thickness), view.by_program)
        for view in session.report_marks.of(shown.study)
        if view.visible
        for mark in view.marks
    )
    return tuple(one for one in drawn if one.lines)


def mark_place(session: Session, study: Study, mark: SrMark) -> str:
    """Where a mark lies, in words: series and image, "" where that is not open or only a place in the patient."""
    return place_words(session, study, mark.links[0]) if mark.links else ""


def go_to_mark(workbench: Workbench, study: Study, mark: SrMark) -> None:
    """Bring the image of a mark to the screen; say why not where it is not open."""
    place = find_instance(workbench.session, study, mark.links[0]) if mark.links else None
    if place is not None:
        show_display_set(workbench, *place)
    elif mark.links:
        workbench.session.notify(_("The image of this mark is not open. Open it too."))
    else:
        workbench.session.notify(
            _("This mark names a place in the patient; it is drawn on the slices that hold it.")
        )
