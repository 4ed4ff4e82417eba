"""MainWindow: studies left, image in the middle, findings right; menus, toolbar, strip, status bar."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QPushButton,
    QSplitter,
    QTabWidget,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from viewer.app.import_model import is_model, take_in
from viewer.app.open_study import open_paths
from viewer.app.workbench import Workbench
from viewer.base.errors import ViewerError
from viewer.base.i18n import _
from viewer.ui import theme
from viewer.ui.actions import Actions
from viewer.ui.attendance import Attendance
from viewer.ui.cine_timer import CineTimer
from viewer.ui.lock_screen import LockScreen
from viewer.ui.panels.findings import FindingsPanel
from viewer.ui.panels.lock_strip import LockStrip
from viewer.ui.panels.study_browser import StudyBrowser
from viewer.ui.panels.worklist import WorklistPanel
from viewer.ui.side_panels import SidePanels
from viewer.ui.status_bar import StatusBar
from viewer.ui.viewport.stack_view import StackView
from viewer.ui.viewport.viewport import Viewport
from viewer.ui.window_actions import add_window_actions

LEFT_PX, RIGHT_PX = 250, 330


class MainWindow(QMainWindow):
    """The one window of the program; files may be dropped anywhere on it.

    on_close: called when it has closed.
    """

    def __init__(self, workbench: Workbench, on_close: Callable[[], None]) -> None:
        super().__init__()
        self._on_close = on_close
        self.setWindowTitle("SecondRead")
        self.resize(1440, 900)
        self.viewport = Viewport(workbench)
        self.stack = StackView(workbench.session, self.viewport)
        self.browser = StudyBrowser(workbench)
        self.worklist = WorklistPanel(workbench, self.viewport.setFocus)
        self.left = QTabWidget()
        self.left.setDocumentMode(True)
        self.left.tabBar().setDrawBase(False)
        self.left.addTab(self.browser, _("Studies"))
        self.left.addTab(self.worklist, _("Worklist"))
        self.findings = FindingsPanel(workbench)
        self.strip = Strip()
        self._workbench = workbench
        self.setAcceptDrops(True)
        self.setCentralWidget(self._middle())
        self.actions_of = Actions(self, workbench)
        sides = SidePanels(self.left, self.worklist, self.findings)
        add_window_actions(self, self.viewport, self.actions_of.menus, sides, workbench)
        self.addToolBar(self._toolbar())
        self.setStatusBar(StatusBar(workbench))
        self.cine_timer = CineTimer(self, workbench)
        self.viewport.setFocus()
        workbench.session.events.notice.subscribe(self.strip.say)
        self.lock_screen = LockScreen(self, workbench)
        self.attendance = Attendance(self, workbench)

    def _middle(self) -> QWidget:
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        for widget in (self.left, self.stack, self.findings):
            self.splitter.addWidget(widget)
        self.splitter.setSizes([LEFT_PX, 1440 - LEFT_PX - RIGHT_PX, RIGHT_PX])
        self.splitter.setStretchFactor(0, 0)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setStretchFactor(2, 0)
        self.splitter.setHandleWidth(1)
        middle = QWidget()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.lock_strip = LockStrip(self._workbench)
        layout.addWidget(self.strip)
        layout.addWidget(self.lock_strip)
        layout.addWidget(self.splitter, 1)
        return middle

    def _toolbar(self) -> QToolBar:
        toolbar = QToolBar(_("Tools"))
        toolbar.setMovable(False)
        toolbar.setIconSize(QSize(theme.ICON_PX, theme.ICON_PX))
        toolbar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.actions_of.fill(toolbar)
        return toolbar

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders, wherever they are dropped."""
        if event.mimeData().hasUrls() and not self._workbench.session.presence.locked:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped; a model is taken in."""
        urls = event.mimeData().urls()
        paths = tuple(Path(url.toLocalFile()) for url in urls if url.isLocalFile())
        if not paths:
            return
        event.acceptProposedAction()
        if len(paths) == 1 and is_model(paths[0]):
            self._take_in(paths[0])
        else:
            open_paths(self._workbench, paths)

    def _take_in(self, path: Path) -> None:
        try:
            take_in(self._workbench, path)
        except ViewerError as error:
            self._workbench.session.fail(error)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Decisions are stored as they are made; only typed text may still wait."""
        self.findings.save()
        super().closeEvent(event)
        self._on_close()


class Strip(QWidget):
    """A quiet line above the image for what the reader should know; it never takes the keyboard."""

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(f"Strip, Strip QLabel {{ background: {theme.RAISED}; }}")
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        close = QPushButton(_("Dismiss"))
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 8, 4)
        row.addWidget(self._words, 1)
        row.addWidget(close)
        self.hide()

    @property
    def text(self) -> str:
        """What it says, whether or not it is dismissed."""
        return self._words.text()

    def say(self, sentence: str) -> None:
        """Show a sentence until the next one, or until it is dismissed."""
        self._words.setText(sentence)
        self.setVisible(bool(sentence))
