"""SignedReport: the confirmed report, frozen and hashed; the only thing an exporter accepts.

`viewer.review.signature.sign` is the one function that makes one; a value whose hash does not
match its content, or with an undecided finding, cannot come into being.
"""

from dataclasses import dataclass, field
from datetime import datetime

from viewer.base.errors import WorkflowError
from viewer.base.growth import GROWN
from viewer.base.i18n import _
from viewer.domain.finding import Finding, ModelRun
from viewer.domain.key_view import KeyView
from viewer.domain.study import Patient
from viewer.review.audit_head import AuditHead
from viewer.review.canonical import digest_without
from viewer.review.decision import ChangeReason, Decision
from viewer.review.drawing import Drawing
from viewer.review.reading import ReadingMode


@dataclass(frozen=True)
class ReportedStudy:
    """The study the report is of, as its files state it."""

    uid: str
    date: str
    time: str
    description: str
    accession_number: str
    study_id: str


@dataclass(frozen=True)
class ReportedFinding:
    """A finding with the physician's verdict on it."""

    finding: Finding
    decision: Decision


@dataclass(frozen=True)
class FirstRead:
    """What the reader stated before any AI was shown, as it was locked; no finding is stated as none.

    at: with time zone. findings: with side in the finding, confidence and comment in the decision.
    """

    findings: tuple[ReportedFinding, ...]
    reader: str
    at: datetime


@dataclass(frozen=True)
class ChangeOfMind:
    """A statement made after the reveal that departs from the locked first read.

    what: CONFIRMED, MODIFIED, INDETERMINATE (of an AI finding), WITHDRAWN or ADDED (of the reader's
    own), or REOPENED. reason: None for ADDED and REOPENED.
    """

    tracking_uid: str
    label: str
    what: str
    reason: ChangeReason | None
    reader: str
    at: datetime


@dataclass(frozen=True)
class Signature:
    """Who signs, when (with time zone), and what the signature means.

    reader: the printed name. user: the login name whose password was given; "" before 0.2.
    """

    reader: str
    at: datetime
    meaning: str
    user: str = field(default="", metadata=GROWN)


@dataclass(frozen=True)
class ReportContent:
    """All that a report says, before it is sealed.

    statements: what each AI did on this study, in words (not run, failed, not applicable, nothing
    above threshold, findings). misses: what the reader states about findings the AI did not mark.
    measurements: what the reader drew and measured. key_frames: (SOP Instance UID, frame) shown.
    reading_mode, first_read, revealed_at, changes: how the AI was read; None and empty before 0.2.
    audit_head: the end of the audit log when this was signed. key_views: how key frames that the reader
    marked were shown then; a frame without one is printed as it is.
    """

    report_uid: str
    version: int
    predecessor_uid: str
    patient: Patient
    study: ReportedStudy
    runs: tuple[ModelRun, ...]
    statements: tuple[str, ...]
    findings: tuple[ReportedFinding, ...]
    misses: str
    measurements: tuple[Drawing, ...]
    text: str
    key_frames: tuple[tuple[str, int], ...]
    signature: Signature
    software: str
    reading_mode: ReadingMode | None = field(default=None, metadata=GROWN)
    first_read: FirstRead | None = field(default=None, metadata=GROWN)
    revealed_at: datetime | None = field(default=None, metadata=GROWN)
    changes: tuple[ChangeOfMind, ...] = field(default=(), metadata=GROWN)
    audit_head: AuditHead | None = field(default=None, metadata=GROWN)
    key_views: tuple[KeyView, ...] = field(default=(), metadata=GROWN)

    @property
    def numbered_measurements(self) -> tuple[tuple[str, Drawing], ...]:
        """The drawings that say or measure something, with the number they have in the report."""
        telling = [one for one in self.measurements if one.measurements or one.annotation.text]
        return tuple((f"M{number}", drawing) for number, drawing in enumerate(telling, start=1))


@dataclass(frozen=True)
class SignedReport(ReportContent):
    """The sealed report. sha256: of the canonical JSON of its content."""

    sha256: str = field(kw_only=True)

    def __post_init__(self) -> None:
        read_first = self.reading_mode is ReadingMode.READ_FIRST
        if read_first != (self.first_read is not None) or read_first != bool(self.revealed_at):
            raise WorkflowError(
                _("A report of a first read needs that read, its lock and the time of the reveal.")
            )
        proposed = {finding.tracking_uid for run in self.runs for finding in run.findings}
        decided = {reported.finding.tracking_uid for reported in self.findings}
        if not proposed <= decided:
            raise WorkflowError(_("A report cannot hold an undecided AI finding."))
        if self.sha256 != digest_without(self, "sha256"):
            raise WorkflowError(_("The report does not match its own hash; it was changed."))
