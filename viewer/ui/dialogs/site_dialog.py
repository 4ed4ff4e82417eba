"""SiteDialog: login, lock screen and database of the site."""

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFormLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from viewer.app.settings import Site
from viewer.base.i18n import _
from viewer.ui.dialogs.dialog_buttons import DialogButtons
from viewer.ui.panels.fields import muted

LONGEST_MINUTES = 240


class SiteDialog(QDialog):
    """Shows the settings as they are; `site` is what was chosen."""

    def __init__(self, parent: QWidget | None, site: Site) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Site settings"))
        self.setMinimumWidth(680)
        self._login = QCheckBox(_("Ask for user and password at the start"))
        self._login.setChecked(site.require_login)
        self._acceptance = QCheckBox(_("A model runs only once this site has accepted it"))
        self._acceptance.setChecked(site.require_acceptance)
        self._minutes = QSpinBox()
        self._minutes.setRange(0, LONGEST_MINUTES)
        self._minutes.setSpecialValueText(_("never"))
        self._minutes.setSuffix(_(" min"))
        self._minutes.setValue(site.lock_minutes)
        self._url = QLineEdit(site.database_url)
        self._url.setPlaceholderText(_("the file of this workstation"))
        form = QFormLayout()
        form.addRow(self._login)
        form.addRow(self._acceptance)
        form.addRow(_("Lock the screen without a key or the mouse after"), self._minutes)
        form.addRow(_("Database of the reading room"), self._url)
        buttons = DialogButtons(_("Save"), self.accept, self.reject)
        buttons.primary.setDefault(True)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addLayout(form)
        layout.addWidget(
            muted(
                _(
                    "Several workstations share one PostgreSQL database, for example "
                    "postgresql://secondread@server/secondread, and with it all settings of this page "
                    "but the database itself, the reading mode, the screening threshold and INT8. A login "
                    "is asked for as soon as there is a second user."
                )
            )
        )
        layout.addWidget(buttons)

    @property
    def site(self) -> Site:
        """What was chosen."""
        return Site(
            self._login.isChecked(),
            self._minutes.value(),
            self._url.text().strip(),
            self._acceptance.isChecked(),
        )
