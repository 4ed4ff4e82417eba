"""WorklistPanel: the open studies in the order in which they are to be read, each with its state."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from viewer.app.open_study import show_display_set
from viewer.app.workbench import Workbench
from viewer.app.worklist import WorkItem, run_on_all, work_items
from viewer.base.i18n import _
from viewer.domain.readable import readable_date, readable_name
from viewer.review.reading import ReadingMode
from viewer.ui.panels.fields import heading, muted


class WorklistPanel(QWidget):
    """Built anew when a case, a run or the list of studies changes; a click shows the study."""

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self._workbench = workbench
        self._items: tuple[WorkItem, ...] = ()
        self._order = muted("")
        self._list = QListWidget()
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setAccessibleName(_("Worklist"))
        self._list.setWordWrap(True)
        self._list.itemClicked.connect(self._open)
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
        for event in (events.index, events.case, events.runs, events.shown):
            event.subscribe(lambda _none: self.rebuild())
        self.rebuild()

    def rebuild(self) -> None:
        """List what is open as it now stands."""
        session = self._workbench.session
        ai_first = session.reading_mode is ReadingMode.AI_FIRST
        by_ai = _("By state, then how far a score lies above its threshold.")
        self._order.setText(by_ai if ai_first else _("By your own acts; AI never moves a line."))
        self._run.setVisible(ai_first)
        self._items = work_items(self._workbench)
        self._list.clear()
        for item in self._items:
            self._list.addItem(QListWidgetItem(_words(item)))
            if session.shown is not None and session.shown.study == item.study:
                self._list.setCurrentRow(self._list.count() - 1)

    def _open(self, _clicked: QListWidgetItem) -> None:
        study = self._items[self._list.currentRow()].study
        if study.display_sets:
            show_display_set(self._workbench, study, study.display_sets[0])


def _words(item: WorkItem) -> str:
    study = item.study
    told = f"{readable_date(study.date)}  {study.description}".strip()
    return "\n".join(part for part in (readable_name(study.patient.name), told, item.words) if part)
