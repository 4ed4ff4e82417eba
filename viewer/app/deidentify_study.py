"""De-identified copies of the open study: plan from the reader's choice, files off the GUI thread, a summary."""

import os
import secrets
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from viewer.app.deidentify_choice import DeidentifyChoice
from viewer.app.jobs import Job, JobContext, Lane
from viewer.app.workbench import Workbench
from viewer.base.errors import ExportError
from viewer.base.i18n import _, plural
from viewer.base.paths import settings_folder
from viewer.dicom.deidentify.files import Outcome, deidentify_files
from viewer.dicom.deidentify.pixels import RectanglePx
from viewer.dicom.deidentify.plan import Plan
from viewer.domain.study import Study
from viewer.review.audit import AuditKind
from viewer.review.drawing import Drawing

JOB_KEY = "deidentify"
SECRET_NAME = "deidentification.key"
SECRET_BYTES = 32


def export_deidentified(workbench: Workbench, study: Study, choice: DeidentifyChoice) -> None:
    """Write the copies in a job; what was written, left out and warned of is said at the end."""
    session = workbench.session
    plan = plan_of(choice)
    paths = study_paths(study)
    drawn = session.drawings_of(study).all if choice.blank_drawn else ()
    blank = drawn_rectangles(study, drawn)

    def work(context: JobContext) -> Outcome:
        return deidentify_files(paths, choice.folder, plan, blank, context.report)

    def done(outcome: Outcome) -> None:
        said = {"what": "de-identified copy", "files": str(len(outcome.written))}
        workbench.log.note(AuditKind.EXPORT, study.uid, said)
        session.set_saving(None)
        session.notify(summary(outcome, choice.folder))

    def failed(error: Exception) -> None:
        session.set_saving(None)
        session.notify(str(error))

    session.set_saving(0.0)
    workbench.jobs.submit(
        Job(
            JOB_KEY,
            Lane.TRANSFER,
            work,
            done,
            failed,
            session.set_saving,
            on_cancelled=lambda: session.set_saving(None),
        )
    )


def cancel_deidentified(workbench: Workbench) -> None:
    """Stop; what is written so far stays."""
    workbench.jobs.cancel(JOB_KEY)


def plan_of(choice: DeidentifyChoice) -> Plan:
    """The plan with this machine's secret, so that two exports replace a patient alike."""
    return Plan(secret(), choice.dates, choice.descriptors, choice.keep_characteristics)


def secret() -> bytes:
    """Drawn once at random and kept for the user alone; raises ExportError where that fails."""
    path = settings_folder() / SECRET_NAME
    try:
        if not path.exists():
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as stream:
                stream.write(secrets.token_bytes(SECRET_BYTES))
        kept = path.read_bytes()
    except OSError as problem:
        raise ExportError(
            _("{path} cannot be used: {reason}.").format(path=path, reason=problem)
        ) from problem
    if len(kept) != SECRET_BYTES:
        raise ExportError(
            _("{path} is damaged; delete it, and new replacements are drawn.").format(path=path)
        )
    return kept


def study_paths(study: Study) -> tuple[Path, ...]:
    """Every file of a study once, images and documents, in series order."""
    images = (each.path for series in study.series for each in series.instances)
    return tuple(dict.fromkeys((*images, *(one.path for one in study.objects))))


def drawn_rectangles(
    study: Study, drawings: tuple[Drawing, ...]
) -> dict[str, tuple[RectanglePx, ...]]:
    """What the reader covered with the rectangle tool, by series; whole pixels, outwards."""
    series_of = {
        each.sop_instance_uid: series.uid for series in study.series for each in series.instances
    }
    found: dict[str, tuple[RectanglePx, ...]] = {}
    for drawing in drawings:
        uid = series_of.get(drawing.annotation.sop_instance_uid)
        if drawing.annotation.tool == "rectangle" and uid:
            found[uid] = (*found.get(uid, ()), _covering(drawing))
    return found


def _covering(drawing: Drawing) -> RectanglePx:
    columns, rows = zip(*drawing.annotation.handles_px, strict=True)
    return (
        int(min(columns) + 0.5),
        int(min(rows) + 0.5),
        int(max(columns) + 1.5),
        int(max(rows) + 1.5),
    )


def summary(outcome: Outcome, folder: Path) -> str:
    """What was written, left out and may still tell who it is, in sentences."""
    return " ".join(_sentences(outcome, folder))


def _sentences(outcome: Outcome, folder: Path) -> Iterator[str]:
    files = plural("{n} image", "{n} images", len(outcome.written))
    yield _("De-identified {files} to {folder}.").format(files=files, folder=folder)
    for reason, count in Counter(one.reason for one in outcome.left_out).items():
        yield _("Left out {n}: {reason}").format(n=count, reason=reason)
    for reason, count in Counter(one.reason for one in outcome.warned).items():
        words = _("Look at {n} before sharing: {reason}")
        yield words.format(n=plural("{n} image", "{n} images", count), reason=reason)
