"""Labelled images of a folder or a table, split by patient."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from models.training.classify.settings import Options
from models.training.common import own_samples
from models.training.common.own_samples import (
    OWN_COLUMNS,
    files_of,
    line_error,
    parts_of,
    patient_of,
    rows_of,
    split,
)
from models.training.common.own_settings import PARTS, DataError
from viewer.inference.importing.labels import NO_FINDING, slug


@dataclass(frozen=True)
class Sample(own_samples.Sample):
    """One image. truth: 0 or 1 for each label."""

    truth: tuple[int, ...] = ()


class DataSet(own_samples.DataSet[Sample]):
    """Images with the classes of each."""


def load(options: Options) -> DataSet:
    """The data set, each sample in a part; raises DataError for what cannot be used."""
    is_table = options.data.suffix.lower() == ".csv"
    found = _from_table(options) if is_table else _from_folders(options)
    whole = replace(found, samples=split(found.samples, options.seed))
    for part in PARTS:
        for label, column in zip(whole.labels, _truth(whole.part(part)).T, strict=True):
            if len(set(column)) < 2:
                raise DataError(
                    f"The part {part} needs images with and without {label}; add patients."
                )
    return whole


def _from_folders(options: Options) -> DataSet:
    root, parts = options.data, parts_of(options.data)
    names = sorted({one.name for part in parts for one in (root / part).iterdir() if one.is_dir()})
    normal = options.normal or next((n for n in names if slug(n) in NO_FINDING), "")
    if normal and normal not in names:
        raise DataError(f"--normal {normal} is none of the classes {', '.join(names)}.")
    titles = tuple(name for name in names if name != normal)
    if len(names) < 2 or not titles:
        raise DataError(f"{root} needs a folder for each of at least two classes; it has {names}.")
    samples = tuple(
        Sample(file, patient_of(file, options), part, tuple(int(t == name) for t in titles))
        for part in parts
        for name in names
        for file in files_of(root / part / name)
    )
    return DataSet(tuple(slug(title) for title in titles), titles, samples)


def _from_table(options: Options) -> DataSet:
    rows = rows_of(options.data)
    titles = tuple(name for name in rows[0] if name not in OWN_COLUMNS)
    return DataSet(
        tuple(slug(title) for title in titles),
        titles,
        tuple(_row(options.data, row, titles) for row in rows),
    )


def _row(table: Path, row: dict[str, str], titles: Sequence[str]) -> Sample:
    words = [row.get(title, "") for title in titles]
    if set(words) - {"0", "1"}:
        raise line_error(table, row, "0 or 1 for each label")
    file, truth = table.parent / row["file"], tuple(int(word) for word in words)
    return Sample(file, row["patient"], row.get("split", ""), truth)


def _truth(samples: Sequence[Sample]) -> np.ndarray:
    if not samples:
        raise DataError("A part of the data is empty; add patients, or name the split yourself.")
    return np.array([sample.truth for sample in samples])
