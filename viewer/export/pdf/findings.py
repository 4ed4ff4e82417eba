"""The findings with the physician's verdicts, and what the AI did, in tables that flow over pages."""

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Spacer

from viewer.base.i18n import _
from viewer.domain.finding import Finding, ModelRun, Source
from viewer.domain.readable import instead_text
from viewer.export.pdf.style import CONTENT_WIDTH, GAP, body, heading, label, small, table
from viewer.export.wording import decision_notes, readable_moment, site_text
from viewer.review.decision import Decision, reason_text, verdict_text
from viewer.review.report import ReportedFinding, SignedReport
from viewer.review.statements import score_text, threshold_text

SHORT_SHA = 12
"""Hex digits of a model's SHA-256 in the body; the appendix has all 64."""

_FINDING_WIDTHS = [8 * mm, 18 * mm, 70 * mm, CONTENT_WIDTH - 96 * mm]
_AI_WIDTHS = [52 * mm, 26 * mm, 20 * mm, CONTENT_WIDTH - 98 * mm]


def findings(report: SignedReport) -> list[Flowable]:
    """All findings, then the reader's statement on those the AI did not mark."""
    signer = report.signature.reader
    rows = [
        _finding_row(number, each, signer) for number, each in enumerate(report.findings, start=1)
    ]
    shown = table(
        [_("No."), _("Stated by"), _("Finding"), _("Reader's verdict")], rows, _FINDING_WIDTHS
    )
    none = body(_("No finding was proposed by the AI, and none was added by the reader."))
    return [
        heading(_("Findings")),
        Spacer(0, GAP / 2),
        shown if rows else none,
        Spacer(0, GAP),
        body(report.misses, bold=True),
        Spacer(0, 2 * GAP),
    ]


def _finding_row(number: int, reported: ReportedFinding, signer: str) -> list[object]:
    return [
        [small(str(number))],
        [small(source_text(reported.finding), bold=True)],
        _statement(reported.finding),
        [*_verdict(reported.finding, reported.decision), *_decided_by(reported.decision, signer)],
    ]


def source_text(finding: Finding) -> str:
    """ "AI" or "Reader": who states it, in a word."""
    return {Source.AI: _("AI"), Source.READER: _("Reader")}[finding.source]


def _statement(finding: Finding) -> list[Paragraph]:
    lines = [small(finding.label, bold=True)]
    if site_text(finding):
        lines.append(small(site_text(finding)))
    if score_text(finding):
        lines.append(small(score_text(finding)))
    if finding.algorithm:
        lines.append(label(f"{finding.algorithm.name} {finding.algorithm.version}"))
    return lines


def _verdict(finding: Finding, decision: Decision) -> list[Paragraph]:
    lines = [small(verdict_text(decision.verdict), bold=True)]
    if decision.reason:
        lines.append(small(_("Reason: {reason}").format(reason=reason_text(decision.reason))))
    if decision.corrected:
        words = _("Corrected to: {finding}")
        lines.append(small(words.format(finding=instead_text(finding, decision.corrected))))
    lines += [small(note) for note in decision_notes(decision)]
    return lines + [small(line) for line in decision.comment.splitlines() if line.strip()]


def _decided_by(decision: Decision, signer: str) -> list[Paragraph]:
    """Who decided and when, where that was another than the one who signs for every decision."""
    if decision.reader in ("", signer):
        return []
    words = _("Decided by {reader}, {moment}")
    return [label(words.format(reader=decision.reader, moment=readable_moment(decision.at)))]


def ai_statements(report: SignedReport) -> list[Flowable]:
    """What each AI did: not run, failed, not applicable, nothing above threshold, or findings."""
    told = zip(report.runs, report.statements, strict=False)
    rows = [_run_row(run, statement) for run, statement in told]
    rows += [
        [[small("—")], [], [], [small(sentence)]]
        for sentence in report.statements[len(report.runs) :]
    ]
    columns = [_("Model"), _("SHA-256"), _("Threshold"), _("What it did")]
    none = body(_("No AI was run on this study."))
    return [
        heading(_("Artificial intelligence")),
        Spacer(0, GAP / 2),
        table(columns, rows, _AI_WIDTHS) if rows else none,
        Spacer(0, 2 * GAP),
    ]


def _run_row(run: ModelRun, statement: str) -> list[object]:
    said = [small(statement)]
    if run.reader_view:
        said.append(small(_("View stated by the reader: {view}").format(view=run.reader_view)))
    return [
        [small(f"{run.algorithm.name} {run.algorithm.version}")],
        [small(run.algorithm.sha256[:SHORT_SHA])],
        [small(threshold_text(run))],
        said,
    ]
