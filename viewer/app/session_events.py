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
    segments: Event[None] = field(default_factory=Event)
    user: Event[None] = field(default_factory=Event)
    earlier: Event[None] = field(default_factory=Event)
    notice: Event[str] = field(default_factory=Event)
