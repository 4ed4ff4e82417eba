"""QueryWindow: studies of a node by patient, date and more; fetched with one key, the progress in their row."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from viewer.app.network_state import Transfer, TransferState
from viewer.app.pacs_nodes import node_named
from viewer.app.pacs_query import cancel_query, find_scheduled, find_studies
from viewer.app.pacs_retrieve import cancel_retrieval, images_here, retrieve_study, show_study_here
from viewer.app.workbench import Workbench
from viewer.base.errors import ViewerError
from viewer.base.i18n import _, plural
from viewer.dicom.network.node import NodeKind
from viewer.domain.pacs import ScheduledStep, StudyMatch
from viewer.domain.readable import readable_date, readable_name
from viewer.ui import theme
from viewer.ui.dialogs.pacs.form_fields import choice_field, plain_button
from viewer.ui.dialogs.pacs.query_form import QueryForm
from viewer.ui.panels.fields import muted

UID = Qt.ItemDataRole.UserRole
WIDTHS_PX = (180, 110, 95, 150, 75, 180, 110, 65, 150)
STATE = 8
"""Column of the progress."""


class QueryWindow(QDialog):
    """Stays beside the main window; what was found stays until the next search."""

    def __init__(self, parent: QWidget | None, workbench: Workbench) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self.setWindowTitle(_("Find studies on a PACS"))
        self.resize(1180, 640)
        self.node = QComboBox()
        self.node.setAccessibleName(_("Node"))
        self.kind = choice_field(_("Look for"), {"studies": _("Studies"), "steps": _("Worklist")})
        self.form = QueryForm(self.search)
        self.find_it = QPushButton(_("Search"))
        self.find_it.setProperty("primary", True)
        self.find_it.setAutoDefault(False)
        self.find_it.clicked.connect(lambda _checked=False: self.search())
        self.words = muted("")
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setAlternatingRowColors(False)
        self.list.setSelectionMode(QTreeWidget.SelectionMode.ExtendedSelection)
        self.list.setAccessibleName(_("Studies found"))
        self.list.itemActivated.connect(lambda _item, _column: self.fetch_or_show())
        self.list.itemSelectionChanged.connect(self._enable)
        self.fetch = plain_button(_("Retrieve"), self.fetch_selected)
        self.stop = plain_button(_("Cancel"), self.cancel_selected)
        self.show_it = plain_button(_("Show"), self.show_selected)
        self._lay_out()
        self._title_columns()
        self._fill_nodes()
        self.form.name.setFocus()
        workbench.settings.changed.subscribe(lambda _values: self._fill_nodes())
        workbench.session.network.changed.subscribe(lambda _none: self._show_states())
        self._enable()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(QLabel(_("Node")))
        top.addWidget(self.node, 1)
        top.addWidget(self.kind)
        top.addStretch(1)
        nodes = _("Nodes…")
        top.addWidget(
            plain_button(nodes, lambda: self._workbench.dialogs.show_pacs_nodes(self._workbench))
        )
        top.addWidget(self.find_it)
        bottom = QHBoxLayout()
        bottom.addWidget(self.words, 1)
        for button in (self.stop, self.show_it, self.fetch):
            bottom.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addLayout(top)
        layout.addWidget(self.form)
        layout.addWidget(self.list, 1)
        layout.addLayout(bottom)

    def _title_columns(self) -> None:
        titles = _step_titles() if self._steps else _study_titles()
        self.list.setHeaderLabels(titles)
        for column, width in enumerate(WIDTHS_PX):
            self.list.setColumnWidth(column, width)

    def _fill_nodes(self) -> None:
        chosen = self.node.currentText()
        known = self._workbench.settings.values.pacs.nodes
        names = [node.name for node in known if node.kind is not NodeKind.HL7]
        self.node.clear()
        self.node.addItems(names)
        if chosen in names:
            self.node.setCurrentText(chosen)
        self.find_it.setEnabled(bool(names))
        if not names:
            self.words.setText(_("No node is set up yet. Enter one under Nodes…"))

    @property
    def _steps(self) -> bool:
        return bool(self.kind.currentData() == "steps")

    def search(self) -> None:
        """Ask the chosen node; a second search gives up the first."""
        node = node_named(self._workbench, self.node.currentText())
        if node is None:
            return
        if self._steps and node.kind is NodeKind.WEB:
            self.words.setText(_("A DICOMweb node has no worklist; choose a DICOM node."))
            return
        cancel_query(self._workbench)
        self.list.clear()
        self._title_columns()
        self.words.setText(_("Asking {node}…").format(node=node.name))
        if self._steps:
            find_scheduled(self._workbench, node, self.form.query, self._show_steps, self._fail)
        else:
            find_studies(self._workbench, node, self.form.query, self._show_studies, self._fail)

    def _fail(self, error: ViewerError) -> None:
        self.words.setText(str(error))

    def _show_studies(self, found: tuple[StudyMatch, ...]) -> None:
        for match in found:
            item = QTreeWidgetItem(self.list, _study_cells(match))
            item.setData(0, UID, match.uid)
            here = images_here(match.uid)
            if here:
                item.setText(STATE, _here_words(here, match.instances))
        self._tell(len(found))
        self._show_states()

    def _show_steps(self, found: tuple[ScheduledStep, ...]) -> None:
        for step in found:
            QTreeWidgetItem(self.list, _step_cells(step))
        self._tell(len(found))

    def _tell(self, count: int) -> None:
        words = plural("{n} study found.", "{n} studies found.", count)
        if self._steps:
            words = plural("{n} scheduled step.", "{n} scheduled steps.", count)
        self.words.setText(words if count else _("Nothing was found. Ask for less."))
        first = self.list.topLevelItem(0)
        if first is not None:
            self.list.setCurrentItem(first)
            self.list.setFocus()
        self._enable()

    def _selected(self) -> list[str]:
        return [uid for item in self.list.selectedItems() if (uid := item.data(0, UID))]

    def fetch_or_show(self) -> None:
        """Enter on a row: fetch it, or show it when it is here."""
        if any(item.text(STATE) == _on_this_computer() for item in self.list.selectedItems()):
            self.show_selected()
        else:
            self.fetch_selected()

    def fetch_selected(self) -> None:
        """Retrieve every selected study."""
        node = node_named(self._workbench, self.node.currentText())
        for uid in self._selected():
            if node is not None:
                retrieve_study(self._workbench, node, uid)

    def cancel_selected(self) -> None:
        """Stop fetching the selected studies; what arrived stays."""
        for uid in self._selected():
            cancel_retrieval(self._workbench, uid)

    def show_selected(self) -> None:
        """Put the first selected study that is here on the screen."""
        for uid in self._selected():
            if images_here(uid):
                show_study_here(self._workbench, uid)
                return

    def _show_states(self) -> None:
        transfers = self._workbench.session.network.transfers
        for place in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(place)
            transfer = transfers.get(item.data(0, UID)) if item is not None else None
            if item is not None and transfer is not None:
                item.setText(STATE, _transfer_words(transfer))
                item.setToolTip(STATE, transfer.words)
                colour = theme.WARNING if transfer.state is TransferState.FAILED else theme.TEXT
                item.setForeground(STATE, QColor(colour))
                if transfer.state is TransferState.FAILED and item.isSelected():
                    self.words.setText(transfer.words)
        self._enable()

    def _enable(self) -> None:
        transfers = self._workbench.session.network.transfers
        chosen = self._selected()
        running = [uid for uid in chosen if _is_running(transfers.get(uid))]
        self.fetch.setEnabled(len(running) < len(chosen))
        self.stop.setEnabled(bool(running))
        self.show_it.setEnabled(any(images_here(uid) for uid in chosen))


def _is_running(transfer: Transfer | None) -> bool:
    return transfer is not None and transfer.state is TransferState.RUNNING


def _study_titles() -> list[str]:
    return [
        _("Patient"),
        _("Patient ID"),
        _("Born"),
        _("Study"),
        _("Modality"),
        _("Description"),
        _("Accession"),
        _("Images"),
        _("State"),
    ]


def _step_titles() -> list[str]:
    return [
        _("Patient"),
        _("Patient ID"),
        _("Born"),
        _("Planned"),
        _("Modality"),
        _("Procedure"),
        _("Accession"),
        _("Sex"),
        _("Station"),
    ]


def _study_cells(match: StudyMatch) -> list[str]:
    return [
        readable_name(match.patient_name),
        match.patient_id,
        readable_date(match.birth_date) if match.birth_date else "",
        _moment(match.date, match.time),
        ", ".join(match.modalities),
        match.description,
        match.accession_number,
        "" if match.instances is None else str(match.instances),
        "",
    ]


def _step_cells(step: ScheduledStep) -> list[str]:
    return [
        readable_name(step.patient_name),
        step.patient_id,
        readable_date(step.birth_date) if step.birth_date else "",
        _moment(step.start_date, step.start_time),
        step.modality,
        step.procedure,
        step.accession_number,
        step.sex,
        step.station,
    ]


def _moment(date: str, time: str) -> str:
    day = readable_date(date) if date else ""
    return f"{day}  {time[:2]}:{time[2:4]}".strip() if len(time) >= 4 else day


def _on_this_computer() -> str:
    return _("On this computer")


def _here_words(here: int, whole: int | None) -> str:
    if whole is None or here >= whole:
        return _on_this_computer()
    return _("{here} of {whole} here").format(here=here, whole=whole)


def _transfer_words(transfer: Transfer) -> str:
    reached = transfer.progress
    if transfer.state is TransferState.RUNNING:
        if reached.expected is None:
            return _("Asking…")
        return _("{there} of {expected}").format(there=reached.there, expected=reached.expected)
    whole = reached.expected or 0
    words = {
        TransferState.DONE: _on_this_computer(),
        TransferState.CANCELLED: _("Stopped at {there} of {whole}"),
        TransferState.FAILED: _("Failed at {there} of {whole}"),
    }
    return words[transfer.state].format(there=reached.there, whole=whole)
