"""index: files and folders to a growing StudyIndex, header by header."""

from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic

from viewer.base.errors import FileProblem
from viewer.base.i18n import _
from viewer.dicom.dicomdir import DICOMDIR
from viewer.dicom.entry_reader import EntryReader
from viewer.dicom.file_start import is_dicom
from viewer.dicom.index_entry import read_entry
from viewer.dicom.source import fetch
from viewer.dicom.study_builder import StudyBuilder
from viewer.domain.study import StudyIndex

FIRST_BATCH = 4
"""Instances after which the first batch goes out, so that something shows at once."""

BATCH_SECONDS = 0.3
"""Time between batches after that."""

REPORT_EVERY = 16
"""Files between two reports of progress."""


def index(
    paths: Sequence[Path],
    on_batch: Callable[[StudyIndex], None],
    report: Callable[[float], None],
) -> StudyIndex:
    """Index files, folders with all below them, ZIP archives, and what a DICOMDIR lists.

    on_batch: receives what is known so far, again and again. report: 0 to 1; may raise Cancelled.
    Files that are no DICOM objects are counted as skipped in a folder, and a problem where they were
    named themselves. Raises FileProblem for a path that does not exist.
    """
    found = fetch(paths, report)
    files = found.files
    named = {path for path in paths if path.is_file()}
    builder, reader, next_batch = StudyBuilder(), EntryReader(), 0.0
    builder.problems += found.problems
    builder.skipped = found.skipped
    builder.files_seen = found.skipped
    for number, path in enumerate(files, 1):
        _take(builder, reader, path, named=path in named)
        if number % REPORT_EVERY == 0:
            report(number / len(files))
        if number >= FIRST_BATCH and monotonic() >= next_batch:
            on_batch(builder.freeze())
            next_batch = monotonic() + BATCH_SECONDS
    report(1.0)
    return builder.freeze()


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
