"""Measures, colours and paragraph styles of the printed report."""

from dataclasses import dataclass
from functools import cache

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, Table, TableStyle

from viewer.export.pdf.fonts import BOLD, REGULAR, markup, register_fonts

PAGE_WIDTH, PAGE_HEIGHT = A4
MARGIN = 18 * mm
CONTENT_WIDTH = PAGE_WIDTH - 2 * MARGIN
FOOTER_HEIGHT = 20 * mm
GAP = 2.2 * mm
"""Space between a heading and what it heads, and between rows of blocks."""

INK = HexColor("#1b1f24")
QUIET = HexColor("#5b6470")
RULE = HexColor("#c9ced6")
PANEL = HexColor("#f4f6f8")
ACCENT = HexColor("#1f4e79")
WARNING = HexColor("#8a1c1c")


@dataclass(frozen=True)
class Styles:
    """The few kinds of text the report has."""

    title: ParagraphStyle
    heading: ParagraphStyle
    body: ParagraphStyle
    small: ParagraphStyle
    label: ParagraphStyle


@cache
def styles() -> Styles:
    """All styles; registers the fonts."""
    register_fonts()
    return Styles(
        title=_style("title", 15, 19, ACCENT, BOLD),
        heading=_style("heading", 10, 13, ACCENT, BOLD),
        body=_style("body", 9, 12.5, INK, REGULAR),
        small=_style("small", 7.5, 10.2, INK, REGULAR),
        label=_style("label", 7.5, 10.2, QUIET, REGULAR),
    )


def _style(name: str, size: float, leading: float, colour: Color, font: str) -> ParagraphStyle:
    return ParagraphStyle(
        name, fontName=font, fontSize=size, leading=leading, textColor=colour, splitLongWords=1
    )


def body(text: str, bold: bool = False) -> Paragraph:
    """Text of the reader or the program, at reading size."""
    return Paragraph(markup(text, bold), styles().body)


def small(text: str, bold: bool = False) -> Paragraph:
    """Text in tables and captions."""
    return Paragraph(markup(text, bold), styles().small)


def label(text: str) -> Paragraph:
    """What a value is."""
    return Paragraph(markup(text), styles().label)


def heading(text: str) -> Paragraph:
    """The head of a block; stays with what follows."""
    kept = ParagraphStyle("kept", parent=styles().heading, keepWithNext=1)
    return Paragraph(markup(text), kept)


def placed(*, padding: float = 0) -> TableStyle:
    """A table that only places its cells, in the embedded font even where a cell is empty."""
    return TableStyle(
        [
            ("FONTNAME", (0, 0), (-1, -1), REGULAR),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), padding),
            ("RIGHTPADDING", (0, 0), (-1, -1), padding),
            ("TOPPADDING", (0, 0), (-1, -1), padding),
            ("BOTTOMPADDING", (0, 0), (-1, -1), padding),
        ]
    )


def ruled() -> TableStyle:
    """A table with thin rules between rows, text at the left edge."""
    return TableStyle(
        [
            ("RIGHTPADDING", (0, 0), (-1, -1), 6),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, RULE),
        ],
        parent=placed(),
    )


def table(columns: list[str], rows: list[list[object]], widths: list[float]) -> Table:
    """A table with a head on every page it flows over."""
    head = [[label(column)] for column in columns]
    return Table(
        [head, *rows],
        colWidths=widths,
        repeatRows=1,
        splitInRow=1,
        style=TableStyle(
            [("BACKGROUND", (0, 0), (-1, 0), PANEL), ("LEFTPADDING", (0, 0), (-1, -1), 3)],
            parent=ruled(),
        ),
    )
