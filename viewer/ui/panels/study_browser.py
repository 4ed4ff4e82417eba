"""StudyBrowser: patients, studies and series with thumbnails; search above, problems below."""

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from viewer.app.ai_state import ai_states
from viewer.app.open_object import open_object
from viewer.app.open_study import cancel_opening, show_display_set
from viewer.app.session import display_title
from viewer.app.workbench import Workbench
from viewer.base.i18n import _, plural
from viewer.domain.display_set import DisplaySet
from viewer.domain.finding import RunState
from viewer.domain.readable import readable_date, readable_name
from viewer.domain.study import Study
from viewer.ui import theme
from viewer.ui.panels.fields import heading, muted
from viewer.ui.panels.object_items import object_item
from viewer.ui.panels.thumbnails import Thumbnails

THUMBNAIL_PX = 64
PLACE = Qt.ItemDataRole.UserRole
"""Item data: (study index, display set index) in the session's index."""

OBJECT = Qt.ItemDataRole.UserRole + 1
"""Item data: (study index, object index) in the session's index."""


class StudyBrowser(QWidget):
    """The left panel."""

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self._workbench = workbench
        self._thumbnails = Thumbnails(workbench, self._set_icon)
        self._items: dict[str, QTreeWidgetItem] = {}
        self._search = QLineEdit()
        self._search.setPlaceholderText(_("Search patient, ID, study…"))
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._filter)
        self._tree = QTreeWidget()
        self._tree.setHeaderHidden(True)
        self._tree.setIndentation(10)
        self._tree.setIconSize(QSize(THUMBNAIL_PX, THUMBNAIL_PX))
        self._tree.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._tree.setAccessibleName(_("Studies"))
        self._tree.itemClicked.connect(self._open)
        self._problems = muted("")
        self._problems.linkActivated.connect(lambda _link: self._show_problems())
        self._build()
        events = workbench.session.events
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self._fill)
        events.index.subscribe(lambda _none: self._soon.start())
        events.shown.subscribe(lambda _none: self._select_shown())
        events.progress.subscribe(lambda _none: self._show_progress())
        for event in (events.runs, events.case):
            event.subscribe(lambda _none: self._badge_all())

    def _build(self) -> None:
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setMaximumHeight(5)
        self._cancel = QPushButton(_("Cancel"))
        self._cancel.clicked.connect(lambda: cancel_opening(self._workbench))
        self._opening = QWidget()
        row = QHBoxLayout(self._opening)
        row.setContentsMargins(0, 0, 0, 0)
        words = QLabel(_("Opening…"))
        row.addWidget(words)
        row.addWidget(self._progress, 1)
        row.addWidget(self._cancel)
        self._opening.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 4, 8)
        for widget in (heading(_("STUDIES")), self._search, self._opening):
            layout.addWidget(widget)
        layout.addWidget(self._tree, 1)
        layout.addWidget(self._problems)

    def _fill(self) -> None:
        """Show the index as it now stands; thumbnails that exist are kept."""
        self._tree.clear()
        self._items = {}
        patients: dict[tuple[str, ...], QTreeWidgetItem] = {}
        for study_place, study in enumerate(self._workbench.session.index.studies):
            key = study.patient.key
            if key not in patients:
                patients[key] = self._patient_item(study)
            self._add_study(patients[key], study_place, study)
        self._tree.expandAll()
        self._tell_problems()
        self._filter(self._search.text())
        self._badge_all()
        self._select_shown()

    def _patient_item(self, study: Study) -> QTreeWidgetItem:
        patient = study.patient
        identity = "  ".join(part for part in (patient.sex, patient.patient_id) if part)
        item = QTreeWidgetItem(self._tree, [f"{readable_name(patient.name)}\n{identity}".strip()])
        font = item.font(0)
        font.setBold(True)
        item.setFont(0, font)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        return item

    def _add_study(self, parent: QTreeWidgetItem, place: int, study: Study) -> None:
        words = f"{readable_date(study.date)}  {study.description}".strip()
        item = QTreeWidgetItem(parent, [words or _("Study without description")])
        item.setToolTip(0, words)
        item.setForeground(0, QColor(theme.MUTED))
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        for set_place, display_set in enumerate(study.display_sets):
            child = QTreeWidgetItem(item, [display_title(display_set)])
            child.setData(0, PLACE, (place, set_place))
            child.setToolTip(0, "\n".join((display_title(display_set), *display_set.notes)))
            self._items[display_set.uid] = child
            self._thumbnails.want(display_set)
        for object_place, found in enumerate(study.objects):
            child = object_item(found, THUMBNAIL_PX)
            child.setData(0, OBJECT, (place, object_place))
            item.addChild(child)
        if not study.display_sets and not study.objects:
            empty = QTreeWidgetItem(item, [_("No image to show")])
            empty.setFlags(Qt.ItemFlag.NoItemFlags)

    def _set_icon(self, uid: str, pixmap: QPixmap) -> None:
        if uid in self._items:
            plain = QIcon(pixmap)
            plain.addPixmap(pixmap, QIcon.Mode.Selected)
            self._items[uid].setIcon(0, plain)

    def _badge_all(self) -> None:
        for study in self._workbench.session.index.studies:
            for display_set in study.display_sets:
                if display_set.uid in self._items:
                    self._badge(study, display_set)

    def _badge(self, study: Study, display_set: DisplaySet) -> None:
        states = ai_states(self._workbench, study, display_set)
        count = len(display_set.frames)
        size = "" if count == 1 else plural("{n} image", "{n} images", count)
        words = {state.state: state for state in states}
        badge = next((_BADGES[kind]() for kind in _BADGES if kind in words), "")
        lines = (display_title(display_set), f"{display_set.modality}  {size}".strip(), badge)
        self._items[display_set.uid].setText(0, "\n".join(line for line in lines if line))

    def _select_shown(self) -> None:
        shown = self._workbench.session.shown
        item = self._items.get(shown.display_set.uid) if shown else None
        if item is not None and self._tree.currentItem() is not item:
            self._tree.setCurrentItem(item)
            self._tree.scrollToItem(item)

    def _open(self, item: QTreeWidgetItem) -> None:
        place = item.data(0, PLACE)
        if place is not None:
            study = self._workbench.session.index.studies[place[0]]
            show_display_set(self._workbench, study, study.display_sets[place[1]])
        place = item.data(0, OBJECT)
        if place is not None:
            study = self._workbench.session.index.studies[place[0]]
            open_object(self._workbench, study, study.objects[place[1]])

    def _filter(self, wanted: str) -> None:
        """Hide patients in whose lines the words do not occur."""
        needle = wanted.casefold()
        for place in range(self._tree.topLevelItemCount()):
            item = self._tree.topLevelItem(place)
            if item is not None:
                item.setHidden(needle not in _all_text(item).casefold())

    def _show_progress(self) -> None:
        fraction = self._workbench.session.indexing
        self._opening.setVisible(fraction is not None)
        self._progress.setValue(round(100 * (fraction or 0)))

    def _tell_problems(self) -> None:
        index = self._workbench.session.index
        parts = []
        if index.skipped:
            parts.append(plural("{n} other file skipped", "{n} other files skipped", index.skipped))
        if index.problems:
            words = plural("{n} file not used", "{n} files not used", len(index.problems))
            parts.append(f'{words}: <a href="problems">{_("Details")}</a>')
        self._problems.setText("<br>".join(parts))
        self._problems.setVisible(bool(parts))

    def _show_problems(self) -> None:
        problems = self._workbench.session.index.problems
        lines = "\n".join(f"- {problem.reason}" for problem in problems)
        self._workbench.dialogs.show_text(_("Files that were not used, and why"), lines)


def _all_text(item: QTreeWidgetItem) -> str:
    below = (item.child(place) for place in range(item.childCount()))
    return item.text(0) + "\n" + "\n".join(_all_text(child) for child in below if child)


_BADGES = {
    RunState.RUNNING: lambda: _("AI running…"),
    RunState.FAILED: lambda: _("AI failed"),
    RunState.DONE: lambda: _("AI done"),
    RunState.NOT_RUN: lambda: _("AI not run"),
    RunState.NOT_APPLICABLE: lambda: _("AI not applicable"),
}
