"""The page around the report: who it is of, which page of how many, and that it is for research use only."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph

from viewer.base.i18n import _
from viewer.domain.readable import readable_date, readable_name
from viewer.export.destination import SHORT_HASH_DIGITS
from viewer.export.pdf.fonts import REGULAR, markup
from viewer.export.pdf.style import (
    CONTENT_WIDTH,
    FOOTER_HEIGHT,
    GAP,
    MARGIN,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    QUIET,
    RULE,
    WARNING,
    styles,
)
from viewer.review.report import SignedReport

RESEARCH_USE = "FOR RESEARCH USE ONLY. NOT FOR CLINICAL USE."
TOP_MARGIN = 12.0 * 72 / 25.4
TITLE_OF_FILE = "SecondRead report"
"""In the file's own properties, which say nothing of the patient."""


class _NumberedCanvas(Canvas):
    """Draws "page n of m", which is known only when all pages are."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **{**named, "initialFontName": REGULAR})
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 (reportlab's name)
        self._pages.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]  # reportlab's own recipe for page counts

    def save(self) -> None:
        for number, page in enumerate(self._pages, start=1):
            self.__dict__.update(page)
            self._draw_number(number, len(self._pages))
            super().showPage()
        super().save()

    def _draw_number(self, number: int, count: int) -> None:
        self.setFont(REGULAR, 7.5)
        self.setFillColor(QUIET)
        words = _("Page {number} of {count}").format(number=number, count=count)
        self.drawRightString(PAGE_WIDTH - MARGIN, FOOTER_HEIGHT - 15, words)


@dataclass(frozen=True)
class Page:
    """What stands around the story. header: a quiet line and a bold one. footer: what tells this document
    from others. title, author: in the file's own properties, which say nothing of a patient."""

    header: tuple[str, str]
    footer: str
    title: str
    author: str


def report_page(report: SignedReport, institution: str) -> Page:
    """The page of a report. institution: Institution Name (0008,0080) of the study, or ""."""
    words = _("Report {hash}, version {version}, {software}").format(
        hash=report.sha256[:SHORT_HASH_DIGITS], version=report.version, software=report.software
    )
    return Page((institution or "SecondRead", _who(report)), words, TITLE_OF_FILE, report.software)


def print_pages(page: Page, story: Sequence[Flowable]) -> bytes:
    """The finished PDF."""
    quiet, bold = page.header
    header = [
        Paragraph(markup(quiet), styles().label),
        Paragraph(markup(bold, bold=True), styles().small),
    ]
    height = sum(line.wrap(CONTENT_WIDTH, PAGE_HEIGHT)[1] for line in header)
    stream = BytesIO()
    document = BaseDocTemplate(stream, title=page.title, author=page.author, lang="en")
    document.addPageTemplates(_template(page.footer, header, height))
    document.build(list(story), canvasmaker=_NumberedCanvas)
    return stream.getvalue()


def _template(footer: str, header: Sequence[Paragraph], height: float) -> PageTemplate:
    top = TOP_MARGIN + height + 3 * GAP
    frame = Frame(
        MARGIN,
        FOOTER_HEIGHT,
        CONTENT_WIDTH,
        PAGE_HEIGHT - FOOTER_HEIGHT - top,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )

    def draw(canvas: Canvas, _document: BaseDocTemplate) -> None:
        _draw_header(canvas, header)
        _draw_footer(canvas, footer)

    return PageTemplate("report", [frame], onPage=draw)


def _who(report: SignedReport) -> str:
    patient = report.patient
    facts = [
        readable_name(patient.name),
        _("ID {id}").format(id=patient.patient_id or _("not stated")),
        _("born {date}").format(date=readable_date(patient.birth_date) or _("not stated")),
    ]
    return " · ".join(facts)


def _draw_header(canvas: Canvas, lines: Sequence[Paragraph]) -> None:
    bottom = PAGE_HEIGHT - TOP_MARGIN
    for line in lines:
        _width, height = line.wrapOn(canvas, CONTENT_WIDTH, PAGE_HEIGHT)
        bottom -= height
        line.drawOn(canvas, MARGIN, bottom)
    _rule(canvas, bottom - GAP)


def _draw_footer(canvas: Canvas, words: str) -> None:
    _rule(canvas, FOOTER_HEIGHT - 5)
    canvas.setFillColor(WARNING)
    canvas.setFont(f"{REGULAR}-Bold", 7.5)
    canvas.drawString(MARGIN, FOOTER_HEIGHT - 15, RESEARCH_USE)
    canvas.setFillColor(QUIET)
    canvas.setFont(REGULAR, 7.5)
    canvas.drawString(MARGIN, FOOTER_HEIGHT - 25, words)


def _rule(canvas: Canvas, y: float) -> None:
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, y, PAGE_WIDTH - MARGIN, y)
