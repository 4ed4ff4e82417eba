"""Whose case it is on the screen: taken when it is shown, given up when it is left, never lost unnoticed."""

from viewer.app.session import study_key
from viewer.app.workbench import Workbench
from viewer.base.errors import ViewerError
from viewer.base.i18n import _
from viewer.domain.study import Study


def take_case(workbench: Workbench, study: Study) -> None:
    """Take the case of a study that comes to the screen, or remember who has it; it is shown as it stands now."""
    session = workbench.session
    session.presence.set_holder(study, workbench.locks.take(study))
    refresh_case(workbench, study)


def refresh_case(workbench: Workbench, study: Study) -> None:
    """Read the case again where it has grown elsewhere."""
    session = workbench.session
    if workbench.cases.length(study) != len(session.case_of(study).history):
        session.reload(study)


def leave_case(workbench: Workbench, study: Study) -> None:
    """Give up the case of a study that leaves the screen, unless a model still runs on it."""
    session = workbench.session
    busy = session.is_running(study) or session.is_measuring(study)
    if session.presence.holder(study) is None and not busy:
        workbench.locks.release(study)


def take_over(workbench: Workbench, study: Study) -> None:
    """Take the case from who has it; recorded, and told to them."""
    workbench.locks.take_over(study)
    workbench.session.presence.set_holder(study, None)
    refresh_case(workbench, study)
    workbench.session.notify(_("You have this case now. The other reader is told."))


def beat(workbench: Workbench) -> None:
    """Say that this program lives; notice a case that was taken over, or one that has become free."""
    session = workbench.session
    try:
        workbench.locks.beat()
        if session.shown is not None:
            _look(workbench, session.shown.study)
    except ViewerError as error:
        session.fail(error)


def _look(workbench: Workbench, study: Study) -> None:
    session = workbench.session
    known = session.presence.holder(study)
    now = workbench.locks.holder(study)
    if now is None and known is not None:
        take_case(workbench, study)
        session.notify(
            _("{reader} has closed this case; you have it now.").format(reader=known.who)
        )
    elif now is not None:
        session.presence.set_holder(study, now)
        refresh_case(workbench, study)
        if known is None:
            words = _("{reader} has taken this case over. What you decided before is kept.")
            session.notify(words.format(reader=now.who))


def same_study(workbench: Workbench, study: Study) -> bool:
    """Whether a study is the one on the screen."""
    shown = workbench.session.shown
    return shown is not None and study_key(shown.study) == study_key(study)
