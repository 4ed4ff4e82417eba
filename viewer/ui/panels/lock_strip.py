"""LockStrip: says above the image that another reader has the case, with the button to take it over."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from viewer.app.commands import account
from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.store.lock_rows import held_words
from viewer.ui import theme


class LockStrip(QWidget):
    """There only while the case on the screen is another reader's."""

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self._workbench = workbench
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(f"LockStrip, LockStrip QLabel {{ background: {theme.RAISED}; }}")
        self._words = QLabel()
        self._words.setWordWrap(True)
        take = QPushButton(_("Take over…"))
        take.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        take.clicked.connect(lambda: account.take_over(workbench))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 8, 4)
        row.addWidget(self._words, 1)
        row.addWidget(take)
        for event in (workbench.session.events.case, workbench.session.events.shown):
            event.subscribe(lambda _none: self._follow())
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return "" if self.isHidden() else self._words.text()

    def _follow(self) -> None:
        shown = self._workbench.session.shown
        holder = None if shown is None else self._workbench.session.presence.holder(shown.study)
        if holder is not None:
            self._words.setText(held_words(holder))
        self.setVisible(holder is not None)
