"""Chart: a frame with axes from 0 to 1 or of counts, into which each kind of plot draws; QPainter alone."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.ui import theme

LEFT_PX, TOP_PX, RIGHT_PX, BOTTOM_PX = 62, 62, 22, 40
"""Room for the scale and the words around a plot."""

LEAST_PX = 240
WRAPPED = int(Qt.TextFlag.TextWordWrap)
"""The summary may take two lines."""

TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


class Chart(QWidget):
    """A titled square with two named axes; subclasses say what is in it."""

    def __init__(self, title: str, x_name: str, y_name: str) -> None:
        super().__init__()
        self.title, self.x_name, self.y_name = title, x_name, y_name
        self.summary = ""
        """The line below the title: the figure of this chart, or why there is none."""
        self.setAccessibleName(title)
        self.setMinimumSize(LEAST_PX, LEAST_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def say(self, summary: str) -> None:
        """Put the summary on the chart and into its description for those who do not see it."""
        self.summary = summary
        self.setAccessibleDescription(summary)
        self.update()

    @property
    def plot(self) -> QRectF:
        """Where the data lie."""
        return QRectF(self.rect()).adjusted(LEFT_PX, TOP_PX, -RIGHT_PX, -BOTTOM_PX)

    def at(self, x: float, y: float) -> QPointF:
        """Where a point of the data (both 0 to 1) lies."""
        plot = self.plot
        return QPointF(plot.left() + x * plot.width(), plot.bottom() - y * plot.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Frame, scales, words, data."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(theme.PANEL))
        self._words(painter)
        painter.setPen(QPen(QColor(theme.LINE), 1))
        painter.drawRect(self.plot)
        self._scale(painter)
        self.draw(painter)
        painter.end()

    def draw(self, painter: QPainter) -> None:
        """The data."""

    def x_ticks(self) -> Sequence[tuple[float, str]]:
        """Places (0 to 1) and words of the lower scale."""
        return [(tick, f"{tick:g}") for tick in TICKS]

    def y_ticks(self) -> Sequence[tuple[float, str]]:
        """Places (0 to 1) and words of the left scale."""
        return [(tick, f"{tick:g}") for tick in TICKS]

    def _words(self, painter: QPainter) -> None:
        plot, whole = self.plot, QRectF(self.rect())
        painter.setPen(QColor(theme.TEXT))
        bold = painter.font()
        bold.setBold(True)
        painter.save()
        painter.setFont(bold)
        top = QRectF(8, 4, whole.width() - 14, 18)
        painter.drawText(top, Qt.AlignmentFlag.AlignLeft, self.title)
        painter.restore()
        painter.setPen(QColor(theme.MUTED))
        said = QRectF(8, 22, whole.width() - 14, TOP_PX - 24)
        painter.drawText(said, int(Qt.AlignmentFlag.AlignLeft) | WRAPPED, self.summary)
        below = QRectF(plot.left(), whole.bottom() - 19, plot.width(), 18)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self.x_name)
        painter.save()
        painter.translate(14, plot.center().y())
        painter.rotate(-90)
        beside = QRectF(-plot.height() / 2, -9, plot.height(), 18)
        painter.drawText(beside, Qt.AlignmentFlag.AlignCenter, self.y_name)
        painter.restore()

    def _scale(self, painter: QPainter) -> None:
        painter.setPen(QColor(theme.MUTED))
        for place, words in self.x_ticks():
            box = QRectF(self.at(place, 0).x() - 30, self.plot.bottom() + 3, 60, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, words)
        for place, words in self.y_ticks():
            middle = self.at(0, place).y()
            box = QRectF(self.plot.left() - 38, middle - 8, 34, 16)
            painter.drawText(
                box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words
            )

    def line(self, painter: QPainter, points: Sequence[QPointF], pen: QPen) -> None:
        """A broken line through points of the widget."""
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(list(points)))

    def diagonal(self, painter: QPainter) -> None:
        """From corner to corner, dashed."""
        pen = QPen(QColor(theme.EDGE), 1, Qt.PenStyle.DashLine)
        self.line(painter, [self.at(0, 0), self.at(1, 1)], pen)
