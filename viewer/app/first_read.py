"""Reading first: begin blind, lock the read, reveal the AI."""

from viewer.app.run_inference import run_applicable_models
from viewer.app.workbench import Workbench, now
from viewer.base.errors import ViewerError
from viewer.domain.study import Study
from viewer.review.events import BlindReadingBegun, FirstReadLocked, Revealed
from viewer.review.first_read import first_read_of
from viewer.review.workflow import Stage


def begin_blind_reading(workbench: Workbench, study: Study) -> None:
    """Store that a case which nobody has touched is now read first, if the site reads so."""
    case = workbench.session.case_of(study)
    if case.stage is not Stage.BLIND or case.history:
        return
    try:
        workbench.record(study, BlindReadingBegun(workbench.reader, now()))
    except ViewerError as error:
        workbench.session.fail(error)


def lock_first_read(workbench: Workbench, study: Study) -> None:
    """Commit to the findings stated so far, or to none; then the AI is revealed and runs.

    Where the program stopped in between, the locked read stays as it is and the reveal follows.
    """
    case = workbench.session.case_of(study)
    if case.stage is Stage.BLIND:
        locked = FirstReadLocked(first_read_of(case, workbench.reader, now()))
        workbench.record(study, locked)
    workbench.record(study, Revealed(workbench.reader, now()))
    workbench.session.list_again()
    shown = workbench.session.shown
    run_applicable_models(workbench, shown.study if shown is not None else study)
