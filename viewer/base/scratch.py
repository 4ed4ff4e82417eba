"""Scratch folders: for this user alone, gone with the program, and removed at the next start after a hard kill.

Each holds a file that its program keeps locked for as long as it lives; the system drops the lock with the
program, whatever ended it. So a folder whose lock is free is nobody's any more.
"""

import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from weakref import finalize

PREFIX = "secondread_"
MARKER = ".secondread-in-use"
"""The locked file; without it a folder is never touched."""

CONTENDED = (BlockingIOError, PermissionError)
"""What Linux and macOS, and Windows, raise for a lock that another holds."""

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Scratch:
    """One folder, in use until it is closed or the program ends."""

    def __init__(self) -> None:
        self.folder, held = _new_folder()
        self.close = finalize(self, _remove, self.folder, held)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()


def _remove(folder: Path, held: IO[bytes]) -> None:
    """Windows removes no file that is open, so the lock goes first there."""
    if sys.platform == "win32":
        held.close()
    shutil.rmtree(folder, ignore_errors=True)
    held.close()


def _new_folder() -> tuple[Path, IO[bytes]]:
    """A folder and its locked marker; another one, where a sweep came between the two."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        with suppress(FileNotFoundError, *CONTENDED):
            return folder, _taken(folder / MARKER, "xb")


def _taken(marker: Path, mode: str) -> IO[bytes]:
    """The marker, locked; raises FileNotFoundError where it went before the lock was there."""
    file: IO[bytes] = marker.open(mode)
    try:
        _lock(file)
        marker.stat()
    except OSError:
        file.close()
        raise
    return file


def sweep() -> int:
    """Remove the folders of programs that ended without doing so; returns how many."""
    found = Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{MARKER}")
    return sum(_removed(marker) for marker in found)


def _removed(marker: Path) -> bool:
    """Whether the folder was nobody's, and is gone; a link is never followed."""
    if marker.is_symlink() or marker.parent.is_symlink():
        return False
    with suppress(OSError):
        _remove(marker.parent, _taken(marker, "r+b"))
        return not marker.exists()
    return False
