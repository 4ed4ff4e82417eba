"""The technical appendix: everything that identifies the models, the images and this report exactly."""

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, Spacer, Table

from viewer.base.i18n import _
from viewer.domain.finding import ModelRun
from viewer.export.pdf.blocks import Facts, fact_table
from viewer.export.pdf.style import CONTENT_WIDTH, GAP, body, heading
from viewer.review.report import SignedReport
from viewer.review.statements import model_name

LABEL_WIDTH = 34 * mm


def appendix(report: SignedReport) -> list[Flowable]:
    """One table for each run, one for the report."""
    parts: list[Flowable] = [
        CondPageBreak(60 * mm),
        heading(_("Technical appendix")),
        Spacer(0, GAP / 2),
    ]
    for run in report.runs:
        parts += [body(model_name(run), bold=True), _facts(_run_facts(run))]
        parts.append(Spacer(0, 2 * GAP))
    facts = [
        (_("Report UID"), report.report_uid),
        (_("Study UID"), report.study.uid),
        (_("Report SHA-256"), report.sha256),
        (_("Software"), report.software),
    ]
    return [*parts, body(_("This report"), bold=True), _facts(facts)]


def _facts(facts: Facts) -> Table:
    return fact_table(facts, CONTENT_WIDTH, label_width=LABEL_WIDTH)


def _run_facts(run: ModelRun) -> list[tuple[str, str]]:
    algorithm, point = run.algorithm, run.operating_point
    facts = [
        (_("Model ID"), algorithm.model_id),
        (_("Manufacturer"), algorithm.manufacturer),
        (_("Model SHA-256"), algorithm.sha256),
        (_("Manifest SHA-256"), algorithm.manifest_sha256),
        (_("Threshold"), f"{point.threshold:g} ({point.name})" if point else ""),
        (_("Looked for"), ", ".join(run.asked_for)),
        (_("Ran on"), ", ".join(filter(None, (run.provider, run.runtime)))),
        (_("Seconds"), f"{run.seconds:.1f}"),
    ]
    return facts + [
        (
            _("Image seen"),
            f"{seen.sop_instance_uid}\n{_frame_words(seen.frame)}, SHA-256 {seen.file_sha256}",
        )
        for seen in run.inputs
    ]


def _frame_words(frame: int) -> str:
    return _("frame {number}").format(number=frame + 1)
