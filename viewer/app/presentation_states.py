"""Presentation states of the study on the screen: found by the index, read when chosen, never applied unasked."""

from viewer.app.jobs import Job, Lane
from viewer.app.open_study import show_display_set
from viewer.app.session import Session, Shown, study_key
from viewer.app.workbench import Workbench
from viewer.base.errors import ViewerError
from viewer.base.i18n import _, plural
from viewer.dicom.presentation_state import SHOWN_CLASSES, read_presentation_state
from viewer.domain.display_set import DisplaySet
from viewer.domain.presentation_state import PresentationState
from viewer.domain.study import Study
from viewer.domain.study_object import ObjectKind, StudyObject

STATE_KEY = "presentation state"


def states_of(shown: Shown) -> tuple[StudyObject, ...]:
    """The states of the same study and patient that name the frame on the screen, the newest first."""
    found = [
        each
        for each in shown.study.objects
        if each.kind is ObjectKind.PRESENTATION_STATE
        and (each.study_uid, each.patient_key) == study_key(shown.study)
        and each.names(shown.ref.place)
    ]
    return tuple(sorted(found, key=lambda each: (each.date, each.time), reverse=True))


def has_states(workbench: Workbench) -> bool:
    """Whether any state names the frame on the screen."""
    shown = workbench.session.shown
    return shown is not None and bool(states_of(shown))


def show_next_state(workbench: Workbench) -> None:
    """Apply the next state of the frame on the screen; after the last one, none."""
    session = workbench.session
    if session.shown is None:
        return
    all_states = states_of(session.shown)
    choices = [each for each in all_states if each.sop_class_uid in SHOWN_CLASSES]
    if not choices:
        session.notify(_("The presentation states of this image are of kinds not shown here."))
        return
    applied = session.presentation.state
    uids = [each.sop_instance_uid for each in choices]
    place = uids.index(applied.uid) + 1 if applied is not None and applied.uid in uids else 0
    if place == len(choices) and applied is not None:
        session.apply_state(None)
        session.notify(_("The image is shown without presentation state."))
    else:
        _read_and_apply(workbench, choices[place], _left_out(len(all_states) - len(choices)))


def _left_out(count: int) -> str:
    if not count:
        return ""
    return plural(
        "{n} state of another kind is not shown here.",
        "{n} states of other kinds are not shown here.",
        count,
    )


def open_state(workbench: Workbench, study: Study, found: StudyObject) -> None:
    """Apply a state that the reader chose from the list, on the first image it names unless one is shown."""
    shown = workbench.session.shown
    here = shown is not None and study_key(shown.study) == study_key(study)
    if shown is None or not here or not found.names(shown.ref.place):
        place = _first_named(study, found)
        if place is None:
            raise ViewerError(
                _("The images of this presentation state are not open. Open them too.")
            )
        show_display_set(workbench, study, *place)
    _read_and_apply(workbench, found, "")


def _first_named(study: Study, found: StudyObject) -> tuple[DisplaySet, int] | None:
    places = (
        (display_set, position)
        for display_set in study.display_sets
        for position, ref in enumerate(display_set.frames)
        if found.names(ref.place)
    )
    return next(places, None)


def _read_and_apply(workbench: Workbench, found: StudyObject, remark: str) -> None:
    session = workbench.session

    def apply(state: PresentationState) -> None:
        try:
            session.apply_state(state)
        except ViewerError as error:
            session.fail(error)
        else:
            session.notify(" ".join(filter(None, (_applied_words(state), remark))))

    workbench.jobs.submit(
        Job(
            STATE_KEY,
            Lane.OBJECTS,
            lambda _context: read_presentation_state(found.path),
            apply,
            session.fail,
        )
    )


def _applied_words(state: PresentationState) -> str:
    words = _("Shown as {state}. Shift+P: next state, after the last one the image without any.")
    told = words.format(state=state_title(state))
    if state.omitted:
        omitted = _("Not applied of it: {parts}.").format(parts="; ".join(state.omitted))
        return f"{told} {omitted}"
    return told


def state_title(state: PresentationState) -> str:
    """What a state is called: label or description, and who made it."""
    title = state.label or state.description or _("a presentation state without label")
    return ", ".join(filter(None, (title, state.creator)))


def state_words(session: Session) -> str:
    """For the corner of the image: which state is applied, or how many there are; "" without any."""
    if session.shown is None:
        return ""
    applied = session.presentation.state
    if applied is not None:
        partly = _("PR (in part): {state}") if applied.omitted else _("PR: {state}")
        return partly.format(state=state_title(applied))
    count = len(states_of(session.shown))
    return _("Presentation states: {n}").format(n=count) if count else ""
