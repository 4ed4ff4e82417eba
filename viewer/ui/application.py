"""Application: the Qt application, the workbench and its window, started and ended in order."""

import gc
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from viewer import __version__
from viewer.app.compose import compose
from viewer.app.jobs import ThreadedRunner
from viewer.app.leftovers import remove_leftovers
from viewer.app.listening import start_network
from viewer.app.open_study import open_paths
from viewer.app.session import Session
from viewer.app.settings import Settings
from viewer.app.workbench import Workbench
from viewer.base.errors import ViewerError
from viewer.base.i18n import _
from viewer.base.paths import log_folder, resource
from viewer.inference.model_store import ModelStore
from viewer.review.audit import AuditKind
from viewer.ui import error_report, theme
from viewer.ui.dialogs.qt_dialogs import QtDialogs
from viewer.ui.gui_thread import GuiThread
from viewer.ui.main_window import MainWindow

log = logging.getLogger(__name__)

PROGRAM = "secondread"
LOG_NAME = "secondread.log"
PACKAGE = __name__.split(".")[0]


def own_log(file: Path) -> logging.Handler:
    """Writes what the program itself says; libraries put UIDs and more of the images into theirs."""
    handler = logging.FileHandler(file, encoding="utf-8")
    handler.addFilter(logging.Filter(PACKAGE))
    return handler


class Application:
    """The running program; `dialogs` may be replaced by tests."""

    def __init__(
        self,
        dialogs: type[QtDialogs] = QtDialogs,
        models: ModelStore | None = None,
    ) -> None:
        log_file = log_folder() / LOG_NAME
        logging.basicConfig(
            handlers=[own_log(log_file)],
            level=logging.INFO,
            format="%(asctime)s %(levelname)s %(message)s",
        )
        self._ended = False
        self._gui = GuiThread()
        crashed = error_report.install(self._say, log_file)
        self._jobs = ThreadedRunner(self._gui.call, crashed)
        self._dialogs = dialogs
        self.workbench: Workbench = compose(self._jobs, self._make_dialogs, models)
        self.window = MainWindow(self.workbench, self._end)
        self._asker.parent = self.window
        self.workbench.log.note(AuditKind.START, detail={"version": __version__})

    def _make_dialogs(self, session: Session, settings: Settings) -> QtDialogs:
        self._asker = self._dialogs(session, settings)
        return self._asker

    def _end(self) -> None:
        """The jobs end first: what they record still has its case."""
        self._jobs.shutdown()
        if self._ended:
            return
        self._ended = True
        try:
            self.workbench.locks.release_all()
            self.workbench.log.note(AuditKind.STOP)
        except ViewerError as error:
            log.warning("the end was not recorded: %s", type(error).__name__)

    def admit(self) -> bool:
        """Whether studies may be shown: at once for a site of one, else after a login."""
        accounts = self.workbench.accounts
        if not accounts.must_log_in:
            return True
        title = _("Log in")
        return (
            self.workbench.dialogs.ask_login(title, "SecondRead", accounts, accounts.log_in)
            is not None
        )

    def _say(self, sentence: str) -> None:
        self.workbench.session.notify(sentence)

    def open(self, paths: Sequence[Path]) -> None:
        """Show the window, then open what was asked for."""
        self.window.show()
        start_network(self.workbench)
        remove_leftovers(self._jobs)
        if paths:
            open_paths(self.workbench, paths)


SWITCH_SECONDS = 0.0005
"""After this a worker must let the window have the interpreter; at Python's 5 ms a painted frame waits often."""


def make_responsive() -> None:
    """Keep the window moving while workers run; once, after start-up.

    What start-up made (modules, tables, widgets) lives as long as the program and leaves garbage collection:
    going through it takes 0.2 s, in which the window stands still.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.collect()
    gc.freeze()


def run(paths: Sequence[Path]) -> int:
    """Start the program, return its exit code when the window is closed."""
    application = QApplication([PROGRAM])
    application.setApplicationName("SecondRead")
    application.setDesktopFileName(PROGRAM)
    application.setWindowIcon(QIcon(str(resource("icons", "secondread.svg"))))
    theme.apply_theme(application)
    program = Application()
    make_responsive()
    if not program.admit():
        program.window.close()
        return 0
    program.open(paths)
    return application.exec()
