"""Media: DICOM files with a DICOMDIR over them (PS3.3 Annex F, PS3.10 8), for a disc, a stick or a folder."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from pydicom import Dataset
from pydicom.fileset import FileSet

from viewer.base.errors import ExportError, FileProblem
from viewer.base.i18n import _
from viewer.dicom.reader import read

FILE_SET_ID = "SECONDREAD"
DICOMDIR = "DICOMDIR"


def write_media(
    files: Sequence[Path], folder: Path, report: Callable[[float], None]
) -> tuple[Path, ...]:
    """Copy DICOM files into the new folder `folder` under 8.3 names, with a DICOMDIR; returns all paths.

    report: 0 to 1; may raise Cancelled, then nothing is left.

    Raises
    ------
    ExportError : a file cannot be part of a file-set, or the folder cannot be written
    """
    made = FileSet()
    made.ID = FILE_SET_ID
    for number, path in enumerate(files):
        report(0.9 * number / max(len(files), 1))
        _add(made, path)
    return _placed(made, folder)


def _add(made: FileSet, path: Path) -> None:
    try:
        dataset = _listable(read(path, pixels=True))
        _mend(made.add(dataset).node._record, dataset)
    except (FileProblem, ValueError, AttributeError, KeyError, TypeError, OSError) as problem:
        raise ExportError(
            _("{file} cannot be listed in a DICOMDIR: {reason}. Export without one.").format(
                file=path.name, reason=problem
            )
        ) from problem


def _mend(record: Dataset, dataset: Dataset) -> None:
    """pydicom lists the whole content of a document, where PS3.3 F.5.34 wants what modifies its title,
    and leaves out when it was verified."""
    if "ContentSequence" in record:
        record.ContentSequence = [
            item
            for item in record.ContentSequence
            if item.get("RelationshipType") == "HAS CONCEPT MOD"
        ]
        if not record.ContentSequence:
            del record.ContentSequence
    verified = dataset.get("VerifyingObserverSequence")
    if verified and record.DirectoryRecordType == "SR DOCUMENT":
        record.VerificationDateTime = verified[0].VerificationDateTime


def _listable(dataset: Dataset) -> Dataset:
    """A DICOMDIR must name a patient (Type 1); the file itself keeps what it says."""
    if not dataset.get("PatientID"):
        raise ValueError(_("it has no Patient ID"))
    return dataset


def _placed(made: FileSet, folder: Path) -> tuple[Path, ...]:
    """Written beside the folder first, so that it appears whole or not at all."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists():
            shutil.rmtree(folder)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".secondread_") as held:
            made.write(Path(held) / "media")
            (Path(held) / "media").rename(folder)
    except (OSError, ValueError) as problem:
        raise ExportError(
            _("{folder} could not be written: {reason}. Choose another folder.").format(
                folder=folder, reason=problem
            )
        ) from problem
    return tuple(sorted(path for path in folder.rglob("*") if path.is_file()))
