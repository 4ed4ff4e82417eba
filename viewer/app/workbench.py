"""Workbench: the holders and services that commands work with, put together by the composition root."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from viewer.app.frame_cache import FrameCache
from viewer.app.jobs import JobRunner
from viewer.app.pictures import PictureChoice
from viewer.app.session import Session, Shown
from viewer.app.settings import Settings
from viewer.dicom.tags import TagRow
from viewer.domain.sr_document import InstanceLink, SrDocument
from viewer.domain.study import Study
from viewer.inference.model_store import ModelStore
from viewer.inference.session import SessionPool
from viewer.review.events import CaseEvent
from viewer.review.report import SignedReport
from viewer.store.cases import CaseStore
from viewer.store.heatmaps import HeatmapStore


@dataclass(frozen=True)
class ExportChoice:
    """Where to, and which formats (exporter keys)."""

    folder: Path
    formats: tuple[str, ...]


@dataclass(frozen=True)
class LinkActions:
    """What a document's links do. place: where the instance is shown, "" where it is not open.

    go: brings it to the screen; says why not, or "".
    """

    place: Callable[[InstanceLink], str]
    go: Callable[[InstanceLink], str]


class Dialogs(Protocol):
    """Questions that stop everything; None means the reader turned back."""

    def choose_files(self) -> tuple[Path, ...]: ...

    def choose_folder(self) -> Path | None: ...

    def ask_signature(self, study: Study) -> str | None: ...

    def ask_export(self, report: SignedReport) -> ExportChoice | None: ...

    def ask_pictures(self, shown: Shown) -> PictureChoice | None: ...

    def show_tags(self, title: str, rows: tuple[TagRow, ...]) -> None: ...

    def show_text(self, title: str, markdown: str) -> None: ...

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
    dialogs: Dialogs

    @property
    def reader(self) -> str:
        """The reader's name as far as it is known; decisions before signing carry it."""
        return self.settings.values.reading.reader

    def record(self, study: Study, event: CaseEvent) -> None:
        """Check, store, then apply an event: when this returns, it is on the disk and on the screen.

        Raises WorkflowError or StoreError; then nothing has changed.
        """
        case = self.session.case_of(study)
        case.check(event)
        self.cases.append(study, event)
        case.apply(event)
        self.session.events.case.emit(None)


def now() -> datetime:
    """The present time with the machine's zone."""
    return datetime.now().astimezone()
