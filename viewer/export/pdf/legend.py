"""What the lines and colours of a printed key image mean; only of what is shown."""

from collections.abc import Sequence

from reportlab.lib.colors import Color
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table, TableStyle

from viewer.base.i18n import _
from viewer.domain.finding import Source
from viewer.domain.image import Heatmap
from viewer.export.key_image import MARK_COLOURS, RGB, NumberedMark
from viewer.export.pdf.fonts import REGULAR
from viewer.export.pdf.style import CONTENT_WIDTH, INK, label, placed, small

SAMPLE_WIDTH = 24 * mm
SAMPLE_HEIGHT = 8.0
LEGEND_WIDTH = 34 * mm
DIGIT_WIDTH = 8.0


def legend(marks: Sequence[NumberedMark], heatmaps: Sequence[Heatmap], colours: RGB) -> Table:
    """Rows of sample and meaning. colours: of the heat maps, ndarray, shape (256, 3), uint8."""
    rows: list[list[Flowable]] = [
        [_LineSample(source), small(_line_words(source))]
        for source in Source
        if source in {each.source for each in marks}
    ]
    for method in dict.fromkeys(each.method for each in heatmaps):
        words = _("{method}. It shows where the network looked, not where disease is.")
        rows.append([_ScaleSample(colours), small(words.format(method=method))])
    rows.append([Spacer(0, 0), label(_("Reduced for print; not for diagnosis."))])
    style = TableStyle([("VALIGN", (0, 0), (-1, -1), "MIDDLE")], parent=placed(padding=3))
    widths = [LEGEND_WIDTH, CONTENT_WIDTH - LEGEND_WIDTH]
    return Table(rows, colWidths=widths, style=style)


def _line_words(source: Source) -> str:
    return {
        Source.AI: _("Dashed: drawn by the AI. Numbers as in the findings."),
        Source.READER: _("Solid: drawn by the reader. Numbers as in the findings."),
    }[source]


class _LineSample(Flowable):
    """A piece of line as it is drawn on the image."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.width, self.height = SAMPLE_WIDTH, SAMPLE_HEIGHT
        self._source = source

    def draw(self) -> None:
        """On the canvas reportlab has given."""
        self.canv.setFillColor(INK)
        self.canv.rect(0, 0, self.width, self.height, stroke=0, fill=1)
        self.canv.setStrokeColor(_colour(MARK_COLOURS[self._source]))
        self.canv.setLineWidth(1.6)
        self.canv.setDash([6, 4] if self._source is Source.AI else [])
        self.canv.line(3, self.height / 2, self.width - 3, self.height / 2)


class _ScaleSample(Flowable):
    """The colour scale of the heat maps, 0 to 1."""

    def __init__(self, colours: RGB) -> None:
        super().__init__()
        self.width, self.height = SAMPLE_WIDTH, SAMPLE_HEIGHT
        self._colours = colours

    def draw(self) -> None:
        """On the canvas reportlab has given."""
        width = self.width - 2 * DIGIT_WIDTH
        step = width / len(self._colours)
        for index, colour in enumerate(self._colours.tolist()):
            self.canv.setFillColor(_colour(colour))
            x = DIGIT_WIDTH + index * step
            self.canv.rect(x, 0, step * 1.2, self.height, stroke=0, fill=1)
        self.canv.setFillColor(INK)
        self.canv.setFont(REGULAR, 7.5)
        self.canv.drawString(0, 1, "0")
        self.canv.drawString(self.width - DIGIT_WIDTH + 3, 1, "1")


def _colour(rgb: Sequence[int]) -> Color:
    red, green, blue = (value / 255 for value in rgb)
    return Color(red, green, blue)
