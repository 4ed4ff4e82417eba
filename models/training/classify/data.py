"""Labelled images of a folder or a table, split by patient, prepared as the viewer prepares them."""

import csv
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from models.training.classify.settings import PARTS, SHARES, DataError, Options
from viewer.inference.importing.labels import NO_FINDING, slug
from viewer.inference.preprocessing import preprocess

PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff")
OWN_COLUMNS = ("file", "patient", "split")


@dataclass(frozen=True)
class Sample:
    """One image. truth: 0 or 1 for each label; part: train, val, test, or "" where not yet split."""

    file: Path
    patient: str
    truth: tuple[int, ...]
    part: str = ""


@dataclass(frozen=True)
class DataSet:
    """labels: keys, in the order of the truth. titles: as the data writes them."""

    labels: tuple[str, ...]
    titles: tuple[str, ...]
    samples: tuple[Sample, ...]

    def part(self, name: str) -> tuple[Sample, ...]:
        return tuple(sample for sample in self.samples if sample.part == name)


def load(options: Options) -> DataSet:
    """The data set, each sample in a part; raises DataError for what cannot be used."""
    is_table = options.data.suffix.lower() == ".csv"
    found = _from_table(options) if is_table else _from_folders(options)
    if not found.samples:
        raise DataError(f"{options.data} holds no images.")
    refuse_shared_patients(found.samples)
    whole = replace(found, samples=tuple(_split(found.samples, options.seed)))
    for part in PARTS:
        for label, column in zip(whole.labels, _truth(whole.part(part)).T, strict=True):
            if len(set(column)) < 2:
                raise DataError(
                    f"The part {part} needs images with and without {label}; add patients."
                )
    return whole


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


def prepared(file: Path, operations: Sequence[dict[str, object]]) -> np.ndarray:
    """The tensor (rows, columns), float32, as the viewer would make it."""
    values, monochrome1 = _picture(file) if file.suffix.lower() in PICTURES else _dicom(file)
    return preprocess(values, monochrome1=monochrome1, operations=operations).tensor


def _from_folders(options: Options) -> DataSet:
    root, parts = options.data, PARTS
    if not root.is_dir():
        raise DataError(f"{root} is no folder.")
    if not all((root / part).is_dir() for part in PARTS):
        parts = ("",)
    names = sorted({one.name for part in parts for one in (root / part).iterdir() if one.is_dir()})
    normal = options.normal or next((n for n in names if slug(n) in NO_FINDING), "")
    titles = tuple(name for name in names if name != normal)
    if len(names) < 2 or not titles:
        raise DataError(f"{root} needs a folder for each of at least two classes; it has {names}.")
    samples = tuple(
        Sample(file, _patient(file, options), tuple(int(t == name) for t in titles), part)
        for part in parts
        for name in names
        for file in _images(root / part / name)
    )
    return DataSet(tuple(slug(title) for title in titles), titles, samples)


def _from_table(options: Options) -> DataSet:
    with options.data.open(newline="", encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    columns = list(rows[0]) if rows else []
    titles = tuple(name for name in columns if name not in OWN_COLUMNS)
    if not {"file", "patient"} <= set(columns) or not titles:
        raise DataError(f"{options.data} needs the columns file, patient and one per label.")
    return DataSet(
        tuple(slug(title) for title in titles),
        titles,
        tuple(_row(options.data, row, titles) for row in rows),
    )


def _row(table: Path, row: dict[str, str], titles: Sequence[str]) -> Sample:
    words = [row[title].strip() for title in titles]
    part = (row.get("split") or "").strip()
    if not row["patient"].strip() or set(words) - {"0", "1"} or part not in ("", *PARTS):
        raise DataError(
            f"{table}: the line of {row['file']} needs a patient, 0 or 1 for each label, and as split "
            "train, val, test or nothing."
        )
    file = table.parent / row["file"]
    return Sample(file, row["patient"].strip(), tuple(int(word) for word in words), part)


def _images(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(
            f for f in folder.rglob("*") if f.is_file() and not f.name.startswith(".")
        )


def _patient(file: Path, options: Options) -> str:
    """By DICOM header, by the pattern given, or each file its own if that was said; never guessed."""
    if file.suffix.lower() not in PICTURES:
        return _patient_id(file)
    if options.patients:
        found = re.search(options.patients, file.name)
        if found is None:
            raise DataError(f"{file.name} does not fit the pattern of --patients.")
        return found.group(1) if found.groups() else found.group(0)
    if options.each_file:
        return str(file)
    raise DataError(
        "Pictures do not say whose they are. Give --patients, a pattern whose first group is the "
        "patient in the file name, a CSV with a patient column, or --each-file-a-patient if that is so."
    )


def _split(samples: Sequence[Sample], seed: int) -> Iterator[Sample]:
    """Samples as they are split already, or by patient: a hash of the seed and the patient's name."""
    named = {sample.part for sample in samples}
    if "" not in named:
        yield from samples
        return
    if named != {""}:
        raise DataError("Some lines name a split and others none; name it for all, or for none.")
    for sample in samples:
        digest = hashlib.sha256(f"{seed}/{sample.patient}".encode()).digest()
        yield replace(sample, part=_part_of(int.from_bytes(digest[:8], "big") / 2**64))


def _part_of(share: float) -> str:
    for part, size in SHARES.items():
        share -= size
        if share < 0:
            return part
    return PARTS[-1]


def _truth(samples: Sequence[Sample]) -> np.ndarray:
    if not samples:
        raise DataError("A part of the data is empty; add patients, or name the split yourself.")
    return np.array([sample.truth for sample in samples])


def _picture(file: Path) -> tuple[np.ndarray, bool]:
    try:
        with Image.open(file) as picture:
            deep = picture.mode.startswith(("I", "F"))
            grey = picture if deep else picture.convert("L")
            return np.asarray(grey, dtype=np.float32), False
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error}.") from error


def _dicom(file: Path) -> tuple[np.ndarray, bool]:
    """Modality values of the one frame of a file, padding made background, as the viewer reads them."""
    from viewer.dicom.decoder import decode
    from viewer.dicom.indexer import index
    from viewer.imaging.display import shows_low_as_white
    from viewer.imaging.modality_lut import modality_values
    from viewer.inference.film import without_padding

    found = index((file,), lambda *_: None, lambda *_: None)
    refs = [ref for s in found.studies for one in s.display_sets for ref in one.frames]
    if len(refs) != 1:
        raise DataError(f"{file} holds {len(refs)} images; one file must be one image.")
    frame = decode(refs[0])
    if frame.is_colour:
        raise DataError(f"{file} is in colour; networks here read grey values.")
    return without_padding(frame, modality_values(frame)), shows_low_as_white(frame)


def _patient_id(file: Path) -> str:
    from pydicom import dcmread
    from pydicom.errors import InvalidDicomError

    try:
        patient = str(dcmread(file, stop_before_pixels=True).get("PatientID", "")).strip()
    except (InvalidDicomError, OSError) as error:
        raise DataError(f"{file} is neither a picture nor DICOM.") from error
    if not patient:
        raise DataError(f"{file} names no patient; give a CSV with a patient column.")
    return patient
