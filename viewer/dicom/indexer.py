"""index: files and folders to a growing StudyIndex, header by header."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import monotonic

from viewer.base.errors import FileProblem
from viewer.base.i18n import _
from viewer.dicom.entry_reader import EntryReader
from viewer.dicom.file_start import is_dicom
from viewer.dicom.index_entry import read_entry
from viewer.dicom.study_builder import StudyBuilder
from viewer.domain.study import StudyIndex

FIRST_BATCH = 4
"""Instances after which the first batch goes out, so that something shows at once."""

BATCH_SECONDS = 0.3
"""Time between batches after that."""

REPORT_EVERY = 16
"""Files between two reports of progress."""

LISTED_BETWEEN_REPORTS = 512
DICOMDIR = "DICOMDIR"


def index(
    paths: Sequence[Path],
    on_batch: Callable[[StudyIndex], None],
    report: Callable[[float], None],
) -> StudyIndex:
    """Index files, and folders with all below them.

    on_batch: receives what is known so far, again and again. report: 0 to 1; may raise Cancelled.
    Files that are no DICOM objects are counted as skipped in a folder, and a problem where they were
    named themselves. Raises FileProblem for a path that does not exist.
    """
    files = _listed(paths, report)
    named = {path for path in paths if path.is_file()}
    builder, reader, next_batch = StudyBuilder(), EntryReader(), 0.0
    for number, path in enumerate(files, 1):
        _take(builder, reader, path, named=path in named)
        if number % REPORT_EVERY == 0:
            report(number / len(files))
        if number >= FIRST_BATCH and monotonic() >= next_batch:
            on_batch(builder.freeze())
            next_batch = monotonic() + BATCH_SECONDS
    report(1.0)
    return builder.freeze()


def _listed(paths: Sequence[Path], report: Callable[[float], None]) -> list[Path]:
    """All files; `report` may stop a walk through a large tree."""
    files: list[Path] = []
    report(0.0)
    for path in _all_files(paths):
        files.append(path)
        if len(files) % LISTED_BETWEEN_REPORTS == 0:
            report(0.0)
    return files


def _take(builder: StudyBuilder, reader: EntryReader, path: Path, *, named: bool) -> None:
    """Read one file's header; whatever it is, it is counted."""
    builder.files_seen += 1
    try:
        entry = None if _is_directory_file(path) else reader.plain_entry(path)
        if entry is None and _is_candidate(path, named):
            entry = read_entry(path)
    except FileProblem as problem:
        builder.refuse(path, str(problem))
        return
    except OSError as fault:
        reason = fault.strerror or str(fault)
        builder.refuse(
            path, _("{name} cannot be opened: {reason}.").format(name=path.name, reason=reason)
        )
        return
    if entry is None:
        builder.skipped += 1
    else:
        builder.add(entry)


def _is_candidate(path: Path, named: bool) -> bool:
    """A regular file (a pipe would block for ever) that begins like DICOM, or was named itself."""
    if _is_directory_file(path) or not path.is_file():
        return False
    return named or is_dicom(path)


def _is_directory_file(path: Path) -> bool:
    return path.name.upper() == DICOMDIR


def _all_files(paths: Sequence[Path]) -> Iterator[Path]:
    """Each file once, in a stable order; links to folders are not followed (they may go round)."""
    seen: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise FileProblem(_("{path} does not exist.").format(path=path))
        for file in _below(path) if path.is_dir() else (path,):
            if file not in seen:
                seen.add(file)
                yield file


def _below(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        folders.sort()
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(parent) / name for name in sorted(files))
