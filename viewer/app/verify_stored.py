"""Does a signed report still match what the case database stored, and does the audit log around it hold?"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from viewer.app.verify_report import Check
from viewer.base.errors import ViewerError
from viewer.base.i18n import _
from viewer.base.paths import data_folder
from viewer.review.canonical import digest, to_plain
from viewer.review.case import Case
from viewer.review.decision import Decision, verdict_text
from viewer.review.events import CaseEvent, Signed
from viewer.review.report import ReportContent, ReportedFinding
from viewer.store.audit_check import check_log
from viewer.store.audit_log import Anchor, AuditLog
from viewer.store.cases import CaseStore
from viewer.store.database import anchor_path, open_database


@contextmanager
def opened_log(place: Path | str) -> Iterator[AuditLog]:
    """The audit log of a database that is there already; raises StoreError where it cannot be opened."""
    engine = open_database(place)
    try:
        yield AuditLog(engine, Anchor(anchor_path(place, data_folder())))
    finally:
        engine.dispose()


def stored_checks(content: ReportContent, place: Path | str) -> Iterator[Check]:
    """Compare each decision with the stored one, the report with the stored one, and the log with itself."""
    if isinstance(place, Path) and not place.is_file():
        words = _("there is no case database here; --database names another")
        yield Check(_("decisions and audit log"), None, words)
        return
    with opened_log(place) as log:
        yield from _decision_checks(content, CaseStore(log.engine, log))
        yield from _log_checks(content, log)


def _decision_checks(content: ReportContent, cases: CaseStore) -> Iterator[Check]:
    what = _("stored decisions")
    try:
        history = cases.signing_history(content.study.uid, content.report_uid)
        if not history:
            yield Check(what, None, _("this report was not signed in this case database"))
            return
        case = Case(content.study.uid, history[:-1])
    except ViewerError as error:
        yield Check(what, False, str(error))
        return
    differing = tuple(_differing(content, case, history))
    yield from differing
    if not differing:
        words = _("each of the {n} decisions is the stored one")
        yield Check(what, True, words.format(n=len(content.findings)))
    yield _same_report(content, history[-1])


def _differing(
    content: ReportContent, case: Case, history: tuple[CaseEvent, ...]
) -> Iterator[Check]:
    """The decisions that the report and the database do not tell alike, by the name of the finding."""
    for reported in content.findings:
        stored = case.decisions.get(reported.finding.tracking_uid)
        if stored != reported.decision:
            words = _("the report says “{here}”, the stored record says “{there}”").format(
                here=_told(reported.decision), there=_told(stored)
            )
            yield Check(_named(reported), False, words)
    signed = history[-1]
    assert isinstance(signed, Signed)
    told = {reported.finding.tracking_uid for reported in content.findings}
    for reported in signed.report.findings:
        if reported.finding.tracking_uid not in told:
            yield Check(_named(reported), False, _("the stored report has it, this one does not"))


def _named(reported: ReportedFinding) -> str:
    return _("decision on “{finding}” ({uid})").format(
        finding=reported.finding.label, uid=reported.finding.tracking_uid
    )


def _told(decision: Decision | None) -> str:
    """A decision as a line: verdict, reason, comment, reader."""
    if decision is None:
        return _("no decision")
    reason = "" if decision.reason is None else decision.reason.value
    parts = (verdict_text(decision.verdict), reason, decision.comment, decision.reader)
    return ", ".join(part for part in (*parts, decision.at.isoformat()) if part)


def _same_report(content: ReportContent, signed: CaseEvent) -> Check:
    assert isinstance(signed, Signed)
    plain = to_plain(content)
    plain.pop("sha256", None)
    same = digest(plain) == signed.report.sha256
    words = _("it is the one that was signed here")
    other = _("it is not the one that was signed here under this UID")
    return Check(_("stored report"), same, words if same else other)


def _log_checks(content: ReportContent, log: AuditLog) -> Iterator[Check]:
    what = _("audit log")
    head = content.audit_head
    found = check_log(log, () if head is None else (head,))
    for sentence in found.sentences:
        yield Check(what, False, sentence)
    if found.holds:
        words = _("all {n} records are as they were written")
        yield Check(what, True, words.format(n=found.records))
