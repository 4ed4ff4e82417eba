"""Exporting a signed report: formats to a folder, a DICOMDIR over them, a queue for each node, a summary."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from viewer.app.heatmaps import study_files, study_heatmaps
from viewer.app.jobs import Job, JobContext, Lane
from viewer.app.pacs_nodes import node_named
from viewer.app.send import send, suffix_for
from viewer.app.settings import Export
from viewer.app.workbench import ExportChoice, Workbench
from viewer.base.errors import ExportError, ViewerError
from viewer.base.i18n import _, plural
from viewer.domain.study import Study
from viewer.export.destination import report_name
from viewer.export.evidence import Evidence
from viewer.export.exporter import Exporter, exporters
from viewer.export.media import write_media
from viewer.review.audit import AuditKind
from viewer.review.report import SignedReport

EXPORT_KEY = "export"
DICOM_SUFFIX = ".dcm"
FORMATS_SHARE = 0.6
"""Of the time of an export with media that the formats take, roughly."""


@dataclass(frozen=True)
class Bundle:
    """What was written: by title of the format, and the media folder with its number of files."""

    written: tuple[tuple[str, tuple[Path, ...]], ...]
    media: Path | None = None
    media_files: int = 0

    @property
    def files(self) -> tuple[Path, ...]:
        """All files of the formats."""
        return tuple(path for _title, paths in self.written for path in paths)

    def of(self, suffix: str) -> tuple[Path, ...]:
        """Those with that suffix."""
        return tuple(path for path in self.files if path.suffix == suffix)


def export(workbench: Workbench, study: Study, report: SignedReport, choice: ExportChoice) -> None:
    """Write the chosen formats off the GUI thread, queue them for the nodes, say what went where."""
    evidence = Evidence(study_files(study), study_heatmaps(workbench, study))
    session = workbench.session

    def work(context: JobContext) -> Bundle:
        return _bundle(report, evidence, choice, context)

    def done(bundle: Bundle) -> None:
        session.set_saving(None)
        _note(workbench, study, report, choice, bundle)
        queued = list(_queued(workbench, report, bundle, choice))
        session.notify(" ".join((*_sentences(bundle, choice.folder), *queued)))

    def failed(error: ViewerError) -> None:
        session.set_saving(None)
        session.fail(error)

    workbench.settings.change(export=Export(str(choice.folder), choice.formats, choice.media))
    session.set_saving(0.0)
    workbench.jobs.submit(
        Job(
            EXPORT_KEY,
            Lane.TRANSFER,
            work,
            done,
            failed,
            session.set_saving,
            on_cancelled=lambda: session.set_saving(None),
        )
    )


def cancel_export(workbench: Workbench) -> None:
    """Stop between two formats; each file that was written is whole and stays."""
    workbench.jobs.cancel(EXPORT_KEY)


def _bundle(
    report: SignedReport, evidence: Evidence, choice: ExportChoice, context: JobContext
) -> Bundle:
    chosen = [exporters()[key] for key in choice.formats]
    share = FORMATS_SHARE if choice.media else 1.0
    written = []
    for place, exporter in enumerate(chosen):
        context.report(share * place / len(chosen))
        written.append((exporter.title, _write(exporter, report, evidence, choice.folder)))
    bundle = Bundle(tuple(written))
    if not choice.media:
        return bundle
    folder = choice.folder / report_name(report, "_media")
    images = tuple(dict.fromkeys(evidence.files.values()))
    made = write_media(
        (*images, *bundle.of(DICOM_SUFFIX)),
        folder,
        lambda done: context.report(share + (1 - share) * done),
    )
    return Bundle(bundle.written, folder, len(made))


def _write(
    exporter: Exporter, report: SignedReport, evidence: Evidence, folder: Path
) -> tuple[Path, ...]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return exporter.write(report, evidence, folder)
    except OSError as error:
        raise ExportError(
            _("{title} could not be written to {folder}: {reason}. Choose another folder.").format(
                title=exporter.title, folder=folder, reason=error.strerror or error
            )
        ) from error


def _note(
    workbench: Workbench,
    study: Study,
    report: SignedReport,
    choice: ExportChoice,
    bundle: Bundle,
) -> None:
    said = {
        "report": report.report_uid,
        "formats": " ".join(choice.formats),
        "files": str(len(bundle.files) + bundle.media_files),
    }
    to = {"nodes": " ".join(choice.nodes)} if choice.nodes else {}
    workbench.log.note(AuditKind.EXPORT, study.uid, said | to)


def _queued(
    workbench: Workbench, report: SignedReport, bundle: Bundle, choice: ExportChoice
) -> Iterator[str]:
    """A sentence for each node; one that cannot be queued does not keep the others."""
    for node in choice.nodes:
        if node_named(workbench, node) is None:
            yield _("There is no node named {name} any more.").format(name=node)
            continue
        files = bundle.of(suffix_for(workbench, node))
        if not files:
            yield _("Nothing that {node} takes was chosen.").format(node=node)
            continue
        try:
            send(workbench, report, files, node)
        except ViewerError as error:
            yield str(error)
        else:
            count = plural("{n} object", "{n} objects", len(files))
            yield _("Queued {objects} for {node}.").format(objects=count, node=node)


def _sentences(bundle: Bundle, folder: Path) -> Iterator[str]:
    files = plural("{n} file", "{n} files", len(bundle.files))
    yield _("Exported {files} to {folder}.").format(files=files, folder=folder)
    if bundle.media is not None:
        count = plural("{n} file", "{n} files", bundle.media_files)
        said = _("With DICOMDIR: {files} in {folder}.")
        yield said.format(files=count, folder=bundle.media.name)
    empty = [title for title, paths in bundle.written if not paths]
    if empty:
        yield _("Nothing to write for: {titles}.").format(titles="; ".join(empty))
