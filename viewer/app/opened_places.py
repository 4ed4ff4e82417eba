"""Where a study lies: the places to open again, kept in the case database alone and told in no log."""

import os
from collections.abc import Sequence
from pathlib import Path

from viewer.app.workbench import Workbench
from viewer.domain.study import Study

MOST_PLACES = 32
"""Of folders and files of one study; of more, the folder around them all."""


def keep_place(workbench: Workbench, study: Study) -> None:
    """Remember where a study lies, so that its case can be opened again."""
    workbench.earlier.note_opening(study, places_of(study, workbench.session.opened_paths))


def places_of(study: Study, opened: Sequence[Path]) -> tuple[str, ...]:
    """The folders of a study below opened folders, and opened files that are its own.

    What lies below no opened path was unpacked from an archive or listed in a DICOMDIR: then the opened
    files stand for it.
    """
    files = {frame.path for shown in study.display_sets for frame in shown.frames}
    roots = [path.absolute() for path in opened]
    found = [_place(file.absolute(), roots) for file in sorted(files)]
    if None in found:
        found += [root for root in roots if root.is_file()]
    places = sorted({str(place) for place in found if place is not None})
    return tuple(places) if len(places) <= MOST_PLACES else (os.path.commonpath(places),)


def _place(file: Path, roots: Sequence[Path]) -> Path | None:
    """The file itself where it was opened, its folder where a folder around it was; else None."""
    if file in roots:
        return file
    return file.parent if any(file.is_relative_to(root) for root in roots) else None
