"""StateLayer: graphics and words of the applied presentation state, over the image they belong to."""

from functools import partial

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from viewer.domain.geometry import Affine2D
from viewer.domain.image import Frame
from viewer.domain.presentation import Presentation
from viewer.domain.presentation_state import PresentationState
from viewer.imaging.state_shapes import (
    PlacedWords,
    StateLine,
    StateShapes,
    StateWords,
    placed_words,
    state_shapes,
)
from viewer.ui.viewport.pens import HALO, HALO_PX, with_halo

WIDTH_PX, DOT_PX = 1.6, 3.0
"""View px, for a thickness of 1."""


class StateLayer:
    """Draws what a state draws; keeps the shapes of the frame on the screen."""

    def __init__(self) -> None:
        self._kept: tuple[Frame, PresentationState, StateShapes] | None = None

    def paint(
        self,
        painter: QPainter,
        view_from_image: Affine2D,
        frame: Frame,
        presentation: Presentation,
    ) -> None:
        """Lines before words; words stand upright in every turn."""
        shapes = self._shapes(frame, presentation)
        painter.save()
        for line in shapes.lines:
            _paint_line(painter, view_from_image, line)
        for words in shapes.words:
            _paint_words(painter, view_from_image, words)
        painter.restore()

    def _shapes(self, frame: Frame, presentation: Presentation) -> StateShapes:
        state = presentation.state
        if state is None:
            return StateShapes()
        if self._kept is None or self._kept[0] is not frame or self._kept[1] is not state:
            self._kept = (frame, state, state_shapes(frame, presentation))
        return self._kept[2]


def _paint_line(painter: QPainter, affine: Affine2D, line: StateLine) -> None:
    points = [QPointF(x, y) for x, y in affine.apply(line.points_px).tolist()]
    colour = QColor(*line.colour)
    painter.setBrush(colour if line.filled else Qt.BrushStyle.NoBrush)
    if len(points) == 1:
        _paint_dot(painter, points[0], colour, DOT_PX * line.thickness)
        return
    width = WIDTH_PX * line.thickness
    style = Qt.PenStyle.DashLine if line.dashed else Qt.PenStyle.SolidLine
    draw = painter.drawPolygon if line.closed else painter.drawPolyline
    with_halo(painter, colour, width, partial(draw, QPolygonF(points)), style)


def _paint_dot(painter: QPainter, point: QPointF, colour: QColor, radius: float) -> None:
    painter.setPen(QPen(HALO, HALO_PX))
    painter.setBrush(colour)
    painter.drawEllipse(point, radius, radius)


def _paint_words(painter: QPainter, affine: Affine2D, words: StateWords) -> None:
    font = QFont(painter.font())

    def size(letter_px: int) -> tuple[float, float]:
        font.setPixelSize(letter_px)
        box = QFontMetricsF(font).boundingRect(
            QRectF(0, 0, 1e5, 1e5), Qt.AlignmentFlag.AlignLeft, words.text
        )
        return box.width(), box.height()

    placed = placed_words(words, affine, size)
    font.setPixelSize(placed.letter_px)
    painter.setFont(font)
    _write(painter, placed, words)


def _write(painter: QPainter, placed: PlacedWords, words: StateWords) -> None:
    colour = QColor(*words.colour)
    if placed.leader is not None:
        painter.setPen(QPen(colour, WIDTH_PX))
        painter.drawLine(*(QPointF(*point) for point in placed.leader))
    box = QRectF(placed.left, placed.top, placed.width + 1, placed.height + 1)
    sides = {"CENTER": Qt.AlignmentFlag.AlignHCenter, "RIGHT": Qt.AlignmentFlag.AlignRight}
    place = sides.get(words.justification, Qt.AlignmentFlag.AlignLeft)
    painter.setPen(HALO)
    for across, down in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        painter.drawText(box.translated(across, down), place, words.text)
    painter.setPen(colour)
    painter.drawText(box, place, words.text)
