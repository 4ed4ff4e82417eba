"""PDF documents of a study: read and drawn in the background, saved on request."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from viewer.app.jobs import Job, Lane
from viewer.app.while_here import while_here
from viewer.app.workbench import PdfActions, PdfPages, TakePage, Workbench
from viewer.base.errors import FileProblem, ViewerError
from viewer.base.i18n import _
from viewer.dicom.encapsulated_pdf import read_pdf
from viewer.domain.pdf_document import PdfDocument
from viewer.domain.study import Study
from viewer.domain.study_object import StudyObject
from viewer.imaging.pdf_pages import pages_of, render_page

Fail = Callable[[ViewerError], None]
OPEN_KEY, PAGE_KEY, SAVE_KEY = "open pdf", "pdf page", "save pdf"
SUGGESTED_NAME = "document.pdf"
"""Says nothing of the patient."""


def show_pdf(workbench: Workbench, study: Study, found: StudyObject) -> None:
    """Read the document and show it; say why where it cannot be read."""
    workbench.jobs.submit(
        Job(
            OPEN_KEY,
            Lane.OBJECTS,
            lambda _context: _read(found),
            while_here(
                workbench.session,
                lambda read: workbench.dialogs.show_pdf(
                    study, read[0], read[1], _actions(workbench, read[0])
                ),
            ),
            workbench.session.fail,
        )
    )


def _read(found: StudyObject) -> tuple[PdfDocument, PdfPages]:
    """A document that cannot be drawn can still be saved."""
    document = read_pdf(found)
    try:
        return document, PdfPages(pages_of(document.content, document.title))
    except FileProblem as fault:
        return document, PdfPages(fault=str(fault))


def _actions(workbench: Workbench, document: PdfDocument) -> PdfActions:
    drawer = _Drawer(workbench, document)
    return PdfActions(drawer.draw, drawer.forget, lambda: save_pdf(workbench, document))


@dataclass(frozen=True)
class _Drawer:
    """Pages of one document as jobs of their own."""

    workbench: Workbench
    document: PdfDocument

    def _key(self, number: int) -> str:
        return f"{PAGE_KEY} {id(self.document)} {number}"

    def draw(self, number: int, scale: float, take: TakePage, fail: Fail) -> None:
        content, title = self.document.content, self.document.title
        self.workbench.jobs.submit(
            Job(
                self._key(number),
                Lane.OBJECTS,
                lambda _context: render_page(content, title, number, scale),
                take,
                fail,
            )
        )

    def forget(self, number: int) -> None:
        self.workbench.jobs.cancel(self._key(number))


def save_pdf(workbench: Workbench, document: PdfDocument) -> None:
    """Ask where, and write the PDF as it came."""
    target = workbench.dialogs.choose_target(_("Save PDF as"), SUGGESTED_NAME)
    if target is None:
        return
    session = workbench.session
    workbench.jobs.submit(
        Job(
            SAVE_KEY,
            Lane.TRANSFER,
            lambda _context: _write(target, document.content),
            lambda _none: session.notify(_("Saved: {file}").format(file=target)),
            session.fail,
        )
    )


def _write(target: Path, content: bytes) -> None:
    try:
        target.write_bytes(content)
    except OSError as fault:
        reason = fault.strerror or str(fault)
        words = _("{file} could not be written: {reason}. Choose another place.")
        raise FileProblem(words.format(file=target, reason=reason)) from fault
