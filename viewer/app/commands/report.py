"""Report menu: sign, export, amend, later truth."""

from viewer.app.export_bundle import export
from viewer.app.export_report import reasons_not_to_sign, sign_study, start_amendment
from viewer.app.later_truth_import import import_truths
from viewer.app.send import queue_results
from viewer.app.shadow import run_in_shadow
from viewer.app.topic import Topic
from viewer.app.workbench import Workbench
from viewer.review.workflow import Stage

topic = Topic("report", "Report", 7)


def _can_sign(workbench: Workbench) -> bool:
    case = workbench.session.case
    return case is not None and case.stage is not Stage.SIGNED and workbench.session.may_write


@topic.command("Sign report…", "F8", icon="file-signature", enabled=_can_sign, toolbar=True)
def sign(workbench: Workbench) -> None:
    """Sign the report if every finding is decided and the misses are stated; else say what is missing."""
    session = workbench.session
    if session.shown is None:
        return
    study = session.shown.study
    reasons = reasons_not_to_sign(workbench, study)
    if reasons:
        session.notify(" ".join(reasons))
        return
    signer = workbench.dialogs.ask_signature(study, workbench.accounts)
    if signer is not None:
        report = sign_study(workbench, study, signer)
        run_in_shadow(workbench, study)
        queue_results(workbench, study, report)
        export_report(workbench)


def _has_report(workbench: Workbench) -> bool:
    case = workbench.session.case
    return case is not None and case.stage is Stage.SIGNED


@topic.command("Export report…", "Ctrl+E", icon="download", enabled=_has_report, toolbar=True)
def export_report(workbench: Workbench) -> None:
    """Write the signed report as PDF, DICOM SR and more."""
    shown = workbench.session.shown
    if shown is None or shown.case.report is None:
        return
    choice = workbench.dialogs.ask_export(shown.case.report)
    if choice is not None:
        export(workbench, shown.study, shown.case.report, choice)


@topic.command("Amend the signed report", icon="file-pen", enabled=_has_report)
def amend(workbench: Workbench) -> None:
    """Open the case again; the signed version stays, the next one names it."""
    if workbench.session.shown is not None:
        start_amendment(workbench, workbench.session.shown.study)


def _may_state_truth(workbench: Workbench) -> bool:
    return _has_report(workbench) and workbench.session.may_write


topic.new_group()


@topic.command("Later truth…", "Ctrl+T", enabled=_may_state_truth)
def later_truth(workbench: Workbench) -> None:
    """What turned out later (follow-up, CT, biopsy, course) on each finding of the signed report."""
    if workbench.session.shown is not None:
        workbench.dialogs.ask_truth(workbench, workbench.session.shown.study)


@topic.command("Import later truths…")
def import_later_truths(workbench: Workbench) -> None:
    """From a CSV table: study_uid, finding, truth, source, date, note."""
    files = workbench.dialogs.choose_files()
    if files:
        import_truths(workbench, files[0])


PLUGIN = topic
