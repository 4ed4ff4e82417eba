"""A PDF is drawn page by page as it comes into view, zooms, and says why where it cannot be shown."""

from dataclasses import dataclass, field

import numpy as np
from builders import study
from pytestqt.qtbot import QtBot

from viewer.app.drawings import Drawings
from viewer.app.session import Session
from viewer.app.workbench import PdfActions, PdfPages
from viewer.domain.pdf_document import PdfDocument, PdfPage
from viewer.review.case import Case
from viewer.ui.dialogs.pdf_window import PdfWindow

PAGES = tuple(PdfPage(300.0, 400.0) for _page in range(40))


@dataclass
class Drawn:
    """What the window asked for."""

    asked: list[tuple[int, float]] = field(default_factory=list)
    forgotten: list[int] = field(default_factory=list)
    saved: int = 0

    def draw(self, number, scale, take, _fail) -> None:
        self.asked.append((number, scale))
        take(np.full((round(400 * scale), round(300 * scale), 3), 200, np.uint8))

    def save(self) -> None:
        self.saved += 1


def window(qtbot: QtBot, drawn: Drawn, pages: PdfPages) -> PdfWindow:
    session = Session(Case, lambda _study: Drawings((), lambda _all: None))
    document = PdfDocument("<b>Letter</b>", study().patient, "20260102", "", "UNVERIFIED", b"%PDF-")
    acts = PdfActions(drawn.draw, drawn.forgotten.append, drawn.save)
    made = PdfWindow(None, session, study(), document, pages, acts)
    qtbot.addWidget(made)
    made.show()
    return made


def test_only_pages_near_the_view_are_drawn(qtbot: QtBot) -> None:
    drawn = Drawn()
    made = window(qtbot, drawn, PdfPages(PAGES))
    qtbot.waitUntil(lambda: made.pages[0].asked is not None)
    assert made.pages[20].asked is None
    bar = made.area.verticalScrollBar()

    def last_is_drawn() -> bool:
        bar.setValue(bar.maximum())  # the range grows while the pages are laid out
        return made.pages[39].asked is not None

    qtbot.waitUntil(last_is_drawn)
    assert 0 in drawn.forgotten and made.pages[0].asked is None


def test_zooming_draws_the_page_anew_at_its_size(qtbot: QtBot) -> None:
    drawn = Drawn()
    made = window(qtbot, drawn, PdfPages(PAGES))
    qtbot.waitUntil(lambda: made.pages[0].asked is not None)
    before = made.pages[0].width()
    made.zoom_in()
    qtbot.waitUntil(lambda: made.pages[0].width() > before)
    assert made.scale is not None
    qtbot.waitUntil(lambda: (0, made.scale) in drawn.asked)
    made.fit()
    qtbot.waitUntil(lambda: made.pages[0].width() == before)


def test_a_document_that_cannot_be_shown_says_why_and_can_be_saved(qtbot: QtBot) -> None:
    drawn = Drawn()
    made = window(qtbot, drawn, PdfPages(fault="The PDF is protected by a password."))
    assert made.pages == []
    made.zoom_in()
    made._acts.save()
    assert drawn.saved == 1
