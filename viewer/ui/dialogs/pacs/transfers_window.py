"""TransfersWindow: what other systems send to us, and the results that go to them."""

from PySide6.QtWidgets import QDialog, QTabWidget, QVBoxLayout, QWidget

from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.ui.dialogs.pacs.listener_page import ListenerPage
from viewer.ui.dialogs.pacs.outbox_page import OutboxPage


class TransfersWindow(QDialog):
    """Stays beside the main window."""

    def __init__(self, parent: QWidget | None, workbench: Workbench) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Received and sent"))
        self.resize(860, 640)
        self.listener = ListenerPage(workbench)
        self.outbox = OutboxPage(workbench)
        self.tabs = QTabWidget()
        self.tabs.addTab(self.listener, _("Receiving"))
        self.tabs.addTab(self.outbox, _("Outbox"))
        layout = QVBoxLayout(self)
        layout.addWidget(self.tabs)
