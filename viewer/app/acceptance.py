"""Acceptance of a model on labelled images of the site: measured as a job, signed, then switched on."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from viewer import __version__
from viewer.app.evaluation.labels import Labels, read_labels
from viewer.app.evaluation.outcome import Outcome, evaluate_image
from viewer.app.evaluation.summary import Json, summary
from viewer.app.jobs import Job, JobContext, Lane
from viewer.app.operating_points import at_point
from viewer.app.workbench import Workbench, now
from viewer.base.errors import ModelError, ViewerError
from viewer.base.i18n import _
from viewer.domain.figures import Figure, wilson
from viewer.domain.finding import RunState
from viewer.export.destination import write_whole
from viewer.export.pdf.acceptance import acceptance_content
from viewer.inference.manifest import words
from viewer.inference.model_package import ModelPackage
from viewer.inference.session import Device, SessionPool
from viewer.review.acceptance import (
    Acceptance,
    AcceptanceContent,
    ThresholdRow,
    document,
    sealed,
    threshold_rows,
)
from viewer.review.audit import AuditKind
from viewer.review.canonical import canonical_json
from viewer.review.monitoring import Limits, figure_text
from viewer.review.observations import Observation, in_shadow
from viewer.review.site_model import ModelState, SiteModel, model_key
from viewer.store.audit_log import AuditLog
from viewer.store.site_models import SiteModelStore
from viewer.store.users import User

MEASURE_KEY = "acceptance"
SHADOW_KEY = "shadow figures"
MEANING = "I have seen these figures and take the model into use at this site."


@dataclass(frozen=True)
class Measured:
    """What a model showed on a table of labels. rows: by finding key, thresholds with their rates."""

    package: ModelPackage
    labels_sha256: str
    figures: Json
    rows: Mapping[str, tuple[ThresholdRow, ...]]


@dataclass(frozen=True)
class Listeners:
    """Who hears of the measuring: the outcome, what went wrong, the share done, that it was given up."""

    measured: Callable[[Measured], None]
    failed: Callable[[ViewerError], None]
    progress: Callable[[float], None]
    given_up: Callable[[], None]


def measure(workbench: Workbench, package: ModelPackage, table: Path, tell: Listeners) -> None:
    """Run the package, at the point of the settings, over a table of labelled images; off the GUI thread."""
    package = at_point(package, workbench.settings.values.inference.operating_point)
    device = Device(workbench.settings.values.inference.device)

    def work(context: JobContext) -> Measured:
        return measured_on(package, table, workbench.sessions, device, context.report)

    job = Job(
        MEASURE_KEY,
        Lane.OBJECTS,
        work,
        tell.measured,
        tell.failed,
        tell.progress,
        on_cancelled=tell.given_up,
    )
    workbench.jobs.submit(job)


def measured_on(
    package: ModelPackage,
    table: Path,
    pool: SessionPool,
    device: Device,
    report: Callable[[float], None],
) -> Measured:
    """Run the package as it stands over a table of labelled images; `report` hears the share done.

    Raises FileProblem for a table that is not clear, ModelError where no image could be measured.
    """
    content = table.read_bytes() if table.is_file() else b""
    labels = _labels(package, table)
    outcomes: list[Outcome] = []
    for number, image in enumerate(labels.images):
        report(number / len(labels.images))
        outcomes.append(evaluate_image(package, image, pool, device))
    return _measured(package, hashlib.sha256(content).hexdigest(), outcomes, labels)


def give_up(workbench: Workbench) -> None:
    """Stop measuring; nothing is kept."""
    workbench.jobs.cancel(MEASURE_KEY)


def accept(
    workbench: Workbench,
    measured: Measured,
    thresholds: Mapping[str, float],
    reason: str,
    user: User,
) -> Acceptance:
    """Seal the report under the name of `user`, keep it, and switch the model on at the thresholds.

    thresholds: by finding key, those of `measured.rows`; they are frozen, the manifest's value as well. A
    finding that is not named keeps the manifest's.
    Raises WorkflowError without a reason, StoreError where it cannot be written; then nothing changes.
    """
    report, decision = accepted(measured, thresholds, reason, user)
    workbench.site_models.decide(decision, report)
    return report


def accepted(
    measured: Measured, thresholds: Mapping[str, float], reason: str, user: User
) -> tuple[Acceptance, SiteModel]:
    """The sealed report under the name of `user`, and the decision that rests on it; not stored yet.

    Raises WorkflowError without a reason, or for a threshold that was not measured.
    """
    at = now()
    content = AcceptanceContent(
        measured.package.algorithm,
        measured.labels_sha256,
        canonical_json(measured.figures),
        measured.rows,
        thresholds,
        reason.strip(),
        user.printed_name,
        user.name,
        at,
        MEANING,
        f"SecondRead {__version__}",
    )
    report = sealed(content)
    decision = SiteModel(
        report.algorithm,
        ModelState.ON,
        report.signed_by,
        report.user,
        at,
        report.reason,
        dict(thresholds),
        report.sha256,
    )
    return report, decision


def switch(workbench: Workbench, package: ModelPackage, state: ModelState, reason: str) -> None:
    """Let a model run, run in shadow, or not; the thresholds and the acceptance of this very model stay.

    Raises ModelError, StoreError.
    """
    before = workbench.site_models.decision(package)
    user = workbench.accounts.user
    workbench.site_models.decide(
        SiteModel(
            package.algorithm,
            state,
            workbench.reader,
            "" if user is None else user.name,
            now(),
            reason,
            {} if before is None else before.thresholds,
            "" if before is None else before.acceptance_sha256,
        ),
        default=ModelState(package.manifest.default_state),
    )


def save_report(workbench: Workbench, package: ModelPackage, path: Path) -> None:
    """Write the acceptance report of a package, and record it; see `write_acceptance`. Raises ModelError."""
    decision = workbench.site_models.decision(package)
    write_acceptance(workbench.site_models.store, workbench.log, decision, package, path)


def write_acceptance(
    store: SiteModelStore,
    log: AuditLog,
    decision: SiteModel | None,
    package: ModelPackage,
    path: Path,
) -> None:
    """Write the report a decision rests on as JSON (`.json`) or as PDF, and record it.

    Raises ModelError where it rests on none, ExportError where it cannot be written.
    """
    sha256 = "" if decision is None else decision.acceptance_sha256
    report = store.acceptance(sha256) if sha256 else None
    if report is None:
        raise ModelError(_("This model has no acceptance report."))
    if path.suffix == ".json":
        content = document(report).encode("utf-8")
    else:
        names = {one.key: words(one.display) for one in package.manifest.findings}
        content = acceptance_content(report, names)
    write_whole(path.parent, path.name, content)
    log.note(
        AuditKind.EXPORT,
        detail={"what": "acceptance report", "format": path.suffix, "sha256": sha256},
    )


def shadow_words(
    workbench: Workbench,
    package: ModelPackage,
    limits: Limits,
    say: Callable[[str], None],
    failed: Callable[[ViewerError], None],
) -> None:
    """Compare a model's runs in shadow with the reports signed without sight of them; `say` gets the text."""
    key = model_key(package.algorithm)

    def work(_context: JobContext) -> str:
        pairs = (one for one in workbench.shadow.compared() if model_key(one[0].algorithm) == key)
        return _shadow_text(in_shadow(pairs), limits)

    workbench.jobs.submit(Job(SHADOW_KEY, Lane.OBJECTS, work, say, failed))


