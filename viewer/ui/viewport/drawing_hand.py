"""DrawingHand: what clicks and drags of the left button do while a measuring tool is active, or on a handle."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from viewer.app import annotate
from viewer.app.workbench import Workbench
from viewer.domain.finding import PointPx
from viewer.domain.geometry import Affine2D
from viewer.domain.image import Frame
from viewer.domain.measurement import Annotation
from viewer.measure.tool import known_tools

REACH_VIEW_PX = 8.0
"""How near the pointer must come to a handle to take it."""

DRAG_VIEW_PX = 5.0
"""A movement with the button down that counts as a drag, not a click."""


@dataclass(frozen=True)
class Press:
    """Where the button went down, in view px and image px."""

    view: PointPx
    image: PointPx


AskWords = Callable[[Annotation, Frame], None]
"""Opens the field in which a drawing's words are typed."""

WordsAt = Callable[[PointPx], Annotation | None]
"""The drawing whose words stand at a point of the view."""


class DrawingHand:
    """Holds the drawing in progress: a draft with its last handle under the pointer, or a taken handle."""

    def __init__(self, workbench: Workbench, ask_words: AskWords, words_at: WordsAt) -> None:
        self._workbench = workbench
        self._ask_words = ask_words
        self._words_at = words_at
        self.draft: Annotation | None = None
        self._taken: tuple[Annotation, int] | None = None
        self._press: Press | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a drawing or a handle is in hand."""
        return self.draft is not None or self._taken is not None

    def press(self, at: Press, view_from_image: Affine2D, frame: Frame) -> bool:
        """The left button went down; whether the hand takes it."""
        self._press = at
        tool = self._workbench.session.tool
        if self.draft is not None:
            self._lay(at.image, frame)
            return True
        self._taken = self._handle_near(at.view, view_from_image)
        if self._taken is not None:
            self._workbench.session.select_drawing(self._taken[0].uid)
            return True
        named = self._words_at(at.view)
        if named is not None:
            self._workbench.session.select_drawing(named.uid)
            return True
        if isinstance(tool, str):
            self.draft = annotate.begun(tool, frame, at.image)
            if known_tools()[tool].handles.maximum == 1:
                self._finish(annotate.without_last(self.draft), frame)
            return True
        self._workbench.session.select_drawing(None)
        return False

    def move(self, to: PointPx, frame: Frame, button_down: bool) -> None:
        """The pointer moved: the handle in hand follows."""
        if self._taken is not None:
            annotation, index = self._taken
            moved = annotate.with_moved(annotation, index, to, frame)
            self._taken = (moved, index)
        elif self.draft is not None:
            traced = annotate.tool_of(self.draft).handles.traced
            if traced and button_down:
                self.draft = annotate.with_handle(self.draft, to, frame)
            else:
                last = len(self.draft.handles_px) - 1
                self.draft = annotate.with_moved(self.draft, last, to, frame)

    def release(self, view: PointPx, frame: Frame) -> None:
        """The button went up: a taken handle stays there, a drag lays the second handle."""
        if self._taken is not None:
            annotation, _index = self._taken
            self._taken = None
            annotate.keep(self._workbench, annotate.measured(annotation, frame))
        elif self.draft is not None and self._press is not None:
            dragged = float(np.hypot(*np.subtract(view, self._press.view))) > DRAG_VIEW_PX
            if annotate.tool_of(self.draft).handles.traced:
                self._finish(self.draft, frame)
            elif dragged:
                self._lay(self.draft.handles_px[-1], frame)
        self._press = None

    def double_press(self, at: Press, view_from_image: Affine2D, frame: Frame) -> bool:
        """End a drawing of many handles; else edit corners or words. Whether there was anything to do."""
        if self.draft is not None:
            self._finish(annotate.without_last(self.draft), frame)
            return True
        named = self._words_at(at.view)
        if named is None:
            changed = self._other_corners(at, view_from_image)
            if changed is not None:
                annotate.keep(self._workbench, annotate.measured(changed, frame))
                return True
            near = self._handle_near(at.view, view_from_image)
            named = None if near is None else near[0]
        if named is not None:
            self._ask_words(named, frame)
        return named is not None

    def _other_corners(self, at: Press, view_from_image: Affine2D) -> Annotation | None:
        """A region of corners without the one under the pointer, or with one more on its edge."""
        near = self._handle_near(at.view, view_from_image)
        if near is not None:
            annotation, index = near
            may = annotate.tool_of(annotation).handles.may_lose(len(annotation.handles_px))
            return annotate.without_corner(annotation, index) if may else None
        for drawing in reversed(self._workbench.session.drawings_here()):
            annotation = drawing.annotation
            if annotate.tool_of(annotation).handles.maximum is None:
                edge = _edge_near(at.view, annotation, view_from_image)
                if edge is not None:
                    return annotate.with_corner(annotation, edge + 1, at.image)
        return None

    def cancel(self) -> None:
        """Forget what is in hand."""
        self.draft = None
        self._taken = None

    @property
    def edited(self) -> Annotation | None:
        """The annotation whose handle is in hand, as it would become."""
        return None if self._taken is None else self._taken[0]

    def _lay(self, at: PointPx, frame: Frame) -> None:
        """Fix the handle under the pointer; the next one follows, or the drawing is whole."""
        assert self.draft is not None
        last = len(self.draft.handles_px) - 1
        laid = annotate.with_completion(annotate.with_moved(self.draft, last, at, frame), frame)
        if annotate.tool_of(laid).handles.is_full(len(laid.handles_px)):
            self._finish(laid, frame)
        else:
            self.draft = annotate.with_handle(laid, at, frame)

    def _finish(self, whole: Annotation, frame: Frame) -> None:
        self.draft = None
        rule = annotate.tool_of(whole).handles
        if not rule.allows(len(whole.handles_px)):
            return
        annotate.keep_words(self._workbench, whole, frame)
        if rule.words:
            self._ask_words(whole, frame)

    def _handle_near(
        self, view: PointPx, view_from_image: Affine2D
    ) -> tuple[Annotation, int] | None:
        for drawing in reversed(self._workbench.session.drawings_here()):
            handles = np.array(drawing.annotation.handles_px, np.float64)
            distances = np.hypot(*(view_from_image.apply(handles) - view).T)
            nearest = int(distances.argmin())
            if distances[nearest] <= REACH_VIEW_PX:
                return drawing.annotation, nearest
        return None


def _edge_near(view: PointPx, annotation: Annotation, view_from_image: Affine2D) -> int | None:
    """The number of the handle after which the outline passes the point, within reach."""
    starts = view_from_image.apply(np.array(annotation.handles_px, np.float64))
    edges = np.roll(starts, -1, axis=0) - starts
    to_point = np.asarray(view, np.float64) - starts
    squares = np.maximum((edges**2).sum(axis=1), np.finfo(np.float64).tiny)
    along = np.clip((to_point * edges).sum(axis=1) / squares, 0.0, 1.0)
    distances = np.hypot(*(to_point - along[:, np.newaxis] * edges).T)
    nearest = int(distances.argmin())
    return nearest if distances[nearest] <= REACH_VIEW_PX else None
