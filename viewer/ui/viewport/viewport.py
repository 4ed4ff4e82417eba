"""Viewport: one display set on the screen, with its overlays and texts; reads the session, draws it."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QCursor,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from viewer.app.annotate import measured
from viewer.app.heatmaps import shown_heatmaps
from viewer.app.marks import shown_findings
from viewer.app.prefetch import prefetch_around
from viewer.app.presentation_states import state_words
from viewer.app.report_marks import drawn_marks
from viewer.app.segments import SegmentPlacements
from viewer.app.workbench import Workbench
from viewer.base.errors import ViewerError
from viewer.base.i18n import _
from viewer.domain.finding import PointPx
from viewer.domain.geometry import Affine2D
from viewer.domain.image import Frame
from viewer.domain.measurement import Annotation
from viewer.domain.presentation import Presentation
from viewer.imaging.display import shows_low_as_white
from viewer.imaging.view_transform import ViewTransform, shown_edges, view_transform
from viewer.ui import theme
from viewer.ui.viewport.annotation_layer import paint_finding
from viewer.ui.viewport.box_hand import BoxHand
from viewer.ui.viewport.colour_bar import paint_colour_bar
from viewer.ui.viewport.corner_text import corners
from viewer.ui.viewport.drawing_hand import DrawingHand, Press
from viewer.ui.viewport.drawing_layer import paint_drawings, words_at
from viewer.ui.viewport.fidelity_mark import fidelity_mark
from viewer.ui.viewport.file_overlay_layer import FileOverlayLayer
from viewer.ui.viewport.heatmap_layer import HeatmapLayer, paint_legend
from viewer.ui.viewport.image_painter import ImagePainter
from viewer.ui.viewport.interaction import Drag, drag_to, tool_of, within
from viewer.ui.viewport.magnifier import paint_magnifier
from viewer.ui.viewport.segment_layer import SegmentLayer, paint_segment_legend
from viewer.ui.viewport.shutter_layer import paint_shutter
from viewer.ui.viewport.sr_mark_layer import paint_sr_marks
from viewer.ui.viewport.state_layer import StateLayer
from viewer.ui.viewport.text_layer import mark_box, paint_corners, paint_edges, paint_scale_bar
from viewer.ui.viewport.words_editor import WordsEditor

FRAME_KEY = "viewport frame"
WHEEL_STEP = 120
"""Eighths of a degree of one wheel notch (Qt)."""

ZOOM_PER_NOTCH = 1.2


class Viewport(QWidget):
    """Black, calm and large."""

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self._workbench = workbench
        self._image = ImagePainter()
        self._heatmaps = HeatmapLayer()
        self._overlays = FileOverlayLayer()
        self._state = StateLayer()
        self._segments = SegmentLayer()
        self._placements = SegmentPlacements()
        self._message = ""
        self._drag: Drag | None = None
        self._box = BoxHand(workbench.session)
        self._words = WordsEditor(self, workbench)
        self._hand = DrawingHand(workbench, self._ask_words, self._words_at)
        self._wheel = 0
        self.setMinimumSize(320, 240)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setAccessibleName(_("Image"))
        events = workbench.session.events
        events.shown.subscribe(lambda _none: self._fetch())
        for event in (
            events.presentation,
            events.overlay,
            events.selection,
            events.case,
            events.drawings,
            events.segments,
        ):
            event.subscribe(lambda _none: self.update())
        events.pointer.subscribe(lambda _none: self._move_glass())

    def _move_glass(self) -> None:
        if self._workbench.session.magnifier:
            self.update()

    @property
    def frame(self) -> Frame | None:
        """The frame on the screen, once it is decoded."""
        return self._image.frame

    @property
    def message(self) -> str:
        """What is said in place of an image: loading, or why it cannot be shown."""
        return self._message

    def transform_now(self) -> ViewTransform | None:
        """How image pixels map to view pixels at this moment."""
        if self._image.frame is None:
            return None
        return view_transform(self._image.frame, self._view, self.width(), self.height())

    @property
    def _view(self) -> Presentation:
        """The reader's view of the frame that is painted, which may still be the one before."""
        session, frame = self._workbench.session, self._image.frame
        if session.shown is None or frame is None:
            return session.presentation
        return session.presentation_of(session.shown.display_set, frame.ref)

    def _fetch(self) -> None:
        """Ask for the frame to show; another patient's or series' pixels leave the screen at once."""
        self._hand.cancel()
        self._words.keep()
        shown = self._workbench.session.shown
        if shown is None:
            self._image.set_frame(None)
            self.update()
            return
        now = self._image.frame
        if now is None or now.ref not in shown.display_set.frames:
            self._image.set_frame(None)
            self._message = _("Loading…")
        self._workbench.frames.request(shown.ref, FRAME_KEY, self._take, self._fail)
        self.update()

    def _take(self, frame: Frame) -> None:
        shown = self._workbench.session.shown
        if shown is not None and shown.ref == frame.ref:
            self._message = ""
            self._workbench.session.stack_windows.learn(shown.display_set, frame)
            self._image.set_frame(frame)
            self._point_again()
            prefetch_around(self._workbench, frame)
            self.update()

    def _point_again(self) -> None:
        """Under a pointer that stays lies another value, or none, once another image has come."""
        here = QPointF(self.mapFromGlobal(QCursor.pos()))
        self._workbench.session.point_at(self._image_point(here) if self.underMouse() else None)

    def _fail(self, error: ViewerError) -> None:
        self._image.set_frame(None)
        self._message = str(error)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw image, overlay, marks and texts."""
        painter = QPainter(self)
        view = QRectF(self.rect())
        painter.fillRect(view, Qt.GlobalColor.black)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._workbench.session.shown is None:
            self._paint_words(painter, view, _empty_words())
        elif self._image.frame is None:
            self._paint_words(painter, view, self._message)
            self._paint_texts(painter, view, None)
        else:
            self._paint_frame(painter, view)
        painter.end()

    def _paint_frame(self, painter: QPainter, view: QRectF) -> None:
        session = self._workbench.session
        transform = self.transform_now()
        assert transform is not None
        affine = transform.view_from_image
        shown = self._view
        self._image.paint(painter, affine, transform.zoom, shown, view)
        frame = self._image.presented(shown)
        assert frame is not None
        if shown.shutter:
            paint_shutter(painter, affine, frame)
        if shown.file_overlays:
            self._overlays.paint(painter, affine, transform.zoom, frame.overlays)
            self._state.paint(painter, affine, frame, shown)
        segments = self._placements.drawn(session, frame)
        if not self._segments.paint(painter, affine, segments, session.segments.opacity):
            QTimer.singleShot(0, self, self.update)
        maps = shown_heatmaps(self._workbench)
        colours = self._workbench.settings.values.display.colour_map
        self._heatmaps.paint(painter, affine, maps, session.overlay.opacity, colours)
        paint_sr_marks(painter, affine, drawn_marks(session, frame))
        for finding in shown_findings(session):
            selected = finding.tracking_uid == session.selected
            paint_finding(painter, affine, finding, selected)
        self._paint_drawings(painter, affine)
        self._paint_texts(painter, view, transform)
        paint_legend(painter, view, maps, colours)
        paint_segment_legend(painter, view, segments)
        if session.magnifier and session.pointer_px is not None and self.underMouse():
            point = session.pointer_px
            paint_magnifier(painter, self._image, transform, shown, point)

    def _paint_drawings(self, painter: QPainter, affine: Affine2D) -> None:
        session, frame = self._workbench.session, self._image.frame
        assert frame is not None
        in_hand = self._hand.edited or self._hand.draft
        drawings = [
            one for one in session.drawings_here() if in_hand is None or one.uid != in_hand.uid
        ]
        selected = session.selected_drawing
        if in_hand is not None:
            drawings.append(measured(in_hand, frame))
            selected = in_hand.uid
        paint_drawings(painter, affine, drawings, selected, QRectF(self.rect()))

    def _paint_texts(
        self, painter: QPainter, view: QRectF, transform: ViewTransform | None
    ) -> None:
        session = self._workbench.session
        assert session.shown is not None
        presentation = self._view
        frame, voi = self._image.presented(presentation), self._image.voi(presentation)
        zoom = transform.zoom if transform else 1.0
        state = state_words(session)
        texts = corners(session.shown, frame, presentation, voi, zoom, state)
        paint_corners(painter, view, texts)
        if frame is not None and presentation.colour_map and not frame.is_colour:
            inverse = shows_low_as_white(frame) != presentation.inverted
            lines = len(texts.bottom_left)
            paint_colour_bar(painter, view, presentation.colour_map, lines, inverse=inverse)
        if frame is not None:
            paint_edges(painter, view, shown_edges(frame.edges, presentation))
            paint_scale_bar(painter, view, frame, zoom)

    def _paint_words(self, painter: QPainter, view: QRectF, words: str) -> None:
        painter.setPen(QColor(theme.MUTED))
        box = view.adjusted(40, 40, -40, -40)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Lay or take a handle, or begin a drag of the view."""
        transform, frame = self.transform_now(), self._image.frame
        if transform is None or frame is None:
            return
        point = self._image_point(event.position())
        if event.button() == Qt.MouseButton.LeftButton and point is not None:
            if self._box.press(point):
                return
            press = Press(event.position().toTuple(), point)
            if self._hand.press(press, transform.view_from_image, frame):
                self.update()
                return
        self._begin_drag(event, transform, frame)

    def _begin_drag(self, event: QMouseEvent, transform: ViewTransform, frame: Frame) -> None:
        session = self._workbench.session
        tool = tool_of(event.button(), session.tool)
        if tool is not None and session.shown is not None:
            voi = self._image.voi(session.presentation)
            self._drag = Drag(
                tool,
                event.position(),
                session.presentation,
                session.shown.position,
                transform.zoom,
                voi,
                frame,
            )

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Remember where the pointer is on the image; carry a drawing or a drag on."""
        point = self._image_point(event.position())
        self._workbench.session.point_at(point)
        if self._box.is_busy and point is not None:
            self._box.move(point)
        elif self._drag is not None:
            drag_to(self._workbench.session, self._drag, event.position())
        elif self._hand.is_busy and point is not None and self._image.frame is not None:
            down = bool(event.buttons() & Qt.MouseButton.LeftButton)
            self._hand.move(point, self._image.frame, down)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """The glass goes with the pointer."""
        self._move_glass()
        super().leaveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag, or let go of the handle."""
        self._drag = None
        self._box.release()
        if event.button() == Qt.MouseButton.LeftButton and self._image.frame is not None:
            self._hand.release(event.position().toTuple(), self._image.frame)
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """End a drawing of many handles."""
        transform, frame = self.transform_now(), self._image.frame
        point = self._image_point(event.position())
        if event.button() == Qt.MouseButton.LeftButton and transform and frame and point:
            press = Press(event.position().toTuple(), point)
            if self._hand.double_press(press, transform.view_from_image, frame):
                self.update()
                return
        self.mousePressEvent(event)

    def _ask_words(self, annotation: Annotation, frame: Frame) -> None:
        """Open the field beside the drawing's last handle."""
        transform = self.transform_now()
        if transform is not None:
            (x, y) = transform.view_from_image.apply(np.array(annotation.handles_px))[-1].tolist()
            self._words.ask(annotation, frame, QPointF(x, y))

    def _words_at(self, view_px: PointPx) -> Annotation | None:
        """The drawing whose words stand there."""
        transform, metrics = self.transform_now(), QFontMetricsF(self.font())
        if transform is None:
            return None
        here, view = self._workbench.session.drawings_here(), QRectF(self.rect())
        return words_at(QPointF(*view_px), here, transform.view_from_image, metrics, view)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc forgets the drawing in hand."""
        if event.key() == Qt.Key.Key_Escape and self._hand.is_busy:
            self._hand.cancel()
            self.update()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Over the fidelity mark: why it says what it says."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.hint_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def hint_at(self, point: QPointF) -> str:
        """What to say of this place of the view; nothing but the mark has words of its own."""
        transform, frame = self.transform_now(), self._image.frame
        if transform is None or frame is None:
            return ""
        mark = fidelity_mark(frame, transform.zoom)
        box = mark_box(mark.word, QFontMetricsF(self.font()), QRectF(self.rect()))
        return "\n".join(mark.reasons) if box.contains(point) else ""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Wheel: slices; Ctrl + wheel: zoom about the pointer."""
        session = self._workbench.session
        if session.shown is None:
            return
        self._wheel += event.angleDelta().y()
        notches = int(self._wheel / WHEEL_STEP)
        self._wheel -= notches * WHEEL_STEP
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoom_about(event.position(), ZOOM_PER_NOTCH**notches)
        elif notches:
            session.go_to(session.shown.position - notches)

    def _zoom_about(self, point: QPointF, factor: float) -> None:
        session = self._workbench.session
        transform = self.transform_now()
        if transform is None:
            return
        zoom = within(transform.zoom * factor)
        ratio = zoom / transform.zoom
        x, y = session.presentation.pan_view_px
        from_centre = point - QPointF(self.width() / 2, self.height() / 2)
        pan = (
            from_centre.x() - (from_centre.x() - x) * ratio,
            from_centre.y() - (from_centre.y() - y) * ratio,
        )
        session.present(zoom=zoom, pan_view_px=pan)

    def _image_point(self, point: QPointF) -> tuple[float, float] | None:
        transform = self.transform_now()
        if transform is None or self._image.frame is None:
            return None
        inverse = transform.view_from_image.inverse()
        ((column, row),) = inverse.apply(np.array([[point.x(), point.y()]])).tolist()
        inside = (
            -0.5 <= column < self._image.frame.columns - 0.5
            and -0.5 <= row < self._image.frame.rows - 0.5
        )
        return (column, row) if inside else None


def _empty_words() -> str:
    return _(
        "Drop a DICOM file or folder here, or choose File ▸ Open folder.\n\n"
        "File ▸ Open the demo study shows a real chest radiograph."
    )
