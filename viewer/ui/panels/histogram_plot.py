"""HistogramPlot: how often which value occurs inside of a region, small, with its ends named."""

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from viewer.app import annotate
from viewer.app.workbench import Workbench
from viewer.base.errors import ViewerError
from viewer.base.i18n import _
from viewer.domain.image import Frame
from viewer.domain.measurement import Annotation, unit_shown
from viewer.measure.histogram import Histogram, histogram
from viewer.measure.region_values import region_values, value_unit
from viewer.measure.tool import RegionTool
from viewer.ui import theme

HEIGHT_PX = 72
WORDS_PX = 18
FRAME_KEY = "histogram frame"


class HistogramPlot(QWidget):
    """Asks for the frame of the drawing and draws its histogram; takes no room where there is none."""

    def __init__(self, workbench: Workbench, annotation: Annotation) -> None:
        super().__init__()
        self._annotation = annotation
        self._shown: tuple[Histogram, str] | None = None
        self.setFixedHeight(0)
        self.setAccessibleName(_("Histogram"))
        ref = annotate.frame_of(workbench, annotation)
        if ref is not None:
            workbench.frames.request(ref, FRAME_KEY, self._take, _ignore)

    def _take(self, frame: Frame) -> None:
        found = region_histogram(self._annotation, frame)
        if found is not None and isValid(self):
            self._shown = found, unit_shown(value_unit(frame))
            self.setToolTip(_words(*self._shown))
            self.setFixedHeight(HEIGHT_PX)
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Bars from the left to the right, the fullest as high as there is room."""
        if self._shown is None:
            return
        found, unit = self._shown
        painter = QPainter(self)
        room = QRectF(self.rect()).adjusted(0, 2, 0, -WORDS_PX)
        width = room.width() / len(found.counts)
        for place, share in enumerate((found.counts / found.counts.max()).tolist()):
            high = share * room.height()
            bar = QRectF(place * width, room.bottom() - high, max(width - 0.5, 0.5), high)
            painter.fillRect(bar, QColor(theme.READER))
        painter.setPen(QColor(theme.MUTED))
        words = QRectF(self.rect()).adjusted(0, self.height() - WORDS_PX, 0, 0)
        low, high_end = _ends(found)
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft, f"{low} {unit}".strip())
        painter.drawText(words, Qt.AlignmentFlag.AlignRight, f"{high_end} {unit}".strip())
        painter.end()


def region_histogram(annotation: Annotation, frame: Frame) -> Histogram | None:
    """The modality values inside; None for tools that enclose nothing, colour, and empty regions."""
    tool = annotate.tool_of(annotation)
    handles = np.array(annotation.handles_px, np.float64)
    if not isinstance(tool, RegionTool) or frame.is_colour or not len(handles):
        return None
    region = tool.region(handles, frame.rows, frame.columns)
    values = region_values(region, frame).values if region.count else np.zeros(0)
    return histogram(values) if values.size else None


def _ends(found: Histogram) -> tuple[str, str]:
    """The lowest and highest value counted; bins of whole numbers begin and end halfway between two."""
    low, high = float(found.edges[0]), float(found.edges[-1])
    inward = 0.5 if low % 1 == high % 1 == 0.5 else 0.0
    return f"{low + inward:g}", f"{high - inward:g}"


def _words(found: Histogram, unit: str) -> str:
    low, high = _ends(found)
    words = _("{n} pixels from {low} to {high} {unit} in {bins} bins; the fullest holds {most}")
    return words.format(
        n=int(found.counts.sum()),
        low=low,
        high=high,
        unit=unit,
        bins=len(found.counts),
        most=int(found.counts.max()),
    )


def _ignore(_error: ViewerError) -> None:
    """The viewport says why the frame cannot be shown."""
