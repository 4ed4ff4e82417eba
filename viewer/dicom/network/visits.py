"""Visits: what each sender brought of a study, counted on the receiver's threads until it is quiet."""

import threading
from dataclasses import dataclass, field, replace
from time import monotonic

from viewer.domain.pacs import Kept, Received

_COUNTED = {Kept.NEW: "new", Kept.SAME: "same", Kept.CONFLICT: "conflicts"}


@dataclass
class Visits:
    """An instance that was offered has failed until it is kept. quiet_s: seconds until a visit has ended."""

    quiet_s: float
    _open: dict[tuple[str, str], Received] = field(default_factory=dict)
    _last: dict[tuple[str, str], float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def offered(self, study_uid: str, sender: str, taken: bool) -> None:
        """A sender has begun to bring an instance, which the rules take or not."""
        self._count(study_uid, sender, **{"failed" if taken else "not_taken": 1})

    def kept(self, study_uid: str, sender: str, kept: Kept) -> None:
        """An instance that was offered is on the disk."""
        self._count(study_uid, sender, **{"failed": -1, _COUNTED[kept]: 1})

    def ended(self, everything: bool = False) -> tuple[Received, ...]:
        """Visits that have become quiet, or all; each is told once."""
        before = monotonic() - self.quiet_s
        with self._lock:
            quiet = [key for key, last in self._last.items() if everything or last < before]
            for key in quiet:
                del self._last[key]
            return tuple(self._open.pop(key) for key in quiet)

    def _count(self, study_uid: str, sender: str, **more: int) -> None:
        key = (study_uid, sender)
        with self._lock:
            known = self._open.get(key, Received(study_uid, sender))
            counted = {name: getattr(known, name) + count for name, count in more.items()}
            self._open[key] = replace(known, **counted)
            self._last[key] = monotonic()
