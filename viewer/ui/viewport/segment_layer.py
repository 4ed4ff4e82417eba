"""SegmentLayer: segments over the image; a program's dashed with an AI badge, a person's solid."""

from dataclasses import dataclass
from time import monotonic

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen, QPolygonF

from viewer.app.segments import DrawnSegment, DrawnSegments
from viewer.base.i18n import _, plural
from viewer.domain.geometry import Affine2D
from viewer.domain.segmentation import (
    FULL_WEIGHT,
    Segment,
    Segmentation,
    SegmentFrame,
    SegmentKind,
    SegmentMaker,
)
from viewer.imaging.outline import outlines
from viewer.ui import theme
from viewer.ui.viewport.image_painter import HALF_PIXEL, q_transform
from viewer.ui.viewport.text_layer import MARGIN_PX

KEPT = 200
"""Drawn segments kept beside those on the screen; each is no larger than the box around it."""

LONGEST_SHAPING_SECONDS = 0.015
"""Spent on new shapes in one painting; the window answers in between."""

MOST_LABELS = 8
"""Segments on one image that are named where they lie; more are named in the legend alone."""

MOST_LEGEND_LINES = 12
WIDTH_PX = 1.6
BACKDROP = QColor(0, 0, 0, 170)
LINES = {
    SegmentMaker.AUTOMATIC: Qt.PenStyle.DashLine,
    SegmentMaker.SEMIAUTOMATIC: Qt.PenStyle.DashDotLine,
    SegmentMaker.MANUAL: Qt.PenStyle.SolidLine,
    SegmentMaker.NOT_STATED: Qt.PenStyle.DotLine,
}


@dataclass(frozen=True, eq=False)
class Shape:
    """What is drawn of a segment. fill: opaque in the segment's colour where it is wholly inside.

    left, top: pixel of the frame under the first of `fill`. lines: closed outlines, frame pixels.
    """

    fill: QImage
    left: int
    top: int
    lines: list[NDArray[np.float64]]


class SegmentLayer:
    """Draws segments; keeps the shape of each."""

    def __init__(self) -> None:
        self._shapes: dict[tuple[int, int], tuple[SegmentFrame, Shape | None]] = {}

    def paint(
        self, painter: QPainter, view_from_image: Affine2D, drawn: DrawnSegments, opacity: float
    ) -> bool:
        """Fill and outline each segment where it lies; then name them, so that no name is covered.

        Whether all are drawn: shapes that take too long wait for the next painting.
        """
        self._forget_others(drawn)
        until = monotonic() + LONGEST_SHAPING_SECONDS
        complete = True
        labels: list[tuple[QPointF, Segment]] = []
        for each in drawn.segments:
            known = self._knows(each)
            if not known and monotonic() > until:
                complete = False
                continue
            shape = self._shape(each)
            if shape is not None:
                affine = view_from_image @ each.placed.image_from_segment_px
                _fill(painter, affine, shape, opacity)
                top = _outline(painter, affine, shape, each.segment)
                labels += [(top, each.segment)] if top is not None else []
        for at, segment in labels if len(labels) <= MOST_LABELS else ():
            _label(painter, at, segment)
        return complete

    def _forget_others(self, drawn: DrawnSegments) -> None:
        """Keep what is on the screen, however much that is."""
        if len(self._shapes) > KEPT:
            here = {(id(each.placed.frame), each.segment.number) for each in drawn.segments}
            kept = {key: shape for key, shape in self._shapes.items() if key in here}
            self._shapes = kept

    def _knows(self, drawn: DrawnSegment) -> bool:
        return (id(drawn.placed.frame), drawn.segment.number) in self._shapes

    def _shape(self, drawn: DrawnSegment) -> Shape | None:
        frame = drawn.placed.frame
        key = (id(frame), drawn.segment.number)
        if key not in self._shapes:
            self._shapes[key] = (frame, shape_of(drawn.segmentation, frame, drawn.segment))
        return self._shapes[key][1]


