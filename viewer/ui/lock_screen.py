"""LockScreen: hides images and findings until a password is given; by command, or when nobody sits there."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLabel,
    QMainWindow,
    QPushButton,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.ui.dialogs.credentials import CredentialsForm
from viewer.ui.panels.fields import muted

FORM_PX = 340


class LockScreen(QWidget):
    """Covers the whole window; unlocked by the same user or by another one, who is then logged in."""

    def __init__(self, window: QMainWindow, workbench: Workbench) -> None:
        super().__init__(window)
        self._window = window
        self._workbench = workbench
        self._hidden: list[QWidget] = []
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title = QLabel()
        self._title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._form = CredentialsForm("", workbench.accounts.users.wait_s)
        self._unlock = QPushButton(_("Unlock"))
        self._unlock.setProperty("primary", True)
        self._unlock.clicked.connect(self._try)
        box = QWidget()
        box.setFixedWidth(FORM_PX)
        inner = QVBoxLayout(box)
        for widget in (self._title, self._form, self._unlock):
            inner.addWidget(widget)
        inner.addWidget(muted(_("What was decided is saved. Running models go on.")))
        layout = QVBoxLayout(self)
        layout.addWidget(box, 0, Qt.AlignmentFlag.AlignCenter)
        self._form.changed.connect(lambda: self._unlock.setEnabled(self._form.ready))
        self._form.entered.connect(self._try)
        window.installEventFilter(self)
        workbench.session.events.user.subscribe(lambda _none: self._follow())
        self.hide()

    def _follow(self) -> None:
        locked = self._workbench.session.presence.locked
        if locked and not self.isVisibleTo(self._window):
            self._cover()
        elif not locked and self.isVisibleTo(self._window):
            self._uncover()

    def _cover(self) -> None:
        user = self._workbench.accounts.user
        words = _("Locked: {name}").format(name=user.printed_name) if user else _("Locked")
        self._title.setText(f"<h3>{words}</h3>")
        self._hide_others()
        self._form.clear(self._workbench.accounts.suggested_name)
        self._unlock.setEnabled(False)
        self._fit()
        self.show()
        self.raise_()

    def _hide_others(self) -> None:
        """Other windows of the program show patients too; questions that wait are given up, like by Esc."""
        for other in QApplication.topLevelWidgets():
            if other is self._window or not other.isVisible():
                continue
            if isinstance(other, QDialog) and other.isModal():
                other.reject()
            else:
                self._hidden.append(other)
                other.hide()
        for part in self._parts():
            part.hide()

    def _parts(self) -> list[QWidget]:
        """All of the window beside this screen; hidden parts take no key either."""
        window = self._window
        bars: list[QWidget] = list(window.findChildren(QToolBar))
        middle = window.centralWidget()
        parts: list[QWidget] = [window.menuBar(), *bars, window.statusBar()]
        return parts if middle is None else [*parts, middle]

    def _uncover(self) -> None:
        for part in self._parts():
            part.show()
        for other in self._hidden:
            other.show()
        self._hidden.clear()
        self.hide()

    def _try(self) -> None:
        self._form.attempt(self._workbench.accounts.unlock)

    def _fit(self) -> None:
        self.setGeometry(self._window.rect())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the window."""
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)