def _shadow_text(rows: Sequence[Observation], limits: Limits) -> str:
    if not rows:
        return _("No run in shadow with a signed report yet.")
    lines = [_("Compared with reports that were signed before the model ran:"), ""]
    for finding in dict.fromkeys(row.subject.finding for row in rows):
        own = [row for row in rows if row.subject.finding == finding]
        ill, well = ([row for row in own if row.stands is side] for side in (True, False))
        lines.append(
            _("- **{finding}**: sensitivity {sensitivity}; specificity {specificity}").format(
                finding=finding,
                sensitivity=figure_text(_share(ill, True), limits),
                specificity=figure_text(_share(well, False), limits),
            )
        )
    return "\n".join(lines)


def _share(rows: Sequence[Observation], proposed: bool) -> Figure:
    return wilson(sum(row.proposed is proposed for row in rows), len(rows))


def _labels(package: ModelPackage, table: Path) -> Labels:
    manifest = package.manifest
    keys = [finding.key for finding in manifest.findings]
    return read_labels(table, keys, [label.key for label in manifest.labels])


def _measured(
    package: ModelPackage, labels_sha256: str, outcomes: Sequence[Outcome], labels: Labels
) -> Measured:
    done = [one for one in outcomes if one.state is RunState.DONE]
    if not done:
        reasons = " ".join(dict.fromkeys(one.reason for one in outcomes))
        raise ModelError(_("No image could be measured. {reasons}").format(reasons=reasons))
    own = package.manifest.operating_point.thresholds
    rows = {key: _rows(done, key, own[key]) for key in labels.findings}
    return Measured(package, labels_sha256, summary(outcomes, labels, package.manifest), rows)


def _rows(done: Sequence[Outcome], key: str, own: float) -> tuple[ThresholdRow, ...]:
    known = [
        (bool(one.image.truths[key]), one) for one in done if one.image.truths[key] is not None
    ]
    scores = [one.scores.get(key, float("-inf")) for _sick, one in known]
    return threshold_rows([sick for sick, _one in known], scores, own)
