"""NodesWindow: the nodes of the site, each checked with an echo; and where results go when a report is signed."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from viewer.app.pacs_nodes import check_node, nodes, save_nodes
from viewer.app.send import start_outbox
from viewer.app.site_settings import agreed
from viewer.app.workbench import Workbench
from viewer.base.errors import ViewerError
from viewer.base.i18n import _
from viewer.dicom.network.node import SUFFIXES, Node
from viewer.export.exporter import exporters
from viewer.ui import theme
from viewer.ui.dialogs.pacs.form_fields import plain_button
from viewer.ui.dialogs.pacs.node_form import NodeForm
from viewer.ui.panels.fields import heading, line, muted

KEY = Qt.ItemDataRole.UserRole


class NodesWindow(QDialog):
    """Changes take effect with Save."""

    def __init__(self, parent: QWidget | None, workbench: Workbench) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._nodes: list[Node] = []
        self._place = -1
        self.setWindowTitle(_("PACS nodes"))
        self.resize(860, 760)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Nodes"))
        self.list.setMaximumWidth(230)
        self.list.currentRowChanged.connect(self._go_to)
        self.form = NodeForm()
        self.words = muted("")
        self.result_node = QComboBox()
        self.result_node.setAccessibleName(_("Results go to"))
        self.formats = QListWidget()
        self.formats.setAccessibleName(_("Results that are sent"))
        self.formats.setMaximumHeight(140)
        self.formats.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.echo = plain_button(_("Echo"), self.ask)
        self.save = QPushButton(_("Save"))
        self.save.setProperty("primary", True)
        self.save.setAutoDefault(False)
        self.save.clicked.connect(lambda _checked=False: self.keep())
        self.remove_it = plain_button(_("Remove"), self.remove)
        self._lay_out()

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.addWidget(heading(_("NODES")))
        left.addWidget(self.list, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(plain_button(_("Add"), self.add))
        buttons.addWidget(self.remove_it)
        left.addLayout(buttons)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self.form)
        right = QVBoxLayout()
        right.addWidget(area, 1)
        asked = QHBoxLayout()
        asked.addWidget(self.echo)
        asked.addWidget(self.words, 1)
        right.addLayout(asked)
        right.addWidget(line())
        results = QHBoxLayout()
        results.addWidget(QLabel(_("When a report is signed, send its results to")))
        results.addWidget(self.result_node, 1)
        right.addLayout(results)
        right.addWidget(self.formats)
        ending = QHBoxLayout()
        ending.addStretch(1)
        ending.addWidget(plain_button(_("Close"), self.close))
        ending.addWidget(self.save)
        right.addLayout(ending)
        layout = QHBoxLayout(self)
        layout.setSpacing(14)
        layout.addLayout(left)
        layout.addLayout(right, 1)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with what is kept."""
        super().showEvent(event)
        self._nodes = list(nodes(self._workbench))
        self._show_formats()
        self._refill(0)

    def _show_formats(self) -> None:
        """The DICOM exports, those ticked that the site wants sent."""
        wanted = self._workbench.settings.values.pacs.result_formats
        self.formats.clear()
        for key, exporter in exporters().items():
            if exporter.suffix in SUFFIXES.values():
                item = QListWidgetItem(exporter.title, self.formats)
                item.setData(KEY, key)
                ticked = Qt.CheckState.Checked if key in wanted else Qt.CheckState.Unchecked
                item.setCheckState(ticked)

    @property
    def result_formats(self) -> tuple[str, ...]:
        """Keys of the exports that are ticked."""
        items = (self.formats.item(row) for row in range(self.formats.count()))
        return tuple(
            str(item.data(KEY)) for item in items if item.checkState() is Qt.CheckState.Checked
        )

    def _refill(self, place: int) -> None:
        self._place = -1
        self.list.clear()
        self.list.addItems([node.name or _("New node") for node in self._nodes])
        chosen = self.result_node.currentData()
        kept = self._workbench.settings.values.pacs.result_node
        self.result_node.clear()
        self.result_node.addItem(_("nowhere"), "")
        for node in self._nodes:
            self.result_node.addItem(node.name, node.name)
        self.result_node.setCurrentIndex(
            max(self.result_node.findData(kept if chosen is None else chosen), 0)
        )
        self.list.setCurrentRow(min(place, len(self._nodes) - 1))
        self._enable()

    def _enable(self) -> None:
        has = bool(self._nodes)
        for widget in (self.form, self.echo, self.remove_it):
            widget.setEnabled(has)
        if not has:
            self.words.setText(
                _("No node yet. Add one; its operator knows its address and AE title.")
            )

    def _go_to(self, place: int) -> None:
        self._take_over()
        self._place = place
        if 0 <= place < len(self._nodes):
            self.form.show_node(self._nodes[place])
            self.words.setText("")

    def _take_over(self) -> None:
        """What stands in the fields becomes the node that was selected."""
        if 0 <= self._place < len(self._nodes):
            self._nodes[self._place] = self.form.node
            item = self.list.item(self._place)
            if item is not None:
                item.setText(self.form.node.name or _("New node"))

    def add(self) -> None:
        """A new node, to be filled in."""
        self._take_over()
        self._nodes.append(Node(""))
        self._refill(len(self._nodes) - 1)
        self.form.name.setFocus()

    def remove(self) -> None:
        """Forget the selected node, once saved."""
        if 0 <= self._place < len(self._nodes):
            place = self._place
            del self._nodes[place]
            self._refill(max(place - 1, 0))

    def ask(self) -> None:
        """Echo the node as it stands in the fields."""
        self._say(_("Asking…"), theme.MUTED)
        check_node(
            self._workbench,
            self.form.node,
            lambda words: self._say(words, theme.CONFIRMED),
            lambda words: self._say(words, theme.WARNING),
        )

    def keep(self) -> None:
        """Save the nodes and where results go."""
        self._take_over()
        if not agreed(self._workbench, _("Nodes are set up by an administrator.")):
            return
        try:
            save_nodes(self._workbench, self._nodes)
            kept = self._workbench.settings.values.pacs
            names = {node.name for node in self._nodes}
            wanted = self.result_node.currentData() or ""
            result = wanted if wanted in names else ""
            self._workbench.settings.change(
                pacs=replace(kept, result_node=result, result_formats=self.result_formats)
            )
            start_outbox(self._workbench)
        except ViewerError as error:
            self._say(str(error), theme.WARNING)
            return
        self._refill(self._place)
        self._say(_("Saved."), theme.CONFIRMED)

    def _say(self, words: str, colour: str) -> None:
        self.words.setText(words)
        self.words.setStyleSheet(f"color: {colour};")
