"""labels.csv: which images, of which patients, with what truth; refused by line where it is unclear."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from viewer.base import tables
from viewer.base.errors import FileProblem
from viewer.base.i18n import _

FILE, PATIENT, MASK = "file", "patient", "mask_"
TRUTHS: Mapping[str, bool | None] = {
    "": None,
    "0": False,
    "0.0": False,
    "1": True,
    "1.0": True,
}
"""An empty cell: not known, left out of that finding's figures."""


@dataclass(frozen=True)
class LabelledImage:
    """One line. file: an image, or the folder of one series. patient: as the table names them.

    truths: by finding key. masks: picture of the true outline by label key.
    facts: header attributes by DICOM keyword that the table states; for pictures without a header.
    """

    file: Path
    patient: str
    truths: Mapping[str, bool | None]
    masks: Mapping[str, Path]
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Labels:
    """The whole table, with the keys it has columns for. unused: its other columns."""

    images: tuple[LabelledImage, ...]
    findings: tuple[str, ...]
    masks: tuple[str, ...]
    unused: tuple[str, ...] = ()


def read_labels(path: Path, findings: Sequence[str], masks: Sequence[str]) -> Labels:
    """Read a table; paths in it are relative to its folder.

    Parameters
    ----------
    findings, masks : keys of the model's findings and labels; columns are `<key>` and `mask_<key>`.
        Columns that begin with a capital letter are DICOM keywords (ViewPosition, PatientAge).

    Raises
    ------
    FileProblem : the table cannot be read, lacks a column, or a line is unclear (it is named)
    """
    rows = _rows(path)
    present = tuple(rows[0])
    found = tuple(key for key in findings if key in present)
    outlined = tuple(key for key in masks if MASK + key in present)
    _refuse_columns(path, present, found, outlined, (findings, masks))
    images = tuple(
        _image(path, number, row, found, outlined) for number, row in enumerate(rows, start=2)
    )
    _refuse_repeats(path, images)
    facts = {name for name in present if name[:1].isupper()}
    used = {FILE, PATIENT, *found, *(MASK + key for key in outlined), *facts}
    return Labels(images, found, outlined, tuple(name for name in present if name not in used))


def _refuse_repeats(path: Path, images: Sequence[LabelledImage]) -> None:
    """One image counts once, and is one patient's."""
    lines: dict[Path, int] = {}
    for number, image in enumerate(images, start=2):
        first = lines.setdefault(image.file.resolve(), number)
        if first != number:
            raise FileProblem(
                _(
                    "The table {path}: lines {first} and {second} name the same file, {file}."
                ).format(path=path, first=first, second=number, file=image.file.name)
            )


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            text = file.read()
        found = tables.rows(text)
        rows = [{str(name).strip(): _cell(value) for name, value in row.items()} for row in found]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FileProblem(
            _("The table {path} cannot be read: {reason}.").format(path=path, reason=error)
        ) from error
    if not rows:
        raise FileProblem(_("The table {path} holds no line.").format(path=path))
    return rows


def _cell(value: str | list[str] | None) -> str:
    """A line that is longer than its header has a list of what is left over."""
    return " ".join(value).strip() if isinstance(value, list) else (value or "").strip()


def _refuse_columns(
    path: Path,
    present: Iterable[str],
    found: Sequence[str],
    outlined: Sequence[str],
    known: tuple[Sequence[str], Sequence[str]],
) -> None:
    missing = [column for column in (FILE, PATIENT) if column not in set(present)]
    if missing:
        raise FileProblem(
            _("The table {path} lacks the column {column}; it has {present}.").format(
                path=path, column=missing[0], present=", ".join(present)
            )
        )
    strange = [
        name for name in present if name.startswith(MASK) and name[len(MASK) :] not in known[1]
    ]
    if strange:
        raise FileProblem(
            _(
                "The table {path}: the model has no label for the column {column}; it has {known}."
            ).format(path=path, column=strange[0], known=", ".join(MASK + key for key in known[1]))
        )
    if not (found or outlined):
        wanted = ", ".join((*known[0], *(MASK + key for key in known[1])))
        raise FileProblem(
            _(
                "The table {path} has no column of this model; name at least one of {wanted}."
            ).format(path=path, wanted=wanted)
        )


def _image(
    path: Path, number: int, row: Mapping[str, str], found: Sequence[str], outlined: Sequence[str]
) -> LabelledImage:
    def refuse(reason: str) -> FileProblem:
        said = _("The table {path}, line {number}: {reason}.")
        return FileProblem(said.format(path=path, number=number, reason=reason))

    for column in (FILE, PATIENT):
        if not row[column]:
            raise refuse(_("{column} is empty").format(column=column))
    unclear = next((row[key] for key in found if row[key] not in TRUTHS), None)
    if unclear is not None:
        raise refuse(_("{value} is neither 0 nor 1").format(value=unclear))
    masks = {key: path.parent / row[MASK + key] for key in outlined if row[MASK + key]}
    files = (path.parent / row[FILE], *masks.values())
    absent = next((file for file in files if not file.exists()), None)
    if absent is not None:
        raise refuse(_("{file} does not exist").format(file=absent))
    return LabelledImage(
        files[0],
        row[PATIENT],
        {key: TRUTHS[row[key]] for key in found},
        masks,
        {name: value for name, value in row.items() if name[:1].isupper() and value},
    )
