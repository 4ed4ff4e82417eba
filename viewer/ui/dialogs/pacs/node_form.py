"""NodeForm: one node as fields; shows only what its kind needs."""

from PySide6.QtWidgets import QCheckBox, QFormLayout, QLineEdit, QWidget

from viewer.base.i18n import _
from viewer.dicom.network.node import Login, Node, NodeKind, Retrieval, Timeouts
from viewer.ui.dialogs.pacs.form_fields import (
    choice_field,
    choose,
    number_field,
    port_field,
    text_field,
)
from viewer.ui.dialogs.pacs.tls_fields import TlsFields

LONGEST_AE_TITLE = 16


class NodeForm(QWidget):
    """Reads and shows a Node."""

    def __init__(self) -> None:
        super().__init__()
        self.name = text_field(_("Name"), _("As it is to be called in lists"))
        self.kind = choice_field(
            _("Kind"),
            {
                NodeKind.DICOM: _("DICOM (DIMSE)"),
                NodeKind.WEB: _("DICOMweb"),
                NodeKind.HL7: _("HL7 receiver (MLLP)"),
            },
        )
        self.ae_title = text_field(_("AE title"))
        self.host = text_field(_("Host or address"))
        self.port = port_field(_("Port"))
        self.own_ae_title = text_field(_("Our AE title"))
        self.own_port = port_field(_("Our port"))
        for field in (self.ae_title, self.own_ae_title):
            field.setMaxLength(LONGEST_AE_TITLE)
        self.retrieval = choice_field(
            _("Fetch by"), {Retrieval.GET: _("C-GET"), Retrieval.MOVE: _("C-MOVE to our port")}
        )
        self.commitment = QCheckBox(_("Ask whether it keeps what was sent (storage commitment)"))
        self.url = text_field(_("URL"), "https://pacs.example/dicom-web")
        self.login = choice_field(
            _("Login"),
            {Login.NONE: _("None"), Login.BASIC: _("User and password"), Login.TOKEN: _("Token")},
        )
        self.user = text_field(_("User"))
        self.secret = text_field(_("Password or token"))
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.tls = TlsFields(_("Connect with TLS"), _("Empty: the authorities of the system"))
        self.connect_s = number_field(_("Connect within"), 1, 300, _("s"))
        self.answer_s = number_field(_("Answer within"), 1, 3600, _("s"))
        self._lay_out()
        self.kind.currentIndexChanged.connect(lambda _place: self._fit())
        self.login.currentIndexChanged.connect(lambda _place: self._fit())
        self.tls.on.toggled.connect(lambda _on: self._fit())
        self.show_node(Node(""))

    def _lay_out(self) -> None:
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        rows: tuple[tuple[str, QWidget], ...] = (
            (_("Name"), self.name),
            (_("Kind"), self.kind),
            (_("AE title"), self.ae_title),
            (_("Host or address"), self.host),
            (_("Port"), self.port),
            (_("Our AE title"), self.own_ae_title),
            (_("Our port"), self.own_port),
            (_("Fetch by"), self.retrieval),
            ("", self.commitment),
            (_("URL"), self.url),
            (_("Login"), self.login),
            (_("User"), self.user),
            (_("Password or token"), self.secret),
            ("", self.tls.on),
            *self.tls.rows,
            (_("Connect within"), self.connect_s),
            (_("Answer within"), self.answer_s),
        )
        for words, field in rows:
            self._form.addRow(words, field)

    def _fit(self) -> None:
        """Show the fields that this kind of node has."""
        web = self.kind.currentData() is NodeKind.WEB
        dimse = self.kind.currentData() is NodeKind.DICOM
        login = self.login.currentData()
        shown: dict[QWidget, bool] = {
            **dict.fromkeys((self.host, self.port, self.tls.on), not web),
            **dict.fromkeys((self.ae_title, self.own_ae_title, self.own_port), dimse),
            **dict.fromkeys((self.retrieval, self.commitment), dimse),
            self.url: web,
            self.login: web,
            self.user: web and login is Login.BASIC,
            self.secret: web and login is not Login.NONE,
            **{row: web or self.tls.on.isChecked() for _words, row in self.tls.rows},
        }
        for field, visible in shown.items():
            self._form.setRowVisible(field, visible)

    @property
    def node(self) -> Node:
        """The node as it stands in the fields."""
        return Node(
            name=self.name.text().strip(),
            kind=self.kind.currentData(),
            ae_title=self.ae_title.text().strip(),
            host=self.host.text().strip(),
            port=self.port.value(),
            own_ae_title=self.own_ae_title.text().strip() or Node("").own_ae_title,
            own_port=self.own_port.value(),
            retrieval=self.retrieval.currentData(),
            commitment=self.commitment.isChecked(),
            tls=self.tls.tls,
            timeouts=Timeouts(float(self.connect_s.value()), float(self.answer_s.value())),
            url=self.url.text().strip(),
            login=self.login.currentData(),
            user=self.user.text().strip(),
            secret=self.secret.text(),
        )

    def show_node(self, node: Node) -> None:
        """Put a node into the fields."""
        texts = {
            self.name: node.name,
            self.ae_title: node.ae_title,
            self.host: node.host,
            self.own_ae_title: node.own_ae_title,
            self.url: node.url,
            self.user: node.user,
            self.secret: node.secret,
        }
        for field, text in texts.items():
            field.setText(text)
        self.port.setValue(node.port)
        self.own_port.setValue(node.own_port)
        self.connect_s.setValue(round(node.timeouts.connect))
        self.answer_s.setValue(round(node.timeouts.answer))
        self.tls.show_tls(node.tls)
        self.commitment.setChecked(node.commitment)
        for choice, value in (
            (self.kind, node.kind),
            (self.retrieval, node.retrieval),
            (self.login, node.login),
        ):
            choose(choice, value)
        self._fit()
