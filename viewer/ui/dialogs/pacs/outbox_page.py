"""OutboxPage: results on their way to a node, with what holds them up."""

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from viewer.app.outbox import OutboxItem, OutboxState
from viewer.app.send import remove_item, send_again
from viewer.app.workbench import Workbench
from viewer.base.errors import ViewerError
from viewer.base.i18n import _
from viewer.ui import theme
from viewer.ui.dialogs.pacs.form_fields import plain_button
from viewer.ui.panels.fields import muted

KEY = Qt.ItemDataRole.UserRole
WIDTHS_PX = (140, 240, 150, 70)


class OutboxPage(QWidget):
    """Newest above."""

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self._workbench = workbench
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setAccessibleName(_("Outbox"))
        self.list.setHeaderLabels([_("Queued"), _("What"), _("Node"), _("Files"), _("State")])
        for column, width in enumerate(WIDTHS_PX):
            self.list.setColumnWidth(column, width)
        self.list.itemSelectionChanged.connect(self._enable)
        self.words = muted(
            _(
                "Results wait here on the disk while their node is away, and are sent when it is back."
            )
        )
        self.again = plain_button(_("Send now"), self._send_now)
        self.remove = plain_button(_("Remove"), self._remove)
        buttons = QHBoxLayout()
        buttons.addWidget(self.words, 1)
        buttons.addWidget(self.remove)
        buttons.addWidget(self.again)
        layout = QVBoxLayout(self)
        layout.addWidget(self.list, 1)
        layout.addLayout(buttons)
        workbench.session.network.changed.subscribe(lambda _none: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        """Show the items as they are."""
        chosen = self._chosen()
        self.list.clear()
        for item in reversed(self._workbench.session.network.outbox):
            row = QTreeWidgetItem(self.list, _cells(item))
            row.setData(0, KEY, item.key)
            row.setToolTip(4, item.reason)
            row.setForeground(4, QColor(_COLOURS[item.state]))
            row.setSelected(item.key == chosen)
        self._enable()

    def _chosen(self) -> str:
        selected = self.list.selectedItems()
        return str(selected[0].data(0, KEY)) if selected else ""

    def _enable(self) -> None:
        listed = {item.key: item for item in self._workbench.session.network.outbox}
        chosen = listed.get(self._chosen())
        state = chosen.state if chosen is not None else None
        self.words.setText((chosen.reason if chosen is not None else "") or _explanation())
        self.again.setEnabled(state in (OutboxState.WAITING, OutboxState.REFUSED))
        self.remove.setEnabled(state is not None)

    def _send_now(self) -> None:
        try:
            send_again(self._workbench, self._chosen())
        except ViewerError as error:
            self._workbench.session.fail(error)

    def _remove(self) -> None:
        try:
            remove_item(self._workbench, self._chosen())
        except ViewerError as error:
            self._workbench.session.fail(error)


def _explanation() -> str:
    return _(
        "Results wait here on the disk while their node is away, and are sent when it is back."
    )


def _cells(item: OutboxItem) -> list[str]:
    when = datetime.fromisoformat(item.queued_at).strftime("%Y-%m-%d %H:%M")
    words = _STATES[item.state]()
    state = f"{words}. {item.reason}" if item.reason else words
    return [when, item.title, item.node, f"{len(item.sent)}/{len(item.files)}", state]


_STATES = {
    OutboxState.WAITING: lambda: _("Waiting"),
    OutboxState.SENT: lambda: _("Sent"),
    OutboxState.COMMITTED: lambda: _("Sent, and kept by the node"),
    OutboxState.REFUSED: lambda: _("Refused by the node"),
}
_COLOURS = {
    OutboxState.WAITING: theme.TEXT,
    OutboxState.SENT: theme.CONFIRMED,
    OutboxState.COMMITTED: theme.CONFIRMED,
    OutboxState.REFUSED: theme.WARNING,
}
