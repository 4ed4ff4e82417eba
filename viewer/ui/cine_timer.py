"""CineTimer: asks for the next frame while a film runs."""

from time import monotonic

from PySide6.QtCore import QObject, Qt, QTimer

from viewer.app.play import step
from viewer.app.workbench import Workbench

SHORTEST_TICK_MS = 8
"""Faster than this no screen shows frames."""


class CineTimer(QObject):
    """Runs only while the session has a film."""

    def __init__(self, parent: QObject, workbench: Workbench) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(lambda: step(workbench, monotonic()))
        workbench.session.events.cine.subscribe(lambda _none: self._follow())

    @property
    def is_running(self) -> bool:
        """Whether it ticks."""
        return self._timer.isActive()

    def _follow(self) -> None:
        playing = self._workbench.session.cine
        if playing is None:
            self._timer.stop()
        else:
            self._timer.start(max(round(1000 / playing.rate), SHORTEST_TICK_MS))
