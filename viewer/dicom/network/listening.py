"""Listening: the site's receiver at work; says again and again what arrived and which study has become quiet."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from viewer.dicom.network.arrival import Arrival, Heading
from viewer.dicom.network.faults import disk_words
from viewer.dicom.network.incoming import IncomingFolder
from viewer.dicom.network.node import Watch
from viewer.dicom.network.receiver import received_here
from viewer.dicom.network.routing import Listener, is_taken
from viewer.dicom.network.visits import Visits
from viewer.domain.pacs import Kept, Received

NEWS_EVERY_S = 0.5


@dataclass(frozen=True)
class News:
    """Since the last news. quiet: studies of which nothing came for the stated time; words: what went wrong.

    not_taken: instances refused by the routing rules since the start.
    """

    new: int = 0
    studies: frozenset[str] = frozenset()
    quiet: frozenset[str] = frozenset()
    conflicts: int = 0
    not_taken: int = 0
    words: str = ""


@dataclass
class Counter:
    """What arrived, counted on the receiver's threads and read on ours."""

    quiet_s: float
    _last: dict[str, float] = field(default_factory=dict)
    _fresh: list[Arrival] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, arrival: Arrival) -> None:
        """Note one arrival."""
        with self._lock:
            self._fresh.append(arrival)
            self._last[arrival.study_uid] = monotonic()

    def news(self) -> News:
        """What came since the last call, and what has become quiet."""
        with self._lock:
            fresh, self._fresh = self._fresh, []
            before = monotonic() - self.quiet_s
            quiet = frozenset(uid for uid, last in self._last.items() if last < before)
            for uid in quiet:
                del self._last[uid]
        return News(
            new=sum(arrival.kept is Kept.NEW for arrival in fresh),
            studies=frozenset(arrival.study_uid for arrival in fresh),
            quiet=quiet,
            conflicts=sum(arrival.kept is Kept.CONFLICT for arrival in fresh),
        )


def listen(
    settings: Listener,
    folder: IncomingFolder,
    tell: Callable[[News], None],
    record: Callable[[Received], None],
    watch: Watch,
) -> None:
    """Receive until cancelled; `tell` hears at once that it listens, then of every change.

    `record` hears what each sender brought of a study once it is quiet, and of the rest at the end.
    Raises NetworkError when the port cannot be had, Cancelled at the end.
    """
    visits = Visits(settings.quiet_s)
    try:
        _receive(settings, folder, tell, record, watch, visits)
    finally:
        for visit in visits.ended(everything=True):
            record(visit)


def _receive(
    settings: Listener,
    folder: IncomingFolder,
    tell: Callable[[News], None],
    record: Callable[[Received], None],
    watch: Watch,
    visits: Visits,
) -> None:
    counter = Counter(settings.quiet_s)

    def accept(sender: str, heading: Heading) -> bool:
        taken = is_taken(settings.rules, sender, heading)
        visits.offered(heading.study_uid, sender, taken)
        return taken

    def arrived(arrival: Arrival) -> None:
        visits.kept(arrival.study_uid, arrival.sender, arrival.kept)
        counter.take(arrival)

    with received_here(settings.receiving, folder, arrived, accept) as receiver:
        last = News()
        tell(last)
        while True:
            watch.wait(NEWS_EVERY_S)
            words = disk_words(receiver.disk_fault) if receiver.disk_fault else ""
            receiver.disk_fault = None
            heard = counter.news()
            for visit in visits.ended():
                record(visit)
            told = News(
                heard.new, heard.studies, heard.quiet, heard.conflicts, receiver.not_taken, words
            )
            if told != last:
                tell(told)
            last = News(not_taken=receiver.not_taken)
