"""DocumentWindow: a document of one patient beside the main window; it leaves when another patient comes."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from viewer.app.session import Session
from viewer.base.i18n import _
from viewer.domain.study import Study
from viewer.ui import theme
from viewer.ui.panels.fields import muted

SIZE_PX = (620, 720)
PLACE_PX = (8, 60)
"""Over the studies at the left of the main window, so that the image stays in view."""


class DocumentWindow(QDialog):
    """Warns while images of another patient are on the screen, and closes when they come later.

    The title names no patient: window titles are seen by other programs.
    """

    def __init__(self, parent: QWidget | None, session: Session, study: Study, title: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*SIZE_PX)
        if parent is not None:
            self.move(parent.mapToGlobal(QPoint(*PLACE_PX)))
        self._session = session
        self._patient = study.patient.key
        self._beside = self._on_screen()
        self._warning = muted(_("⚠ The images on the screen are of another patient."))
        self._warning.setStyleSheet(f"color: {theme.WARNING}; font-weight: 600;")
        self.column = QVBoxLayout(self)
        self.column.addWidget(self._warning)
        self._stop = session.events.shown.subscribe(lambda _none: self._follow())
        self._warn()

    @property
    def is_warning(self) -> bool:
        """Whether it says that the images are of another patient."""
        return not self._warning.isHidden()

    def _on_screen(self) -> tuple[str, ...] | None:
        shown = self._session.shown
        return shown.study.patient.key if shown else None

    def _follow(self) -> None:
        now = self._on_screen()
        if now == self._beside:
            return
        self._beside = now
        if now not in (None, self._patient):
            self.close()
        self._warn()

    def _warn(self) -> None:
        self._warning.setVisible(self._beside not in (None, self._patient))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Listen no more."""
        self._end()
        super().closeEvent(event)

    def reject(self) -> None:
        """Esc closes."""
        self._end()
        super().reject()

    def _end(self) -> None:
        stop, self._stop = self._stop, _nothing
        stop()


def _nothing() -> None:
    """Already ended."""
