"""StackView: the viewport with a slider through its slices, hidden for a single image."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollBar, QWidget

from viewer.app.session import Session
from viewer.base.i18n import _
from viewer.ui.viewport.viewport import Viewport


class StackView(QWidget):
    """The slider follows the session, and the session the slider."""

    def __init__(self, session: Session, viewport: Viewport) -> None:
        super().__init__()
        self._session = session
        self.slider = QScrollBar(Qt.Orientation.Vertical)
        self.slider.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.slider.setAccessibleName(_("Slice"))
        self.slider.valueChanged.connect(session.go_to)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(viewport, 1)
        layout.addWidget(self.slider)
        session.events.shown.subscribe(lambda _none: self._follow())
        self._follow()

    def _follow(self) -> None:
        shown = self._session.shown
        count = len(shown.display_set.frames) if shown else 1
        self.slider.setVisible(count > 1)
        self.slider.blockSignals(True)
        self.slider.setRange(0, count - 1)
        self.slider.setPageStep(max(count // 10, 1))
        self.slider.setValue(shown.position if shown else 0)
        self.slider.blockSignals(False)
