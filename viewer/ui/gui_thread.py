"""GuiThread: the only way onto the GUI thread, one long-lived object that carries calls."""

import time
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

TURN_S = 0.008
"""Once calls have taken this long, those that wait let input, timers and painting come first."""


class GuiThread(QObject):
    """Made on the GUI thread; `call` may be used from any thread."""

    _called = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[Callable[[], None]] = deque()
        self._next_turn = QTimer(self, interval=0, singleShot=True)
        self._next_turn.timeout.connect(self._run)
        self._called.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def call(self, function: Callable[[], None]) -> None:
        """Run `function` on the GUI thread, soon, in order of the calls."""
        self._waiting.append(function)
        self._called.emit()

    @Slot()
    def _run(self) -> None:
        """The calls that wait, for one turn; one that fails keeps none of the others from running."""
        if self._next_turn.isActive():
            return
        end = time.perf_counter() + TURN_S
        try:
            while self._waiting and time.perf_counter() < end:
                self._waiting.popleft()()
        finally:
            if self._waiting:
                self._next_turn.start()
