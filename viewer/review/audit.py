"""The audit log: what is recorded of each act, chained by hashes so that a changed or missing line shows.

A record holds no patient name: a study is told by its UID, a finding by its tracking UID and label.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from typing import Any, get_args

from viewer.base.i18n import _
from viewer.domain.finding import Finding
from viewer.review.audit_head import AuditHead
from viewer.review.canonical import digest_without
from viewer.review.events import (
    AmendmentStarted,
    BlindReadingBegun,
    CaseEvent,
    Decided,
    FindingAdded,
    FindingKept,
    FindingWithdrawn,
    FirstReadLocked,
    KeyImageMarked,
    MissesAttested,
    Reopened,
    Revealed,
    RunRecorded,
    Signed,
    TextChanged,
    TruthStated,
    ViewStated,
)


class AuditKind(Enum):
    """What a record is about."""

    DATABASE = "database"
    START = "start"
    STOP = "stop"
    LOGIN = "login"
    LOGIN_FAILURE = "login_failure"
    REFUSAL = "refusal"
    LOGOUT = "logout"
    LOCK = "lock"
    UNLOCK = "unlock"
    TAKEOVER = "takeover"
    OPEN = "open"
    AI_RUN = "ai_run"
    VERDICT = "verdict"
    REOPEN = "reopen"
    FIRST_READ = "first_read"
    REVEAL = "reveal"
    EDIT = "edit"
    SIGN = "sign"
    AMEND = "amend"
    LATER_TRUTH = "later_truth"
    EXPORT = "export"
    RETRIEVE = "retrieve"
    RECEIVE = "receive"
    SEND = "send"
    DELETE = "delete"
    USER_CHANGE = "user_change"
    SETTINGS_CHANGE = "settings_change"
    MODEL_CHANGE = "model_change"
    SHADOW_RUN = "shadow_run"
    AUDIT_READ = "audit_read"
    AUDIT_EXPORT = "audit_export"


def kind_text(kind: str) -> str:
    """The kind in the reader's language; as it stands where it is none of ours."""
    known = {
        AuditKind.DATABASE: _("Database made or upgraded"),
        AuditKind.START: _("Program started"),
        AuditKind.STOP: _("Program ended"),
        AuditKind.LOGIN: _("Login"),
        AuditKind.LOGIN_FAILURE: _("Login refused"),
        AuditKind.REFUSAL: _("Act refused: not an administrator"),
        AuditKind.LOGOUT: _("Logout"),
        AuditKind.LOCK: _("Screen locked"),
        AuditKind.UNLOCK: _("Screen unlocked"),
        AuditKind.TAKEOVER: _("Case taken over"),
        AuditKind.OPEN: _("Study opened"),
        AuditKind.AI_RUN: _("AI run"),
        AuditKind.VERDICT: _("Verdict"),
        AuditKind.REOPEN: _("Verdict taken back"),
        AuditKind.FIRST_READ: _("First read"),
        AuditKind.REVEAL: _("AI revealed"),
        AuditKind.EDIT: _("Report edited"),
        AuditKind.SIGN: _("Report signed"),
        AuditKind.AMEND: _("Amendment started"),
        AuditKind.LATER_TRUTH: _("Later truth recorded"),
        AuditKind.EXPORT: _("Export"),
        AuditKind.RETRIEVE: _("Study fetched from a node"),
        AuditKind.RECEIVE: _("Study received by the listener"),
        AuditKind.SEND: _("Results sent to a node"),
        AuditKind.DELETE: _("Deletion"),
        AuditKind.USER_CHANGE: _("User changed"),
        AuditKind.SETTINGS_CHANGE: _("Setting changed"),
        AuditKind.MODEL_CHANGE: _("Model of the site changed"),
        AuditKind.SHADOW_RUN: _("AI run in shadow"),
        AuditKind.AUDIT_READ: _("Audit log read"),
        AuditKind.AUDIT_EXPORT: _("Audit log exported"),
    }
    texts = {one.value: words for one, words in known.items()}
    return texts.get(kind, kind)


@dataclass(frozen=True)
class Actor:
    """Who acts, where. user: login name, "" while nobody is logged in. reader: printed name as far as known.
    instance: of the running program, "" where none holds cases."""

    user: str = ""
    reader: str = ""
    workstation: str = ""
    instance: str = ""


@dataclass(frozen=True)
class AuditRecord:
    """One line of the log. at_utc: ISO 8601; zone: offset of the workstation's clock then, e.g. "+01:00".

    kind: value of an AuditKind. detail: short words by name. previous: sha256 of the record before.
    sha256: of the canonical JSON of all other fields.
    """

    sequence: int
    at_utc: str
    zone: str
    user: str
    workstation: str
    kind: str
    study_uid: str
    detail: Mapping[str, str]
    previous: str
    sha256: str = ""

    @property
    def at(self) -> datetime:
        """The moment on the workstation's clock, with its zone."""
        moment = datetime.fromisoformat(self.at_utc)
        return moment.astimezone(datetime.fromisoformat(f"2000-01-01T00:00:00{self.zone}").tzinfo)


@dataclass(frozen=True)
class Fault:
    """The first record that is not as it was written, and what is wrong."""

    sequence: int
    sentence: str


