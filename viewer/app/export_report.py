"""Signing and exporting: the case becomes a SignedReport, and only that leaves the program."""

from dataclasses import replace

from viewer import __version__
from viewer.app.ai_state import unrecorded_sentences
from viewer.app.workbench import Workbench, now
from viewer.base.i18n import _
from viewer.domain.study import Study
from viewer.review.events import AmendmentStarted, Signed
from viewer.review.report import SignedReport
from viewer.review.signature import blockers, sign
from viewer.store.users import User

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
