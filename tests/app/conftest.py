"""A workbench without a window: jobs held until the test lets them go, dialogs answered by the test."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from dicom_films import write_film
from held_runner import HeldRunner
from model_packages import build_package, phantom
from pacs_partners import orthanc, running
from pumped_runner import pump
from readers import prove

from viewer.app.accounts import Accounts
from viewer.app.bare_model import BareModel
from viewer.app.compose import compose
from viewer.app.deidentify_choice import DeidentifyChoice
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
from viewer.base.paths import data_folder
from viewer.dicom.tags import TagRow
from viewer.domain.pdf_document import PdfDocument
from viewer.domain.sr_document import SrDocument
from viewer.domain.study import Study
from viewer.inference.importing.answers import Given
from viewer.inference.model_store import ModelStore
from viewer.review.report import SignedReport
from viewer.store.users import User

__all__ = ["orthanc", "pump", "running"]


class Answers:
    """Answers of the reader to questions."""

    def __init__(self, _session: Session, _settings: Settings) -> None:
        self.reader: str | None = "Dr Li"
        self.login: tuple[str, str] | None = None
        self.site: Site | None = None
        self.consents = False
        self.users_shown = False
        self.audit_shown = False
        self.monitoring_shown = False
        self.site_models_shown = False
        self.choice: ExportChoice | None = None
        self.pictures: PictureChoice | None = None
        self.target: Path | None = None
        self.deidentified: DeidentifyChoice | None = None
        self.files: tuple[Path, ...] = ()
        self.imported: Given | None = None

    def choose_files(self) -> tuple[Path, ...]:
        return self.files

    def choose_folder(self) -> Path | None:
        return None

    def ask_signature(self, study: Study, accounts: Accounts) -> User | None:
        return None if self.reader is None else prove(accounts, self.reader)

    def ask_login(
        self, title: str, words: str, accounts: Accounts, act: Callable[[str, str], User]
    ) -> User | None:
        return None if self.login is None else act(*self.login)

    def ask_truth(self, workbench: Workbench, study: Study) -> None:
        self.truth_asked = study

    def ask_new_password(self, accounts: Accounts) -> bool:
        return False

    def ask_consent(self, title: str, words: str) -> bool:
        self.asked = words
        return self.consents

    def ask_site(self, site: Site) -> Site | None:
        return self.site

    def show_users(self, accounts: Accounts) -> None:
        self.users_shown = True

    def show_audit(self, workbench: Workbench) -> None:
        self.audit_shown = True

    def show_site_models(self, workbench: Workbench) -> None:
        self.site_models_shown = True

    def show_monitoring(self, workbench: Workbench) -> None:
        self.monitoring_shown = True

    def ask_export(self, report: SignedReport) -> ExportChoice | None:
        return self.choice

    def ask_pictures(self, shown: Shown) -> PictureChoice | None:
        return self.pictures

    def ask_deidentify(self, study: Study) -> DeidentifyChoice | None:
        return self.deidentified

    def choose_model(self) -> Path | None:
        return self.files[0] if self.files else None

    def ask_import(self, model: BareModel) -> Given | None:
        self.asked_import = model
        return self.imported

    def show_tags(self, title: str, rows: tuple[TagRow, ...]) -> None:
        self.shown_tags = rows

    def copy_text(self, text: str) -> None:
        self.copied = text

    def show_pacs_query(self, workbench: Workbench) -> None:
        self.shown_window = "query"

    def show_pacs_nodes(self, workbench: Workbench) -> None:
        self.shown_window = "nodes"

    def show_transfers(self, workbench: Workbench) -> None:
        self.shown_window = "transfers"

    def show_text(self, title: str, markdown: str) -> None:
        self.shown_text = (title, markdown)

    def choose_target(self, title: str, name: str, kinds: str = "") -> Path | None:
        self.asked_name = name
        return self.target

    def show_pdf(
        self, study: Study, document: PdfDocument, pages: PdfPages, acts: PdfActions
    ) -> None:
        self.shown_pdf = (study, document, pages, acts)

    def show_model_picture(self, study: Study, picture: ModelPicture) -> None:
        self.model_picture = picture

    def show_sr(self, study: Study, document: SrDocument, links: LinkActions) -> None:
        self.shown_sr = (study, document, links)


@pytest.fixture
def answers() -> type[Answers]:
    """The dialogs of the workbench, for tests that compose their own."""
    return Answers


@pytest.fixture
def runner() -> HeldRunner:
    return HeldRunner()


@pytest.fixture
def bench(runner: HeldRunner) -> Workbench:
    folder = data_folder() / "models"
    build_package(folder / "phantom_reader")
    return compose(runner, Answers, ModelStore([folder]))


@pytest.fixture
def two_patients(tmp_path: Path) -> Path:
    """One film each of Jane and of John, both with a large heart."""
    grey = np.rint(phantom(300, 260, (0.2, 0.75)) * 4000).astype(np.uint16)
    write_film(tmp_path / "jane.dcm", grey, "DOE^JANE", "ID-1", "2.25.1")
    write_film(tmp_path / "john.dcm", grey, "ROE^JOHN", "ID-2", "2.25.2")
    return tmp_path
