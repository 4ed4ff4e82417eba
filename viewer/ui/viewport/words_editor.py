"""WordsEditor: the words of a drawing, typed where they stand on the image."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from viewer.app import annotate
from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.domain.image import Frame
from viewer.domain.measurement import Annotation

WIDTH_PX = 260
KEPT_KEYS = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)
"""Keys that mean something here, whatever command they have elsewhere."""


class WordsEditor(QLineEdit):
    """Hidden until a drawing asks for words. Enter and leaving keep them, Esc forgets what was typed."""

    def __init__(self, parent: QWidget, workbench: Workbench) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._view = parent
        self._asked: tuple[Annotation, Frame] | None = None
        self.setPlaceholderText(_("Words for this drawing"))
        self.setAccessibleName(_("Words on the image"))
        self.setFixedWidth(WIDTH_PX)
        self.hide()

    def ask(self, annotation: Annotation, frame: Frame, at: QPointF) -> None:
        """Open beside a point of the view, with the words there are."""
        self._asked = (annotation, frame)
        self.setText(annotation.text)
        place = self._view.rect().adjusted(0, 0, -self.width(), -self.sizeHint().height())
        x = min(max(round(at.x()), place.left()), place.right())
        y = min(max(round(at.y()), place.top()), place.bottom())
        self.move(x, y)
        self.show()
        self.selectAll()
        self.setFocus()

    def forget(self) -> None:
        """Close without keeping anything: another image comes to the screen."""
        self._asked = None
        self.hide()

    def keep(self) -> None:
        """Close and keep the words; a text without any is not kept."""
        if self._asked is None:
            return
        (annotation, frame), words = self._asked, self.text().strip()
        self.forget()
        self._view.setFocus()
        annotate.keep_words(self._workbench, replace(annotation, text=words), frame)

    def event(self, event: QEvent) -> bool:
        """Claim Enter and Esc before the shortcuts of the window get them."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() in KEPT_KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter keeps, Esc forgets; all else is typing."""
        if event.key() == Qt.Key.Key_Escape:
            self.forget()
            self._view.setFocus()
        elif event.key() in KEPT_KEYS:
            self.keep()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The reader went on: what was typed stays."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.keep()
