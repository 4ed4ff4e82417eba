"""Signing: the only way to a SignedReport, closed while a finding is undecided or the misses unstated."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from viewer.base.errors import WorkflowError
from viewer.base.i18n import _, plural
from viewer.domain.display_set import FramePlace
from viewer.domain.finding import RunState
from viewer.domain.study import Study
from viewer.review.audit_head import AuditHead
from viewer.review.canonical import digest, from_plain, to_plain
from viewer.review.case import Case
from viewer.review.drawing import Drawing
from viewer.review.first_read import changes_of_mind, reading_sentences
from viewer.review.report import (
    ReportContent,
    ReportedFinding,
    ReportedStudy,
    Signature,
    SignedReport,
)
from viewer.review.statements import statement
from viewer.review.workflow import Stage

MEANING = "I have reviewed the images and every AI finding, and I am responsible for this report."


def blockers(case: Case, running: bool = False) -> tuple[str, ...]:
    """Why the case cannot be signed now, in sentences; empty when it can."""
    if case.stage is Stage.SIGNED:
        return (_("This version is signed."),)
    if not case.ai_visible:
        return (_("Lock your first read: the AI is revealed then."),)
    reasons = []
    if running:
        reasons.append(_("AI is still running: wait or cancel it."))
    if case.undecided:
        reasons.append(
            plural("{n} finding undecided", "{n} findings undecided", len(case.undecided))
        )
    if case.unresolved:
        reasons.append(
            plural(
                "{n} finding of your first read to keep or withdraw",
                "{n} findings of your first read to keep or withdraw",
                len(case.unresolved),
            )
        )
    if not case.misses_stated:
        reasons.append(_("Add what the AI missed or state “no further finding”."))
    return tuple(reasons)


def sign(
    case: Case,
    study: Study,
    reader: str,
    at: datetime,
    software: str,
    not_run: Sequence[str] = (),
    running: bool = False,
    drawings: Sequence[Drawing] = (),
    user: str = "",
    audit_head: AuditHead | None = None,
) -> SignedReport:
    """Freeze the case as a report.

    at: with time zone. not_run: sentences on what was never run.
    drawings: of this study, with their measurements. user: login name whose password was given.
    audit_head: the end of the audit log now. Raises WorkflowError while anything
    in `blockers` stands, for an empty reader name, a time without zone, or another study's case.
    """
    _refuse_unready(case, study, reader, at, running)
    content = ReportContent(
        report_uid=new_uid(),
        version=len(case.reports) + 1,
        predecessor_uid=case.report.report_uid if case.report else "",
        patient=study.patient,
        study=_reported(study),
        runs=tuple(case.runs.values()),
        statements=(
            *(statement(run) for run in case.runs.values()),
            *not_run,
            *reading_sentences(case),
        ),
        findings=reported_findings(case),
        misses=misses_statement(case),
        measurements=tuple(drawings),
        text=case.text,
        key_frames=_key_frames(case),
        signature=Signature(reader.strip(), at, _(MEANING), user),
        software=software,
        reading_mode=case.mode,
        first_read=case.first_read,
        revealed_at=case.revealed_at,
        changes=changes_of_mind(case),
        audit_head=audit_head,
        key_views=case.key_views,
    )
    return _sealed(content)


def _sealed(content: ReportContent) -> SignedReport:
    """Seal what the JSON will say: numbers and texts first go through it once."""
    plain = to_plain(from_plain(to_plain(content), ReportContent))
    return from_plain({**plain, "sha256": digest(plain)}, SignedReport)


def _refuse_unready(case: Case, study: Study, reader: str, at: datetime, running: bool) -> None:
    reasons = list(blockers(case, running))
    if study.uid != case.study_uid:
        reasons.append(_("The study on the screen is not the one of this case."))
    if not reader.strip():
        reasons.append(_("Enter the name of the reader who signs."))
    if at.tzinfo is None:
        reasons.append(_("The time of signing needs a time zone."))
    if reasons:
        raise WorkflowError(" ".join(reasons))


def reported_findings(case: Case) -> tuple[ReportedFinding, ...]:
    """Every finding once: what the reader and the AI both say stands under the AI's, whose verdict covers
    both; the reader's own word of it is in the first read."""
    said_by_both = case.matched.values()
    return tuple(
        ReportedFinding(finding, case.decisions[finding.tracking_uid])
        for finding in case.findings
        if finding.tracking_uid not in said_by_both
    )


def _reported(study: Study) -> ReportedStudy:
    return ReportedStudy(
        study.uid,
        study.date,
        study.time,
        study.description,
        study.accession_number,
        study.study_id,
    )


def misses_statement(case: Case) -> str:
    """What the reader states about findings the AI did not mark."""
    if case.first_read is not None and not case.no_further_finding:
        return _("The reader states the findings above, read before the AI, and no further one.")
    if case.no_further_finding and case.added:
        return _(
            "The reader added the findings marked so, and states that there is no further one."
        )
    if case.no_further_finding:
        return _("The reader states that there is no further finding.")
    return _("The reader added the findings marked so.")


def _key_frames(case: Case) -> tuple[FramePlace, ...]:
    """The frames to show: those the reader marked, those findings lie on, else the first AI input."""
    places = [one.localization.place for one in case.findings if one.localization is not None]
    chosen = (*case.key_images, *places)
    inputs = [
        (seen.sop_instance_uid, seen.frame)
        for run in case.runs.values()
        if run.state is RunState.DONE
        for seen in run.inputs[:1]
    ]
    return tuple(dict.fromkeys(chosen or inputs))


def new_uid() -> str:
    """A fresh UID under 2.25 (DICOM PS3.5 B.2)."""
    return f"2.25.{secrets.randbits(128)}"