def shape_of(segmentation: Segmentation, frame: SegmentFrame, segment: Segment) -> Shape | None:
    """What to draw of a segment on one frame; None where nothing of it lies there."""
    weights = segmentation.weights(frame, segment.number)
    rows, columns = np.flatnonzero(weights.any(axis=1)), np.flatnonzero(weights.any(axis=0))
    if rows.size == 0:
        return None
    top, left = int(rows[0]), int(columns[0])
    part = weights[top : int(rows[-1]) + 1, left : int(columns[-1]) + 1]
    lines = [loop + np.array((left, top)) for loop in outlines(part > FULL_WEIGHT // 2)]
    return Shape(_image(part, segment), left, top, lines)


def _image(weights: NDArray[np.uint8], segment: Segment) -> QImage:
    rgba = np.empty((*weights.shape, 4), np.uint8)
    rgba[..., :3] = segment.colour
    rgba[..., 3] = weights
    rows, columns = weights.shape
    return QImage(rgba.data, columns, rows, columns * 4, QImage.Format.Format_RGBA8888).copy()


def _fill(painter: QPainter, affine: Affine2D, shape: Shape, opacity: float) -> None:
    painter.save()
    painter.setTransform(q_transform(affine), True)
    painter.setOpacity(opacity)
    target = QRectF(
        shape.left - HALF_PIXEL, shape.top - HALF_PIXEL, shape.fill.width(), shape.fill.height()
    )
    painter.drawImage(target, shape.fill)
    painter.restore()


def _outline(painter: QPainter, affine: Affine2D, shape: Shape, segment: Segment) -> QPointF | None:
    """Draw the outlines; their highest point in the view."""
    pen = QPen(QColor(*segment.colour), WIDTH_PX)
    pen.setStyle(LINES[segment.maker])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    highest: QPointF | None = None
    for line in shape.lines:
        points = [QPointF(x, y) for x, y in affine.apply(line).tolist()]
        painter.drawPolygon(QPolygonF(points))
        top = min(points, key=lambda point: point.y())
        highest = top if highest is None or top.y() < highest.y() else highest
    return highest


def segment_words(segment: Segment) -> str:
    """The label, after what it is due to a program or to a program with a person's help."""
    marks = {SegmentMaker.AUTOMATIC: "AI  ", SegmentMaker.SEMIAUTOMATIC: _("semi-automatic") + "  "}
    return marks.get(segment.maker, "") + segment.label


def _label(painter: QPainter, at: QPointF, segment: Segment) -> None:
    words = segment_words(segment)
    metrics = QFontMetricsF(painter.font())
    box = metrics.boundingRect(words).adjusted(-4, -2, 4, 2)
    box.moveCenter(at - QPointF(0, metrics.height()))
    view = QRectF(painter.viewport())
    box.moveLeft(min(max(box.left(), view.left()), view.right() - box.width()))
    box.moveTop(min(max(box.top(), view.top()), view.bottom() - box.height()))
    painter.fillRect(box, BACKDROP)
    painter.setPen(QColor(*segment.colour))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def legend_lines(drawn: DrawnSegments) -> list[tuple[QColor | None, str]]:
    """Each segment's colour and words, and what is to be known of how they were placed."""
    lines: dict[tuple[int, int], tuple[QColor | None, str]] = {}
    for each in drawn.segments:
        words = segment_words(each.segment)
        if each.segmentation.kind is SegmentKind.PROBABILITY:
            words += "  " + _("(probability; line at one half)")
        key = (id(each.segmentation), each.segment.number)
        lines[key] = (QColor(*each.segment.colour), words)
    shown = list(lines.values())[:MOST_LEGEND_LINES]
    if len(lines) > len(shown):
        shown.append((None, plural("and {n} more", "and {n} more", len(lines) - len(shown))))
    if any(each.placed.by_position for each in drawn.segments):
        shown.append((None, _("placed by position: made of other images")))
    words = _("“{title}” does not fit the geometry of this image and is not drawn.")
    shown += [(QColor(theme.WARNING), words.format(title=title)) for title in drawn.misfits]
    return shown


def paint_segment_legend(painter: QPainter, view: QRectF, drawn: DrawnSegments) -> None:
    """Colours and names at the left, below the orientation letter."""
    lines = legend_lines(drawn)
    metrics = QFontMetricsF(painter.font())
    height = metrics.height() + 3
    top = view.center().y() + 2 * height
    for place, (colour, words) in enumerate(lines):
        line = QRectF(view.left() + MARGIN_PX, top + place * height, view.width() / 3, height)
        elided = metrics.elidedText(words, Qt.TextElideMode.ElideRight, line.width() - 24)
        width = metrics.horizontalAdvance(elided) + 26
        painter.fillRect(QRectF(line.left() - 4, line.top(), width + 6, height), BACKDROP)
        if colour is not None:
            painter.fillRect(QRectF(line.left(), line.top() + 3, 12, height - 6), colour)
        painter.setPen(QColor(theme.TEXT))
        text = line.adjusted(18, 0, 0, 0)
        painter.drawText(text, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, elided)
