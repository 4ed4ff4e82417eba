"""Own images by patient: whose an image is is never guessed, and nobody is in two parts of the split."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, TypeVar

from models.training.common.own_images import PICTURES, patient_id
from models.training.common.own_settings import PARTS, SHARES, DataError, Options
from viewer.base import tables

OWN_COLUMNS = ("file", "patient", "split")
OF_THE_SYSTEM = ("thumbs.db", "desktop.ini", "dicomdir")
"""Files that lie among images and are none; every other one that is no image is refused."""


@dataclass(frozen=True)
class Sample:
    """One image. part: train, val, test, or "" where not yet split."""

    file: Path
    patient: str
    part: str = ""


Own = TypeVar("Own", bound=Sample)


@dataclass(frozen=True)
class DataSet(Generic[Own]):
    """labels: keys, in the order of each sample's truth. titles: as the data writes them."""

    labels: tuple[str, ...]
    titles: tuple[str, ...]
    samples: tuple[Own, ...]

    def part(self, name: str) -> tuple[Own, ...]:
        return tuple(sample for sample in self.samples if sample.part == name)


def parts_of(root: Path) -> tuple[str, ...]:
    """The folders that name the split, or one name of nothing; raises DataError for no folder."""
    if not root.is_dir():
        raise DataError(f"{root} is no folder.")
    return PARTS if all((root / part).is_dir() for part in PARTS) else ("",)


def files_of(folder: Path) -> Iterator[Path]:
    """All files of a folder and its folders, but hidden ones and those that systems leave; nothing where
    there is no folder.
    """
    if folder.is_dir():
        yield from sorted(f for f in folder.rglob("*") if f.is_file() and not _is_of_the_system(f))


def _is_of_the_system(file: Path) -> bool:
    return file.name.startswith(".") or file.name.lower() in OF_THE_SYSTEM


def rows_of(table: Path) -> list[dict[str, str]]:
    """The lines of a CSV with the columns file and patient; each names a patient, and a part or none."""
    try:
        text = table.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{table} cannot be read: {error}.") from error
    rows = [
        {key: (value or "").strip() for key, value in row.items() if key}
        for row in tables.rows(text)
    ]
    if not rows or not {"file", "patient"} <= set(rows[0]) or set(rows[0]) <= set(OWN_COLUMNS):
        raise DataError(f"{table} needs the columns file, patient and one per label.")
    for row in rows:
        if not row["patient"] or row.get("split", "") not in ("", *PARTS):
            raise line_error(table, row, "as split train, val, test or nothing")
    return rows


def line_error(table: Path, row: dict[str, str], wanted: str) -> DataError:
    """A line of a table that leaves something open."""
    return DataError(f"{table}: the line of {row['file']} needs a patient, and {wanted}.")


def patient_of(file: Path, options: Options) -> str:
    """By DICOM header, by the pattern given, or each file its own if that was said; never guessed.

    The pattern is tried on the path within the data, so that a folder may name the patient.
    """
    if file.suffix.lower() not in PICTURES:
        return patient_id(file)
    if options.patients:
        return _by_pattern(file, options)
    if options.each_file:
        return str(file)
    raise DataError(
        "Pictures do not say whose they are. Give --patients, a pattern whose first group is the "
        "patient in the file name, a CSV with a patient column, or --each-file-a-patient if that is so."
    )


def _by_pattern(file: Path, options: Options) -> str:
    path = file.relative_to(options.data).as_posix()
    found = re.search(options.patients, file.name) or re.search(options.patients, path)
    if found is None:
        raise DataError(f"{file.name} does not fit the pattern of --patients.")
    return found.group(1) if found.groups() else found.group(0)


def split(samples: Sequence[Own], seed: int) -> tuple[Own, ...]:
    """Each sample in a part: as the data says, or by a hash of the seed and the patient's name.

    Raises DataError for no samples, a patient in two parts, or a split that some lines do not name.
    """
    if not samples:
        raise DataError("The data holds no images.")
    refuse_shared_patients(samples)
    named = {sample.part for sample in samples}
    if "" not in named:
        return tuple(samples)
    if named != {""}:
        raise DataError("Some lines name a split and others none; name it for all, or for none.")
    return tuple(replace(one, part=_part(one.patient, seed)) for one in samples)


def refuse_shared_patients(samples: Sequence[Sample]) -> None:
    """Raise DataError where a patient is in two of the parts that the data names."""
    parts: dict[str, set[str]] = defaultdict(set)
    for sample in samples:
        parts[sample.patient].add(sample.part)
    shared = sorted(patient for patient, found in parts.items() if len(found) > 1)
    if shared:
        raise DataError(
            f"{len(shared)} patients are in more than one part, the first is {shared[0]}: the figures "
            "would be of patients already seen. Put each patient into one part."
        )


def _part(patient: str, seed: int) -> str:
    digest = hashlib.sha256(f"{seed}/{patient}".encode()).digest()
    share = int.from_bytes(digest[:8], "big") / 2**64
    for part, size in SHARES.items():
        share -= size
        if share < 0:
            return part
    return PARTS[-1]
