"""Images with the masks of their structures, of folders or a table, split by patient."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from models.training.common import own_samples
from models.training.common.own_samples import (
    files_of,
    line_error,
    parts_of,
    patient_of,
    rows_of,
    split,
)
from models.training.common.own_settings import PARTS, DataError
from models.training.segment.settings import Options
from viewer.inference.importing.labels import slug

IMAGES, MASKS, SUFFIX, COLUMN = "images", "masks", "_mask", "mask_"


@dataclass(frozen=True)
class Mask:
    """Where a structure is drawn: pixels of this grey level of the picture, or all above 0 where None."""

    file: Path
    level: int | None = None


@dataclass(frozen=True)
class Sample(own_samples.Sample):
    """One image. masks : for each label, None where the structure is said to be absent."""

    masks: tuple[Mask | None, ...] = ()


class DataSet(own_samples.DataSet[Sample]):
    """Images with the masks of each."""


Masks = Mapping[str, Mapping[str, Path]]
"""Mask files by label title, then by the path of their image, without suffix, in the folder of images."""


def load(options: Options) -> DataSet:
    """The data set, each sample in a part; raises DataError for what cannot be used."""
    is_table = options.data.suffix.lower() == ".csv"
    found = _from_table(options) if is_table else _from_folders(options)
    keys = tuple(slug(title) for title in found.titles)
    if len(set(keys)) < len(keys):
        raise DataError(f"Two structures have the same key: {', '.join(sorted(keys))}.")
    whole = replace(found, labels=keys, samples=split(found.samples, options.seed))
    for part in PARTS:
        _refuse_without(whole, part)
    return whole


def _refuse_without(data: DataSet, part: str) -> None:
    for number, title in enumerate(data.titles):
        if not any(sample.masks[number] for sample in data.part(part)):
            raise DataError(f"The part {part} needs images with a mask of {title}; add patients.")


def _from_table(options: Options) -> DataSet:
    rows = rows_of(options.data)
    columns = [name for name in rows[0] if name.startswith(COLUMN) and name != COLUMN]
    if not columns:
        raise DataError(f"{options.data} needs a column {COLUMN}<structure> for each structure.")
    samples = tuple(_row(options.data, row, columns) for row in rows)
    return DataSet((), tuple(name.removeprefix(COLUMN) for name in columns), samples)


def _row(table: Path, row: dict[str, str], columns: list[str]) -> Sample:
    """An empty cell: the structure is not in the image."""
    files = [table.parent / row[name] if row.get(name) else None for name in columns]
    gone = next((file for file in files if file is not None and not file.is_file()), None)
    if gone is not None:
        raise line_error(table, row, f"masks that are there; {gone} is not")
    masks = tuple(Mask(file) if file is not None else None for file in files)
    return Sample(table.parent / row["file"], row["patient"], row.get("split", ""), masks)


def _from_folders(options: Options) -> DataSet:
    parts = parts_of(options.data)
    folders = {part: _masks_of(options.data / part) for part in parts}
    drawn = sorted({title for masks in folders.values() for title in masks})
    titles = tuple(key for key, _level in options.labels) or tuple(drawn)
    if options.labels and drawn != [ONE]:
        raise DataError("--labels is for masks in grey levels; here each structure has a folder.")
    if titles == (ONE,):
        titles = (options.out.name,)
    samples = tuple(
        sample for part in parts for sample in _samples(options, part, folders[part], drawn)
    )
    return DataSet((), titles, samples)


ONE = ""
"""Title of masks that stand in no folder of their own."""


def _samples(options: Options, part: str, masks: Masks, drawn: list[str]) -> Iterator[Sample]:
    root = _images_of(options.data / part)
    for file in files_of(root):
        name = _name(file, root)
        if _is_mask(file, root):
            continue
        found = [masks.get(title, {}).get(name) for title in drawn]
        if not options.missing_is_empty and None in found:
            raise DataError(
                f"{file} has no mask for every structure. Draw an empty one where the structure is "
                "absent, or give --missing-is-empty if no mask always means that."
            )
        yield Sample(file, patient_of(file, options), part, tuple(_levels(options, found)))


def _levels(options: Options, found: list[Path | None]) -> Iterator[Mask | None]:
    if not options.labels:
        yield from (Mask(file) if file else None for file in found)
        return
    for _key, level in options.labels:
        yield Mask(found[0], level) if found[0] else None


def _images_of(folder: Path) -> Path:
    return folder / IMAGES if (folder / IMAGES).is_dir() else folder


def _masks_of(folder: Path) -> Masks:
    """By title: a folder per structure, one folder for all, or beside the images with the suffix."""
    root = folder / MASKS
    if not root.is_dir():
        beside = {
            _name(file, folder).removesuffix(SUFFIX): file
            for file in files_of(folder)
            if _is_mask(file, folder)
        }
        return {ONE: beside} if beside else {}
    images = _images_of(folder)
    subjects = {one.name for one in images.iterdir() if one.is_dir()}
    own = [one for one in sorted(root.iterdir()) if one.is_dir() and one.name not in subjects]
    if not own:
        return {ONE: _by_name(root)}
    return {one.name: _by_name(one) for one in own}


def _by_name(folder: Path) -> dict[str, Path]:
    return {_name(file, folder).removesuffix(SUFFIX): file for file in files_of(folder)}


def _is_mask(file: Path, root: Path) -> bool:
    return file.stem.endswith(SUFFIX) or file.relative_to(root).parts[0] == MASKS


def _name(file: Path, root: Path) -> str:
    return file.relative_to(root).with_suffix("").as_posix()
