"""GuiThread: the only way onto the GUI thread, one long-lived object that carries calls."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot


class GuiThread(QObject):
    """Made on the GUI thread; `call` may be used from any thread."""

    _called = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._called.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def call(self, function: Callable[[], None]) -> None:
        """Run `function` on the GUI thread, soon, in order of the calls."""
        self._called.emit(function)

    @Slot(object)
    def _run(self, function: Callable[[], None]) -> None:
        function()
