"""QtDialogs: the questions of viewer.app.workbench.Dialogs, asked in windows."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QWidget

from viewer.app.accounts import Accounts
from viewer.app.bare_model import BareModel
from viewer.app.deidentify_choice import DeidentifyChoice
from viewer.app.deidentify_study import drawn_rectangles
from viewer.app.pictures import PictureChoice
from viewer.app.session import Session, Shown
from viewer.app.settings import Settings, Site
from viewer.app.workbench import (
    ExportChoice,
    LinkActions,
    ModelPicture,
    PdfActions,
    PdfPages,
    Workbench,
)
from viewer.base.i18n import _
from viewer.dicom.tags import TagRow
from viewer.domain.pdf_document import PdfDocument
from viewer.domain.sr_document import SrDocument
from viewer.domain.study import Study
from viewer.export.exporter import exporters
from viewer.inference.importing.answers import Given
from viewer.review.report import SignedReport
from viewer.store.users import User
from viewer.ui.dialogs.audit_window import AuditWindow
from viewer.ui.dialogs.credentials import LoginDialog, PasswordForm
from viewer.ui.dialogs.deidentify_dialog import DeidentifyDialog
from viewer.ui.dialogs.exporting import ExportDialog
from viewer.ui.dialogs.import_dialog import ImportDialog
from viewer.ui.dialogs.model_picture_window import ModelPictureWindow
from viewer.ui.dialogs.monitoring.window import MonitoringWindow
from viewer.ui.dialogs.pacs.nodes_window import NodesWindow
from viewer.ui.dialogs.pacs.query_window import QueryWindow
from viewer.ui.dialogs.pacs.transfers_window import TransfersWindow
from viewer.ui.dialogs.pdf_window import PdfWindow
from viewer.ui.dialogs.picture_dialog import PictureDialog
from viewer.ui.dialogs.signing import SignDialog
from viewer.ui.dialogs.site_dialog import SiteDialog
from viewer.ui.dialogs.site_models.window import SiteModelsWindow
from viewer.ui.dialogs.sr_window import SrWindow
from viewer.ui.dialogs.tag_browser import TagBrowser
from viewer.ui.dialogs.text_window import TextWindow
from viewer.ui.dialogs.truth_dialog import TruthDialog
from viewer.ui.dialogs.users_dialog import FormDialog, UsersDialog


class QtDialogs:
    """Parent window is set once it exists."""

    def __init__(self, session: Session, settings: Settings) -> None:
        self._session = session
        self._settings = settings
        self.parent: QWidget | None = None
        self._windows: dict[Callable[..., QDialog], QDialog] = {}

    def choose_files(self) -> tuple[Path, ...]:
        """Files to open."""
        files, _filter = QFileDialog.getOpenFileNames(self.parent, _("Open files"))
        return tuple(Path(file) for file in files)

    def choose_model(self) -> Path | None:
        """A model to take in."""
        kinds = _("Models: zip, manifest.json, onnx") + " (*.zip manifest.json *.onnx)"
        file, _filter = QFileDialog.getOpenFileName(self.parent, _("Import a model"), "", kinds)
        return Path(file) if file else None

    def choose_folder(self) -> Path | None:
        """A folder to open."""
        folder = QFileDialog.getExistingDirectory(self.parent, _("Open folder"))
        return Path(folder) if folder else None

    def ask_signature(self, study: Study, accounts: Accounts) -> User | None:
        """Who signs, by password, after a last look."""
        case = self._session.case_of(study)
        reader = self._settings.values.reading.reader
        dialog = SignDialog(self.parent, study, case, accounts, reader)
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        return dialog.user if accepted else None

    def ask_login(
        self, title: str, words: str, accounts: Accounts, act: Callable[[str, str], User]
    ) -> User | None:
        """User name and password that `act` accepts."""
        name = accounts.suggested_name
        dialog = LoginDialog(self.parent, title, words, name, act, accounts.users.wait_s)
        dialog.exec()
        return dialog.user

    def ask_new_password(self, accounts: Accounts) -> bool:
        """A new password for who is logged in; whether it was changed."""
        form = PasswordForm(ask_old=True)
        dialog = FormDialog(
            self.parent, _("Change password"), form, lambda: form.attempt(accounts.change_password)
        )
        return dialog.exec() == QDialog.DialogCode.Accepted

    def ask_consent(self, title: str, words: str) -> bool:
        """Whether the reader agrees to what cannot be taken back."""
        box = QMessageBox(QMessageBox.Icon.NoIcon, title, words, parent=self.parent)
        yes = box.addButton(title, QMessageBox.ButtonRole.AcceptRole)
        no = box.addButton(_("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(no)
        box.exec()
        return box.clickedButton() is yes

    def ask_site(self, site: Site) -> Site | None:
        """The settings of the site."""
        dialog = SiteDialog(self.parent, site)
        return dialog.site if dialog.exec() == QDialog.DialogCode.Accepted else None

    def show_users(self, accounts: Accounts) -> None:
        """Who may log in."""
        UsersDialog(self.parent, accounts).exec()

    def show_audit(self, workbench: Workbench) -> None:
        """The audit log, beside the main window."""
        AuditWindow(self.parent, workbench).show()

    def ask_truth(self, workbench: Workbench, study: Study) -> None:
        """What turned out later on a signed case; recorded when it is accepted."""
        TruthDialog(self.parent, workbench, study).exec()

    def ask_export(self, report: SignedReport) -> ExportChoice | None:
        """Formats and folder."""
        values = self._settings.values
        names = [node.name for node in values.pacs.nodes]
        dialog = ExportDialog(self.parent, exporters(), values.export, names)
        return dialog.choice if dialog.exec() == QDialog.DialogCode.Accepted else None

    def ask_pictures(self, shown: Shown) -> PictureChoice | None:
        """What to save as pictures, and where."""
        view = self._session.presentation
        dialog = PictureDialog(self.parent, shown, view, self._settings.values.pictures)
        return dialog.choice if dialog.exec() == QDialog.DialogCode.Accepted else None

    def ask_deidentify(self, study: Study) -> DeidentifyChoice | None:
        """What a de-identified copy keeps, and where it goes."""
        drawn = self._session.drawings_of(study).all
        rectangles = sum(len(found) for found in drawn_rectangles(study, drawn).values())
        dialog = DeidentifyDialog(self.parent, rectangles)
        return dialog.choice if dialog.exec() == QDialog.DialogCode.Accepted else None

    def ask_import(self, model: BareModel) -> Given | None:
        """What the graph of a bare network cannot say."""
        dialog = ImportDialog(self.parent, model)
        return dialog.given if dialog.exec() == QDialog.DialogCode.Accepted else None

    def show_tags(self, title: str, rows: tuple[TagRow, ...]) -> None:
        """The attributes of a file, beside the main window."""
        TagBrowser(self.parent, title, rows).show()

    def copy_text(self, text: str) -> None:
        """Onto the clipboard."""
        QGuiApplication.clipboard().setText(text)

    def show_monitoring(self, workbench: Workbench) -> None:
        """Rates over the signed reports, read anew each time."""
        MonitoringWindow(self.parent, workbench).show()

    def show_site_models(self, workbench: Workbench) -> None:
        """What the site decides about its models."""
        SiteModelsWindow(self.parent, workbench).show()

    def show_pacs_query(self, workbench: Workbench) -> None:
        """Search a node and fetch from it, beside the main window."""
        self._show_once(QueryWindow, workbench)

    def show_pacs_nodes(self, workbench: Workbench) -> None:
        """The nodes of the site."""
        self._show_once(NodesWindow, workbench)

    def show_transfers(self, workbench: Workbench) -> None:
        """The listener and the outbox."""
        self._show_once(TransfersWindow, workbench)

    def _show_once(self, kind: Callable[..., QDialog], workbench: Workbench) -> None:
        """One window of a kind; the second time it comes to the front as it was left."""
        window = self._windows.get(kind)
        if window is None:
            window = self._windows[kind] = kind(self.parent, workbench)
        window.show()
        window.raise_()
        window.activateWindow()

    def show_text(self, title: str, markdown: str) -> None:
        """Something to read, beside the main window."""
        TextWindow(self.parent, title, markdown).show()

    def choose_target(self, title: str, name: str, kinds: str = "") -> Path | None:
        """The name of a file to write; `name` is suggested, `kinds` are Qt's filters."""
        file, _filter = QFileDialog.getSaveFileName(self.parent, title, name, kinds)
        return Path(file) if file else None

    def show_pdf(
        self, study: Study, document: PdfDocument, pages: PdfPages, acts: PdfActions
    ) -> None:
        """A PDF document, beside the main window."""
        PdfWindow(self.parent, self._session, study, document, pages, acts).show()

    def show_model_picture(self, study: Study, picture: ModelPicture) -> None:
        """What a model saw, beside the main window."""
        ModelPictureWindow(self.parent, self._session, study, picture).show()

    def show_sr(self, study: Study, document: SrDocument, links: LinkActions) -> None:
        """A structured report, beside the main window."""
        SrWindow(self.parent, self._session, study, document, links).show()
