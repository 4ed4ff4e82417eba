"""Events of the session: what may have changed, for those who show it."""

from dataclasses import dataclass, field

from viewer.base.events import Event


@dataclass
class Events:
    """What may have changed; each carries nothing, listeners read the session."""

    index: Event[None] = field(default_factory=Event)
    shown: Event[None] = field(default_factory=Event)
    presentation: Event[None] = field(default_factory=Event)
    case: Event[None] = field(default_factory=Event)
    overlay: Event[None] = field(default_factory=Event)
    selection: Event[None] = field(default_factory=Event)
    runs: Event[None] = field(default_factory=Event)
    progress: Event[None] = field(default_factory=Event)
    drawings: Event[None] = field(default_factory=Event)
    pointer: Event[None] = field(default_factory=Event)
    cine: Event[None] = field(default_factory=Event)
    user: Event[None] = field(default_factory=Event)
    notice: Event[str] = field(default_factory=Event)


ViewKey = tuple[str, str]
"""(display set UID, UID of the presentation state under which it is seen; "" without one)."""


def _view_key(display_set: DisplaySet, state: PresentationState | None) -> ViewKey:
    return (display_set.uid, state.uid if state is not None else "")


def _refuse_strange_state(state: PresentationState, shown: Shown) -> None:
    """A state acts on the images it names, of its own patient and study, and on nothing else."""
    if (state.study_uid, state.patient_key) != study_key(shown.study):
        raise WorkflowError(
            _("This presentation state belongs to another patient or study and was not applied.")
        )
    if not state.names(shown.ref.place):
        raise WorkflowError(_("This presentation state is not for this image and was not applied."))
