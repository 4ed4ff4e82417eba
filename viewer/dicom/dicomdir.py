"""DICOMDIR: the files that a disc says it holds (PS3.3 F.3, PS3.10 8): those that are there, and those missing."""

from collections.abc import Iterator
from pathlib import Path

from viewer.base.errors import FileProblem
from viewer.base.i18n import _, plural
from viewer.dicom.reader import read
from viewer.dicom.scope import Scope
from viewer.domain.study import Problem

DICOMDIR = "DICOMDIR"
MOST_NAMED = 20
"""Missing files named one by one; of the others only the number is said."""


def named_files(listing: Path) -> tuple[tuple[str, ...], ...]:
    """Referenced File ID (0004,1500) of each record that has one: folders and name, from the listing's folder.

    Raises FileProblem where the file is no DICOMDIR or damaged.
    """
    dataset = read(listing, pixels=True)
    if "DirectoryRecordSequence" not in dataset:
        raise FileProblem(_("{name} lists no files.").format(name=listing.name))
    records = Scope((dataset,)).items("DirectoryRecordSequence")
    ids = (Scope((record,)).texts("ReferencedFileID") for record in records)
    return tuple(dict.fromkeys(parts for parts in ids if any(parts)))


def present(listing: Path) -> tuple[Path, ...]:
    """The named files that are there."""
    return tuple(path for _parts, path in _located(listing) if path is not None)


def missing(listing: Path) -> tuple[Problem, ...]:
    """A sentence for each named file that is not there, as far as they are few."""
    lost = ["/".join(parts) for parts, path in _located(listing) if path is None]
    words = _("{file} is named by the DICOMDIR but is not there. Copy the whole disc again.")
    problems = [Problem(listing, words.format(file=name)) for name in lost[:MOST_NAMED]]
    more = len(lost) - MOST_NAMED
    if more > 0:
        sentence = plural(
            "{n} more file of the DICOMDIR is not there.",
            "{n} more files of the DICOMDIR are not there.",
            more,
        )
        problems.append(Problem(listing, sentence))
    return tuple(problems)


def _located(listing: Path) -> Iterator[tuple[tuple[str, ...], Path | None]]:
    known: dict[Path, dict[str, str]] = {}
    for parts in named_files(listing):
        yield parts, _locate(listing.parent, parts, known)


def _locate(folder: Path, parts: tuple[str, ...], known: dict[Path, dict[str, str]]) -> Path | None:
    """The file below `folder`, whatever the case of its names; nothing outside of it (no "..")."""
    place = folder
    for part in parts:
        if place not in known:
            known[place] = _names(place)
        own = known[place].get(part.upper())
        if own is None:
            return None
        place = place / own
    return place if place.is_file() else None


def _names(folder: Path) -> dict[str, str]:
    """Names in a folder by their upper case, with and without a version: discs are copied in many ways."""
    try:
        own = sorted(entry.name for entry in folder.iterdir())
    except OSError:
        return {}
    bare = {name.upper().split(";")[0].rstrip("."): name for name in own}
    return {**bare, **{name.upper(): name for name in own}}
