"""TlsFields: whether TLS is used and with which files; the same for nodes and for the listener."""

from PySide6.QtWidgets import QCheckBox, QWidget

from viewer.base.i18n import _
from viewer.dicom.network.node import Tls
from viewer.ui.dialogs.pacs.form_fields import file_field, text_field


class TlsFields:
    """Reads and shows a Tls; `rows` go into a form."""

    def __init__(self, question: str, ca_hint: str) -> None:
        self.on = QCheckBox(question)
        self.ca = text_field(_("CA file"), ca_hint)
        self.certificate = text_field(_("Our certificate"))
        self.key = text_field(_("Our key"))
        self.rows: tuple[tuple[str, QWidget], ...] = (
            (_("CA file"), file_field(self.ca)),
            (_("Our certificate"), file_field(self.certificate)),
            (_("Our key"), file_field(self.key)),
        )
        """Of the files; the question itself is `on`."""

    @property
    def tls(self) -> Tls:
        """What stands in the fields."""
        files = (field.text().strip() for field in (self.ca, self.certificate, self.key))
        return Tls(self.on.isChecked(), *files)

    def show_tls(self, tls: Tls) -> None:
        """Put it into the fields."""
        self.on.setChecked(tls.on)
        self.ca.setText(tls.ca)
        self.certificate.setText(tls.certificate)
        self.key.setText(tls.key)
