"""Signing and exporting: the case becomes a SignedReport, and only that leaves the program."""

from dataclasses import replace
from pathlib import Path

from viewer import __version__
from viewer.app.ai_state import unrecorded_sentences
from viewer.app.heatmaps import study_files, study_heatmaps
from viewer.app.jobs import Job, JobContext, Lane
from viewer.app.settings import Export
from viewer.app.workbench import ExportChoice, Workbench, now
from viewer.base.errors import ExportError
from viewer.base.i18n import _, plural
from viewer.domain.study import Study
from viewer.export.evidence import Evidence
from viewer.export.exporter import Exporter, exporters
from viewer.review.audit import AuditKind
from viewer.review.events import AmendmentStarted, Signed
from viewer.review.report import SignedReport
from viewer.review.signature import blockers, sign
from viewer.store.users import User

EXPORT_KEY = "export"
SOFTWARE = f"SecondRead {__version__}"


def reasons_not_to_sign(workbench: Workbench, study: Study) -> tuple[str, ...]:
    """Why the study cannot be signed now; empty when it can."""
    session = workbench.session
    arriving = study.uid in session.network.arriving
    still = (_("Images of this study are still arriving."),) if arriving else ()
    return (*blockers(session.case_of(study), session.is_running(study)), *still)


def sign_study(workbench: Workbench, study: Study, signer: User) -> SignedReport:
    """Sign the case of `study` as `signer`, who has just given the password; raises WorkflowError while it is
    not ready."""
    session = workbench.session
    report = sign(
        session.case_of(study),
        study,
        signer.printed_name,
        now(),
        SOFTWARE,
        unrecorded_sentences(workbench, study),
        session.is_running(study),
        session.drawings_of(study).all,
        user=signer.name,
        audit_head=workbench.log.head(),
    )
    workbench.record(study, Signed(report))
    reading = replace(workbench.settings.values.reading, reader=report.signature.reader)
    workbench.settings.change(reading=reading)
    return report


def start_amendment(workbench: Workbench, study: Study) -> None:
    """Open a signed case again; what follows becomes the next version."""
    workbench.record(study, AmendmentStarted(workbench.reader, now()))


def export(workbench: Workbench, study: Study, report: SignedReport, choice: ExportChoice) -> None:
    """Write the chosen formats off the GUI thread, then say what went where."""
    evidence = Evidence(study_files(study), study_heatmaps(workbench, study))
    chosen = [exporters()[key] for key in choice.formats]
    session = workbench.session

    def work(context: JobContext) -> int:
        count = 0
        for place, exporter in enumerate(chosen):
            context.report(place / len(chosen))
            count += _write(exporter, report, evidence, choice.folder)
        return count

    def done(count: int) -> None:
        files = plural("{n} file", "{n} files", count)
        said = {
            "report": report.report_uid,
            "formats": " ".join(choice.formats),
            "files": str(count),
        }
        workbench.log.note(AuditKind.EXPORT, study.uid, said)
        session.notify(_("Exported {files} to {folder}.").format(files=files, folder=choice.folder))

    workbench.settings.change(export=Export(str(choice.folder), choice.formats))
    workbench.jobs.submit(Job(EXPORT_KEY, Lane.TRANSFER, work, done, session.fail))


def _write(exporter: Exporter, report: SignedReport, evidence: Evidence, folder: Path) -> int:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return len(exporter.write(report, evidence, folder))
    except OSError as error:
        raise ExportError(
            _("{title} could not be written to {folder}: {reason}. Choose another folder.").format(
                title=exporter.title, folder=folder, reason=error.strerror or error
            )
        ) from error
