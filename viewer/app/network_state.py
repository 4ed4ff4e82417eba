"""NetworkState: what is being fetched, received and sent; part of the session, changed on the GUI thread only."""

from dataclasses import dataclass, field, replace
from enum import Enum

from viewer.app.outbox import OutboxItem
from viewer.base.events import Event
from viewer.domain.pacs import Progress


class TransferState(Enum):
    """How a retrieval stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Transfer:
    """A retrieval of one study from one node. words: why it failed."""

    study_uid: str
    node: str
    state: TransferState = TransferState.RUNNING
    progress: Progress = field(default_factory=Progress)
    words: str = ""


@dataclass(frozen=True)
class ListenerState:
    """The listener as it stands. on: it listens. words: why it does not, or what it could not keep."""

    on: bool = False
    words: str = ""
    images: int = 0
    not_taken: int = 0
    conflicts: int = 0


@dataclass
class NetworkState:
    """receiving: Study Instance UIDs that the listener is getting images of; received: those that are whole."""

    transfers: dict[str, Transfer] = field(default_factory=dict)
    receiving: set[str] = field(default_factory=set)
    received: set[str] = field(default_factory=set)
    listener: ListenerState = field(default_factory=ListenerState)
    outbox: tuple[OutboxItem, ...] = ()
    changed: Event[None] = field(default_factory=Event)

    @property
    def arriving(self) -> set[str]:
        """Studies of which more images are on their way; no model runs on them, none of them is signed."""
        running = (
            uid
            for uid, transfer in self.transfers.items()
            if transfer.state is TransferState.RUNNING
        )
        return self.receiving.union(running)

    def set_transfer(self, transfer: Transfer) -> None:
        """Take a newer state of a retrieval."""
        self.transfers[transfer.study_uid] = transfer
        self.changed.emit(None)

    def set_listener(self, **changes: object) -> None:
        """Change what is known of the listener."""
        self.listener = replace(self.listener, **changes)  # type: ignore[arg-type]
        self.changed.emit(None)

    def set_outbox(self, items: tuple[OutboxItem, ...]) -> None:
        """Take a newer state of the outbox."""
        self.outbox = items
        self.changed.emit(None)
