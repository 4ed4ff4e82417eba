"""Presence: who sits before the program, whether the screen is locked, who else has which case, and which
cases earlier sessions left."""

from viewer.app.session_events import Events
from viewer.domain.study import Study
from viewer.store.earlier import EarlierCase
from viewer.store.lock_rows import CaseLock
from viewer.store.users import User


class Presence:
    """The part of the session that is about people; changed on the GUI thread only."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._holders: dict[object, CaseLock] = {}
        self.user: User | None = None
        self.locked = False
        self.earlier: tuple[EarlierCase, ...] = ()

    def holder(self, study: Study) -> CaseLock | None:
        """Who else has the case of `study`; None where this program may write to it."""
        return self._holders.get((study.uid, study.patient.key))

    def set_holder(self, study: Study, holder: CaseLock | None) -> None:
        """Remember who has the case of `study`."""
        known, key = self.holder(study), (study.uid, study.patient.key)
        self._holders.pop(key, None)
        if holder is not None:
            self._holders[key] = holder
        if known != holder:
            self._events.case.emit(None)

    def set_earlier(self, found: tuple[EarlierCase, ...]) -> None:
        """Remember which cases are kept; of those whose files are open, the session knows more."""
        self.earlier = found
        self._events.earlier.emit(None)

    def set_user(self, user: User | None) -> None:
        """Remember who is logged in; who has which case is asked anew."""
        self.user = user
        self._holders.clear()
        self._events.user.emit(None)

    def set_locked(self, locked: bool) -> None:
        """Hide everything behind the lock screen, or show it again."""
        self.locked = locked
        self._events.user.emit(None)
