"""ListenerPage: whether and how this computer takes studies, and what it has taken since it began."""

from dataclasses import replace

from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from viewer.app.listening import start_listener, stop_listener
from viewer.app.site_settings import agreed
from viewer.app.workbench import Workbench
from viewer.base.i18n import _, plural
from viewer.dicom.network.node import LOOPBACK
from viewer.dicom.network.routing import Listener
from viewer.ui import theme
from viewer.ui.dialogs.pacs.form_fields import (
    choice_field,
    choose,
    number_field,
    port_field,
    text_field,
)
from viewer.ui.dialogs.pacs.node_form import LONGEST_AE_TITLE
from viewer.ui.dialogs.pacs.rules_table import RulesTable
from viewer.ui.dialogs.pacs.tls_fields import TlsFields
from viewer.ui.panels.fields import heading, muted


class ListenerPage(QWidget):
    """Changes take effect with Apply."""

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self._workbench = workbench
        self.on = QCheckBox(_("Receive studies from other systems"))
        self.ae_title = text_field(_("Our AE title"))
        self.ae_title.setMaxLength(LONGEST_AE_TITLE)
        self.port = port_field(_("Port"))
        self.address = choice_field(
            _("Reachable"),
            {LOOPBACK: _("from this computer only"), "": _("from the whole network")},
        )
        self.senders = text_field(_("Allowed AE titles"), _("Parted by commas; empty: any"))
        self.quiet_s = number_field(_("Complete after"), 1, 3600, _("s without another image"))
        self.tls = TlsFields(_("Only with TLS"), _("With it, senders must show a certificate"))
        self.rules = RulesTable()
        self.state = QLabel()
        self.words = muted("")
        self.apply = QPushButton(_("Apply"))
        self.apply.setProperty("primary", True)
        self.apply.setAutoDefault(False)
        self.apply.clicked.connect(lambda _checked=False: self.keep())
        self._lay_out()
        self.tls.on.toggled.connect(lambda _on: self._fit())
        self.show_settings(workbench.settings.values.pacs.listener)
        events = workbench.session.events
        workbench.session.network.changed.subscribe(lambda _none: self.refresh())
        events.runs.subscribe(lambda _none: self.refresh())
        self.refresh()

    def _lay_out(self) -> None:
        self._form = QFormLayout()
        rows: tuple[tuple[str, QWidget], ...] = (
            ("", self.on),
            (_("Our AE title"), self.ae_title),
            (_("Port"), self.port),
            (_("Reachable"), self.address),
            (_("Allowed AE titles"), self.senders),
            (_("Complete after"), self.quiet_s),
            ("", self.tls.on),
            *self.tls.rows,
        )
        for words, field in rows:
            self._form.addRow(words, field)
        ending = QHBoxLayout()
        ending.addWidget(self.words, 1)
        ending.addWidget(self.apply)
        layout = QVBoxLayout(self)
        layout.addWidget(self.state)
        layout.addLayout(self._form)
        layout.addWidget(heading(_("WHAT IS TAKEN")))
        layout.addWidget(
            muted(_("The first rule that fits decides. Without rules, everything is taken."))
        )
        layout.addWidget(self.rules, 1)
        layout.addLayout(ending)

    def _fit(self) -> None:
        for _words, row in self.tls.rows:
            self._form.setRowVisible(row, self.tls.on.isChecked())

    def show_settings(self, kept: Listener) -> None:
        """Put the settings into the fields."""
        self.on.setChecked(kept.on)
        self.ae_title.setText(kept.ae_title)
        self.port.setValue(kept.port)
        choose(self.address, kept.address)
        self.senders.setText(", ".join(kept.senders))
        self.quiet_s.setValue(round(kept.quiet_s))
        self.tls.show_tls(kept.tls)
        self.rules.show_rules(kept.rules)
        self._fit()

    @property
    def listener(self) -> Listener:
        """The settings as they stand in the fields."""
        senders = (part.strip() for part in self.senders.text().split(","))
        return Listener(
            on=self.on.isChecked(),
            ae_title=self.ae_title.text().strip() or Listener().ae_title,
            port=self.port.value(),
            address=self.address.currentData(),
            senders=tuple(filter(None, senders)),
            tls=self.tls.tls,
            quiet_s=float(self.quiet_s.value()),
            rules=self.rules.rules,
        )

    def keep(self) -> None:
        """Save, and listen as it now says."""
        kept = self._workbench.settings.values.pacs
        if self.listener != kept.listener:
            if not agreed(self._workbench, _("The listener is set up by an administrator.")):
                return
            self._workbench.settings.change(pacs=replace(kept, listener=self.listener))
        stop_listener(self._workbench)
        if self.listener.on:
            start_listener(self._workbench)

    def refresh(self) -> None:
        """Say how the listener stands."""
        known = self._workbench.session.network.listener
        colour = theme.CONFIRMED if known.on else theme.MUTED
        self.state.setStyleSheet(f"color: {colour}; font-weight: 600;")
        port = self._workbench.settings.values.pacs.listener.port
        listening = _("Listening at port {port}").format(port=port)
        self.state.setText(listening if known.on else _("Not listening"))
        self.words.setText("  ".join(part for part in self._counts() if part))

    def _counts(self) -> tuple[str, ...]:
        network = self._workbench.session.network
        known = network.listener
        studies = [
            study
            for study in self._workbench.session.index.studies
            if study.uid in network.received
        ]
        running = sum(self._workbench.session.is_running(study) for study in studies)
        return (
            plural("{n} image received.", "{n} images received.", known.images),
            plural("{n} study arriving.", "{n} studies arriving.", len(network.receiving))
            if network.receiving
            else "",
            plural("{n} study complete.", "{n} studies complete.", len(network.received))
            if network.received
            else "",
            plural("{n} being analysed.", "{n} being analysed.", running) if running else "",
            plural("{n} image refused.", "{n} images refused.", known.not_taken)
            if known.not_taken
            else "",
            known.words,
        )
