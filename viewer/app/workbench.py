"""Workbench: the holders and services that commands work with, put together by the composition root."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from viewer.app.accounts import Accounts
from viewer.app.bare_model import BareModel
from viewer.app.deidentify_choice import DeidentifyChoice
from viewer.app.frame_cache import FrameCache
from viewer.app.jobs import JobRunner
from viewer.app.pictures import PictureChoice
from viewer.app.session import Session, Shown
from viewer.app.settings import Settings, Site
from viewer.app.shared_settings import SharedSettings
from viewer.app.site_models import SiteModels
from viewer.base.errors import CaseElsewhere, ViewerError
from viewer.dicom.tags import TagRow
from viewer.domain.pdf_document import PdfDocument, PdfPage
from viewer.domain.sr_document import InstanceLink, SrDocument
from viewer.domain.study import Study
from viewer.inference.importing.answers import Given
from viewer.inference.model_store import ModelStore
from viewer.inference.session import SessionPool
from viewer.review.events import CaseEvent
from viewer.review.report import SignedReport
from viewer.store.audit_log import AuditLog
from viewer.store.cases import CaseStore
from viewer.store.earlier import EarlierCases
from viewer.store.heatmaps import HeatmapStore
from viewer.store.locks import LockStore
from viewer.store.shadow_runs import ShadowStore
from viewer.store.users import User


@dataclass(frozen=True)
class ExportChoice:
    """Where to, and which formats (exporter keys).

    media: DICOM files go with the images of the study under a DICOMDIR. nodes: names of the nodes that
    get the DICOM files.
    """

    folder: Path
    formats: tuple[str, ...]
    media: bool = False
    nodes: tuple[str, ...] = ()


@dataclass(frozen=True)
class LinkActions:
    """What a document's links do. place: where the instance is shown, "" where it is not open.

    go: brings it to the screen; says why not, or "".
    """

    place: Callable[[InstanceLink], str]
    go: Callable[[InstanceLink], str]


@dataclass(frozen=True)
class PdfPages:
    """The pages of a PDF; fault: why there are none to show, else ""."""

    pages: tuple[PdfPage, ...] = ()
    fault: str = ""


TakePage = Callable[[NDArray[np.uint8]], None]


@dataclass(frozen=True)
class PdfActions:
    """draw: page (0 is the first), pixels per point, who takes it (rows, columns, RGB), who hears why
    not. forget: pages that are no longer wanted. save: asks where, and writes the PDF."""

    draw: Callable[[int, float, TakePage, Callable[[ViewerError], None]], None]
    forget: Callable[[int], None]
    save: Callable[[], None]


@dataclass(frozen=True, eq=False)
class ModelPicture:
    """What a model saw or is sensitive to: title, RGB picture (rows, columns, 3) uint8, lines below it."""

    title: str
    picture: NDArray[np.uint8]
    lines: tuple[str, ...]


class Dialogs(Protocol):
    """Questions that stop everything; None means the reader turned back."""

    def choose_files(self) -> tuple[Path, ...]: ...

    def choose_model(self) -> Path | None: ...

    def choose_folder(self) -> Path | None: ...

    def ask_signature(self, study: Study, accounts: Accounts) -> User | None: ...

    def ask_login(
        self, title: str, words: str, accounts: Accounts, act: Callable[[str, str], User]
    ) -> User | None: ...

    def ask_new_password(self, accounts: Accounts) -> bool: ...

    def ask_consent(self, title: str, words: str) -> bool: ...

    def ask_site(self, site: Site) -> Site | None: ...

    def show_users(self, accounts: Accounts) -> None: ...

    def show_audit(self, workbench: "Workbench") -> None: ...

    def show_monitoring(self, workbench: "Workbench") -> None: ...

    def show_site_models(self, workbench: "Workbench") -> None: ...

    def ask_truth(self, workbench: "Workbench", study: Study) -> None: ...

    def ask_export(self, report: SignedReport) -> ExportChoice | None: ...

    def ask_pictures(self, shown: Shown) -> PictureChoice | None: ...

    def ask_deidentify(self, study: Study) -> DeidentifyChoice | None: ...

    def ask_import(self, model: BareModel) -> Given | None: ...

    def show_tags(self, title: str, rows: tuple[TagRow, ...]) -> None: ...

    def show_text(self, title: str, markdown: str) -> None: ...

    def choose_target(self, title: str, name: str, kinds: str = "") -> Path | None: ...

    def show_pdf(
        self, study: Study, document: PdfDocument, pages: PdfPages, acts: PdfActions
    ) -> None: ...
    def show_pacs_query(self, workbench: "Workbench") -> None: ...

    def show_pacs_nodes(self, workbench: "Workbench") -> None: ...

    def show_transfers(self, workbench: "Workbench") -> None: ...

    def copy_text(self, text: str) -> None: ...

    def show_model_picture(self, study: Study, picture: ModelPicture) -> None: ...

    def show_sr(self, study: Study, document: SrDocument, links: LinkActions) -> None: ...


@dataclass(frozen=True)
class Workbench:
    """All that a command may use."""

    session: Session
    settings: Settings
    jobs: JobRunner
    frames: FrameCache
    models: ModelStore
    sessions: SessionPool
    cases: CaseStore
    heatmaps: HeatmapStore
    log: AuditLog
    locks: LockStore
    accounts: Accounts
    shared: SharedSettings
    site_models: SiteModels
    shadow: ShadowStore
    earlier: EarlierCases
    dialogs: Dialogs

    @property
    def reader(self) -> str:
        """The printed name of who is logged in, else the last one known; decisions carry it."""
        if self.session.presence.user is not None:
            return self.session.presence.user.printed_name
        return self.settings.values.reading.reader

    def record(self, study: Study, event: CaseEvent) -> None:
        """Check, store, then apply an event: when this returns, it is on the disk and on the screen.

        Raises WorkflowError or StoreError; then nothing has changed. Where the case has moved on
        elsewhere (CaseElsewhere), it is shown as it stands.
        """
        case = self.session.case_of(study)
        case.check(event)
        try:
            self.cases.append(study, event, len(case.history))
        except CaseElsewhere:
            self.session.presence.set_holder(study, self.locks.holder(study))
            self.session.reload(study)
            raise
        case.apply(event)
        self.session.events.case.emit(None)


def now() -> datetime:
    """The present time with the machine's zone."""
    return datetime.now().astimezone()
