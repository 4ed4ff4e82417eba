"""Studies that arrive over the network: where they are kept, and how they show while they grow."""

from collections.abc import Callable, Iterable
from pathlib import Path
from time import monotonic

from viewer.app.jobs import ignore
from viewer.app.open_study import open_paths
from viewer.app.workbench import Workbench
from viewer.base.paths import data_folder
from viewer.dicom.network.incoming import IncomingFolder
from viewer.domain.study import StudyIndex

INCOMING_NAME = "incoming"
SHORTEST_S = 1.0
"""Between two looks at a folder that grows."""

SHARE_OF_TIME = 0.2
"""Of the time that may go into looking, so that a large folder is looked at less often."""


def incoming_folder() -> IncomingFolder:
    """Where instances of other systems are kept."""
    return IncomingFolder(data_folder() / INCOMING_NAME)


class Growing:
    """Shows folders while they grow: not before the last look has ended, nor too often."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench
        self._next = 0.0

    def show(self, folders: Iterable[Path]) -> None:
        """Look at `folders`, unless it is too soon or the reader is opening something."""
        started = monotonic()
        if started < self._next or self._workbench.session.indexing is not None:
            return
        there = [folder for folder in folders if folder.is_dir()]
        if there:
            self._next = started + SHORTEST_S
            open_paths(
                self._workbench, there, quiet=True, then=lambda _found: self._looked(started)
            )

    def _looked(self, started: float) -> None:
        ended = monotonic()
        self._next = ended + max(SHORTEST_S, (ended - started) / SHARE_OF_TIME)


def show_all(
    workbench: Workbench,
    folders: Iterable[Path],
    then: Callable[[StudyIndex], None] = ignore,
) -> None:
    """Look at folders that grow no more; what the reader was opening meanwhile is opened with them."""
    there = [folder for folder in folders if folder.is_dir()]
    if there:
        open_paths(workbench, there, quiet=True, then=then)
