"""Attendance: locks the screen when nobody sits there, and says to other workstations that the program lives."""

from time import monotonic

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from viewer.app.case_locks import beat
from viewer.app.workbench import Workbench

LOOK_MS = 5_000
"""How often it is asked whether somebody still sits there."""

BEAT_MS = 20_000
"""How often the locks of cases are renewed and asked for; a takeover is told within this time."""

SECONDS_A_MINUTE = 60
_SIGNS_OF_LIFE = (
    QEvent.Type.KeyPress,
    QEvent.Type.MouseMove,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.Wheel,
)


class Attendance(QObject):
    """Two timers of the window; it dies with it."""

    def __init__(self, parent: QObject, workbench: Workbench) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._last = monotonic()
        for interval, act in ((LOOK_MS, self.look), (BEAT_MS, lambda: beat(workbench))):
            timer = QTimer(self)
            timer.setInterval(interval)
            timer.timeout.connect(act)
            timer.start()
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def look(self) -> None:
        """Lock when the minutes of the site have passed without a key or the mouse."""
        minutes = self._workbench.settings.values.site.lock_minutes
        if minutes and monotonic() - self._last >= minutes * SECONDS_A_MINUTE:
            self._workbench.accounts.lock()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Every key and movement of the mouse counts; none is held back."""
        if event.type() in _SIGNS_OF_LIFE:
            self._last = monotonic()
        return super().eventFilter(watched, event)
