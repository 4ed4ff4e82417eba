"""SrWindow: a structured report as readable text; a click on an image goes there."""

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QTextBrowser, QWidget

from viewer.app.session import Session
from viewer.app.workbench import LinkActions
from viewer.base.i18n import _
from viewer.domain.sr_document import SrDocument
from viewer.domain.study import Study
from viewer.ui.dialogs.document_window import DocumentWindow
from viewer.ui.dialogs.sr_html import Numbers, document_html
from viewer.ui.panels.fields import muted

IMAGE_SCHEME = "image"


class SrWindow(DocumentWindow):
    """The text, and below it why a link leads nowhere."""

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        study: Study,
        document: SrDocument,
        links: LinkActions,
    ) -> None:
        super().__init__(parent, session, study, _("Structured report"))
        self._document = document
        self._links = links
        self._numbers = Numbers()
        self.text = QTextBrowser()
        self.text.setOpenLinks(False)
        self.text.anchorClicked.connect(self.follow)
        self.said = muted("")
        self.said.hide()
        self.column.addWidget(self.text, 1)
        self.column.addWidget(self.said)
        self._write()

    def _write(self) -> None:
        self._numbers = Numbers()
        self.text.setHtml(document_html(self._document, self._links, self._numbers))

    def follow(self, address: QUrl) -> None:
        """Go to the item or the image; say which image is missing."""
        if address.scheme() != IMAGE_SCHEME:
            self.text.scrollToAnchor(address.fragment())
            return
        said = self._links.go(self._numbers.links[int(address.path())])
        self.said.setText(said)
        self.said.setVisible(bool(said))