def next_record(
    head: AuditHead,
    who: Actor,
    kind: AuditKind,
    at: datetime,
    study_uid: str = "",
    detail: Mapping[str, str] | None = None,
) -> AuditRecord:
    """The record that follows `head`, sealed. at: with time zone."""
    record = AuditRecord(
        sequence=head.sequence + 1,
        at_utc=at.astimezone(UTC).isoformat(),
        zone=at.isoformat()[-6:],
        user=who.user,
        workstation=who.workstation,
        kind=kind.value,
        study_uid=study_uid,
        detail=dict(detail or {}),
        previous=head.sha256,
    )
    return replace(record, sha256=digest_without(record, "sha256"))


def chain_fault(records: Iterable[AuditRecord], anchors: Iterable[AuditHead] = ()) -> Fault | None:
    """The first fault of a whole log, in order; None where every record and every anchor holds."""
    expected = {anchor.sequence: anchor.sha256 for anchor in anchors if anchor.sequence}
    head = AuditHead()
    for record in records:
        fault = _fault_after(head, record, expected)
        if fault is not None:
            return fault
        head = AuditHead(record.sequence, record.sha256)
    last = max(expected, default=0)
    if last > head.sequence:
        words = _("records {first} to {last} are missing at the end")
        return Fault(head.sequence + 1, words.format(first=head.sequence + 1, last=last))
    return None


def _fault_after(head: AuditHead, record: AuditRecord, expected: dict[int, str]) -> Fault | None:
    due = head.sequence + 1
    if record.sequence != due:
        words = _("record {n} is missing; record {found} stands in its place")
        return Fault(due, words.format(n=due, found=record.sequence))
    if record.sha256 != digest_without(record, "sha256"):
        return Fault(due, _("record {n} was changed after it was written").format(n=due))
    if record.previous != head.sha256:
        words = _("record {n} was replaced: record {after} was chained to another")
        return Fault(max(head.sequence, 1), words.format(n=head.sequence, after=due))
    if expected.get(due, record.sha256) != record.sha256:
        return Fault(due, _("record {n} is not the one that was anchored").format(n=due))
    return None


def _finding(finding: Finding) -> dict[str, str]:
    return {"finding": finding.tracking_uid, "label": finding.label}


def _run(event: RunRecorded) -> dict[str, str]:
    run = event.run
    return {
        "model": f"{run.algorithm.model_id} {run.algorithm.version}",
        "model_sha256": run.algorithm.sha256,
        "state": run.state.value,
        "series": run.series_uid,
        "findings": str(len(run.findings)),
    }


def _decided(event: Decided) -> dict[str, str]:
    made = event.decision
    reason = "" if made.reason is None else made.reason.value
    return {"finding": made.tracking_uid, "verdict": made.verdict.value, "reason": reason}


def _truth(event: TruthStated) -> dict[str, str]:
    truth = event.truth
    source = "" if truth.source is None else truth.source.value
    said = {"label": truth.label, "truth": truth.state.value, "source": source}
    return {**said, "known_on": truth.known_on}


_Told = tuple[AuditKind, Callable[[Any], Mapping[str, str]]]
_TOLD: dict[type, _Told] = {
    BlindReadingBegun: (AuditKind.FIRST_READ, lambda _event: {"what": "begun"}),
    FirstReadLocked: (
        AuditKind.FIRST_READ,
        lambda event: {"what": "locked", "findings": str(len(event.read.findings))},
    ),
    Revealed: (AuditKind.REVEAL, lambda _event: {}),
    FindingKept: (
        AuditKind.VERDICT,
        lambda event: {"finding": event.tracking_uid, "what": "own finding kept"},
    ),
    RunRecorded: (AuditKind.AI_RUN, _run),
    ViewStated: (AuditKind.EDIT, lambda event: {"what": "view", "view": event.view}),
    Decided: (AuditKind.VERDICT, _decided),
    Reopened: (AuditKind.REOPEN, lambda event: {"finding": event.tracking_uid}),
    FindingAdded: (
        AuditKind.VERDICT,
        lambda event: {**_finding(event.finding), "verdict": event.decision.verdict.value},
    ),
    FindingWithdrawn: (
        AuditKind.REOPEN,
        lambda event: {"finding": event.tracking_uid, "what": "own finding withdrawn"},
    ),
    MissesAttested: (
        AuditKind.VERDICT,
        lambda event: {"what": "no further finding", "stated": str(event.stated)},
    ),
    TextChanged: (AuditKind.EDIT, lambda _event: {"what": "text"}),
    KeyImageMarked: (
        AuditKind.EDIT,
        lambda event: {"what": "key image", "marked": str(event.marked)},
    ),
    Signed: (
        AuditKind.SIGN,
        lambda event: {
            "report": event.report.report_uid,
            "version": str(event.report.version),
            "report_sha256": event.report.sha256,
            "meaning": event.report.signature.meaning,
        },
    ),
    AmendmentStarted: (AuditKind.AMEND, lambda _event: {}),
    TruthStated: (AuditKind.LATER_TRUTH, _truth),
}
"""How each event of a case is told in the log; an event without an entry stops the start of the program."""

assert set(get_args(CaseEvent)) == set(_TOLD), "an event of a case has no entry in _TOLD"


def told(event: CaseEvent) -> tuple[AuditKind, dict[str, str]]:
    """Kind and detail of the record that goes with an event of a case."""
    kind, words = _TOLD[type(event)]
    return kind, dict(words(event))
