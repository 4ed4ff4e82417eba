"""Tally: what of a study is wanted, what is there, and what has arrived in one retrieval."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from viewer.dicom.network.arrival import Arrival
from viewer.dicom.network.incoming import IncomingFolder
from viewer.domain.pacs import InstanceRef, Kept, Progress

Report = Callable[[Progress], None]


@dataclass
class Tally:
    """What has arrived in one retrieval. disk: why an instance could not be kept."""

    folder: IncomingFolder
    study_uid: str
    report: Report
    wanted: tuple[InstanceRef, ...] = ()
    there: int = 0
    conflicts: int = 0
    disk: OSError | None = None

    def count(self, arrival: Arrival) -> None:
        """Take note of one that was kept."""
        self.there += arrival.kept is Kept.NEW and arrival.study_uid == self.study_uid
        self.conflicts += arrival.kept is Kept.CONFLICT
        self.tell()

    def tell(self) -> None:
        """Report how far it is."""
        self.report(self.progress)

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return Progress(self.there, len(self.wanted) or None, self.conflicts)

    def missing(self) -> tuple[InstanceRef, ...]:
        """What of the wanted is not on the disk now."""
        here = self.folder.there(self.study_uid)
        left = tuple(
            ref
            for ref in self.wanted
            if self.folder.path_of(self.study_uid, ref.sop_instance_uid).name not in here
        )
        self.there = len(self.wanted) - len(left)
        return left

    def by_series(
        self, missing: Sequence[InstanceRef]
    ) -> Iterator[tuple[str, list[InstanceRef], bool]]:
        """(series UID, what is missing of it, whether that is all of it), series by series."""
        whole: dict[str, int] = {}
        for ref in self.wanted:
            whole[ref.series_uid] = whole.get(ref.series_uid, 0) + 1
        ordered = sorted(missing, key=lambda ref: ref.series_uid)
        for series_uid, group in groupby(ordered, key=lambda ref: ref.series_uid):
            refs = list(group)
            yield series_uid, refs, len(refs) == whole[series_uid]
