"""WorklistPanel: open studies and cases of earlier sessions in the order of reading, each with its state."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from viewer.app.earlier import load_earlier, open_earlier, where_words
from viewer.app.open_study import show_display_set
from viewer.app.workbench import Workbench
from viewer.app.worklist import WorkItem, run_on_all, work_items
from viewer.base.i18n import _
from viewer.domain.readable import readable_date, readable_name
from viewer.review.reading import ReadingMode
from viewer.store.earlier import EarlierCase
from viewer.ui import theme
from viewer.ui.panels.fields import CHOOSING, heading, muted

LEAVING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


class WorklistPanel(QWidget):
    """Built anew when a case, a run or the list of studies changes; a click shows an open study, a double
    click opens the files of another one again. By keys: arrows, Enter; leave: gives the keyboard back."""

    def __init__(self, workbench: Workbench, leave: Callable[[], None]) -> None:
        super().__init__()
        self._workbench = workbench
        self._items: tuple[WorkItem, ...] = ()
        self._order = muted("")
        self._list = KeyedList(self._take, leave)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setAccessibleName(_("Worklist"))
        self._list.setWordWrap(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.itemClicked.connect(lambda _clicked: self._show())
        self._list.itemDoubleClicked.connect(lambda _clicked: self._open_again())
        self._run = QPushButton(_("Run AI on all"))
        self._run.setToolTip(_("Run the models that apply on every study of the list"))
        self._run.clicked.connect(lambda: run_on_all(workbench))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 4, 8)
        for widget in (heading(_("WORKLIST")), self._order):
            layout.addWidget(widget)
        layout.addWidget(self._list, 1)
        layout.addWidget(self._run)
        events = workbench.session.events
        for event in (events.index, events.case, events.runs, events.shown, events.earlier):
            event.subscribe(lambda _none: self.rebuild())
        self.rebuild()

    def showEvent(self, event: QShowEvent) -> None:
        """What other sessions and workstations have left may have changed since."""
        super().showEvent(event)
        load_earlier(self._workbench)

    def take_focus(self) -> None:
        """Let arrows choose a line and Enter open it, until Esc."""
        if self._list.currentRow() < 0:
            self._list.setCurrentRow(0)
        self._list.setFocus()

    def rebuild(self) -> None:
        """List what is open, and what is kept, as it now stands."""
        session = self._workbench.session
        ai_first = session.reading_mode is ReadingMode.AI_FIRST
        by_ai = _("By state, then how far a score lies above its threshold.")
        self._order.setText(by_ai if ai_first else _("By your own acts; AI never moves a line."))
        self._run.setVisible(ai_first)
        chosen = self._chosen()
        self._items = work_items(self._workbench)
        self._list.clear()
        for item in self._items:
            self._list.addItem(_line(item))
        shown = None if session.shown is None else session.shown.study
        keep = chosen.study if chosen is not None and self._list.hasFocus() else shown
        places = [place for place, item in enumerate(self._items) if item.study == keep]
        self._list.setCurrentRow(places[0] if places else -1)

    def _chosen(self) -> WorkItem | None:
        row = self._list.currentRow()
        return self._items[row] if 0 <= row < len(self._items) else None

    def _take(self) -> None:
        """Enter: what a click and what a double click does; the keyboard goes back to the image."""
        if self._chosen() is not None:
            self._show()
            self._open_again()

    def _show(self) -> None:
        """A kept case stays silent: a notice would move the list under the second click."""
        item = self._items[self._list.currentRow()]
        if item.earlier is None and item.study.display_sets:
            show_display_set(self._workbench, item.study, item.study.display_sets[0])

    def _open_again(self) -> None:
        item = self._items[self._list.currentRow()]
        if item.earlier is not None:
            open_earlier(self._workbench, item.earlier)


class KeyedList(QListWidget):
    """A list that takes arrows, Enter and Esc while it has the keyboard; no other way leads the keyboard there.

    leave: called on Enter and Esc, gives the keyboard to the image. take: called on Enter, then.
    """

    def __init__(self, take: Callable[[], None], leave: Callable[[], None]) -> None:
        super().__init__()
        self._take = take
        self._leave = leave

    def event(self, event: QEvent) -> bool:
        """Claim the keys that would otherwise move through the slices."""
        asked = event if event.type() == QEvent.Type.ShortcutOverride else None
        if isinstance(asked, QKeyEvent) and asked.key() in (*CHOOSING, *LEAVING):
            asked.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose; Enter opens; Esc only leaves."""
        if event.key() not in LEAVING:
            super().keyPressEvent(event)
            return
        self._leave()
        if event.key() != Qt.Key.Key_Escape:
            self._take()


def _line(item: WorkItem) -> QListWidgetItem:
    line = QListWidgetItem(_words(item))
    if item.earlier is not None:
        line.setForeground(QColor(theme.MUTED))
        places = "\n".join(item.earlier.paths)
        line.setToolTip("\n".join(part for part in (where_words(item.earlier), places) if part))
    return line


def _words(item: WorkItem) -> str:
    study, earlier = item.study, item.earlier
    told = f"{readable_date(study.date)}  {study.description}".strip()
    kept = () if earlier is None else (_last_act(earlier), _("files not open"))
    lines = (readable_name(study.patient.name), told, item.words, *kept)
    return "\n".join(line for line in lines if line)


def _last_act(earlier: EarlierCase) -> str:
    """Who acted last and when, and who has it open elsewhere."""
    since = "" if earlier.since is None else f"{earlier.since:%Y-%m-%d %H:%M}"
    open_at = _("in use by {reader}").format(reader=earlier.holder) if earlier.holder else ""
    return ", ".join(part for part in (earlier.reader, since, open_at) if part)
