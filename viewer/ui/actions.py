"""Actions: one QAction a command; menus and toolbar follow from the topics, states from the session.

The states follow an event in the next turn of the loop, once for many events, and before any key: one that is
pressed at once finds its command as it stands now. `run` asks again before it acts.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar

from viewer.app.command import topics
from viewer.app.commands.window import PRESET_KEYS, preset_of
from viewer.app.shortcuts import keys_in_force
from viewer.app.topic import Command
from viewer.app.workbench import Workbench
from viewer.ui import theme


class _BeforeKeys(QObject):
    """Calls `ready` before a key of the window is looked up among the shortcuts."""

    def __init__(self, window: QMainWindow, ready: Callable[[], None]) -> None:
        super().__init__(window)
        self._ready = ready
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Watch only."""
        if event.type() is QEvent.Type.ShortcutOverride:
            self._ready()
        return super().eventFilter(watched, event)


class Actions:
    """All actions of the window."""

    def __init__(self, window: QMainWindow, workbench: Workbench) -> None:
        self._workbench = workbench
        self._actions: list[tuple[Command, QAction]] = []
        self.menus: dict[str, QMenu] = {}
        self.by_key: dict[str, QAction] = {}
        for topic in topics().values():
            menu = window.menuBar().addMenu(topic.title)
            self.menus[topic.key] = menu
            for place, command in enumerate(topic.commands):
                if place in topic.group_starts:
                    menu.addSeparator()
                menu.addAction(self._make(window, command))
        self._soon = QTimer(window, interval=0, singleShot=True)
        self._soon.timeout.connect(self.refresh)
        self._before_keys = _BeforeKeys(window, self._catch_up)
        events = workbench.session.events
        for event in (
            events.shown,
            events.presentation,
            events.case,
            events.overlay,
            events.selection,
            events.runs,
            events.progress,
            events.drawings,
            events.cine,
            events.segments,
            events.user,
        ):
            event.subscribe(lambda _none: self._soon.start())
        workbench.settings.changed.subscribe(lambda _values: self._set_keys())
        self._set_keys()
        self.refresh()

    def _catch_up(self) -> None:
        if self._soon.isActive():
            self._soon.stop()
            self.refresh()

    def _set_keys(self) -> None:
        """The keys in force, and tooltips that name them."""
        keys = keys_in_force(self._workbench.settings.values.shortcuts)
        for command, action in self._actions:
            now = keys[command.key]
            action.setShortcuts([QKeySequence(key) for key in now])
            action.setToolTip(f"{command.title}  ({now[0]})" if now else command.title)

    def _make(self, window: QMainWindow, command: Command) -> QAction:
        action = QAction(command.title, window)
        if command.icon:
            action.setIcon(theme.icon(command.icon))
        action.setCheckable(command.checked is not None)
        action.triggered.connect(lambda _checked=False: self.run(command))
        self._actions.append((command, action))
        self.by_key[command.key] = action
        return action

    def run(self, command: Command) -> None:
        """Do it, if it is possible now; errors go to the exception hook, which says them."""
        try:
            locked = self._workbench.session.presence.locked
            if not locked and command.enabled(self._workbench):
                command.act(self._workbench)
        finally:
            self.refresh()

    def fill(self, toolbar: QToolBar) -> None:
        """Put the commands that ask for it on the toolbar, topics apart."""
        topic = ""
        for command, action in self._actions:
            if command.toolbar:
                if topic and not command.key.startswith(topic):
                    toolbar.addSeparator()
                topic = command.key.split(".")[0]
                toolbar.addAction(action)

    def refresh(self) -> None:
        """Show what is possible and what is on."""
        for command, action in self._actions:
            action.setEnabled(command.enabled(self._workbench))
            if command.checked is not None:
                action.setChecked(command.checked(self._workbench))
        for number in PRESET_KEYS:
            preset = preset_of(self._workbench, number)
            action = self.by_key[f"window.preset_{number}"]
            action.setVisible(preset is not None)
            if preset is not None:
                action.setText(preset.name)
