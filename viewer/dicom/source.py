"""Source: what a kind of place must do to hand over its files: a folder, a DICOMDIR, a ZIP archive."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol, runtime_checkable

from viewer.base import registry
from viewer.base.errors import FileProblem
from viewer.base.i18n import _
from viewer.dicom import sources
from viewer.domain.study import Problem

Report = Callable[[float], None]
"""Takes progress, 0 to 1; raises Cancelled where the reader gave up."""


@dataclass(frozen=True)
class Fetched:
    """What a place holds. skipped: of its files, those left out because they do not begin like DICOM."""

    files: tuple[Path, ...]
    problems: tuple[Problem, ...] = ()
    skipped: int = 0


@runtime_checkable
class Source(Protocol):
    """One kind of place, found in `dicom.sources` by its key; no path is of two kinds."""

    @property
    def key(self) -> str: ...

    def takes(self, path: Path) -> bool:
        """Whether an existing path is such a place."""

    def fetch(self, path: Path, report: Report) -> Fetched:
        """Its files; raises FileProblem where the place itself cannot be used."""


@cache
def known_sources() -> Mapping[str, Source]:
    """All kinds, by key; raises RegistryError for a module that is none."""
    return registry.discover(sources, Source)  # type: ignore[type-abstract]


def fetch(paths: Sequence[Path], report: Report) -> Fetched:
    """Everything below the paths, each file once, in a stable order; a plain file stands for itself.

    Raises FileProblem for a path that does not exist; a place that cannot be used is a problem of its own.
    """
    files: dict[Path, None] = {}
    problems: list[Problem] = []
    skipped = 0
    for path in paths:
        found = _fetched(path, report)
        files.update(dict.fromkeys(found.files))
        problems += found.problems
        skipped += found.skipped
    return Fetched(tuple(files), tuple(dict.fromkeys(problems)), skipped)


def _fetched(path: Path, report: Report) -> Fetched:
    if not path.exists():
        raise FileProblem(_("{path} does not exist.").format(path=path))
    source = next((one for one in known_sources().values() if one.takes(path)), None)
    if source is None:
        return Fetched((path,))
    try:
        return source.fetch(path, report)
    except FileProblem as problem:
        return Fetched((), (Problem(path, str(problem)),))
