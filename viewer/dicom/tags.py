"""All attributes of a file in words: tag, name, VR, value; sequences nested, private ones with their creator."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset

from viewer.base.errors import FileProblem
from viewer.base.i18n import _, plural
from viewer.dicom.reader import read
from viewer.dicom.scope import BAD_VALUE

BINARY_VRS = frozenset({"OB", "OW", "OD", "OF", "OL", "OV", "UN"})
LONGEST_VALUE = 400
"""Letters of a value that are shown; the rest is counted."""


@dataclass(frozen=True)
class TagRow:
    """One attribute. tag: "(gggg,eeee)"; for an item of a sequence its number. items: below it."""

    tag: str
    name: str
    vr: str
    value: str
    items: tuple["TagRow", ...] = ()


def tag_rows(path: Path) -> tuple[TagRow, ...]:
    """The attributes of a file, file meta information first; raises FileProblem."""
    dataset = read(path, pixels=False)
    meta = getattr(dataset, "file_meta", None) or Dataset()
    try:
        return (*_rows(meta), *_rows(dataset))
    except BAD_VALUE as error:
        raise FileProblem(
            _("An attribute of {file} cannot be read ({reason}).").format(
                file=path.name, reason=type(error).__name__
            )
        ) from error


def _rows(dataset: Dataset) -> Iterator[TagRow]:
    for element in dataset:
        yield _row(element)


def _row(element: DataElement) -> TagRow:
    tag = f"({element.tag.group:04X},{element.tag.element:04X})"
    if element.VR != "SQ":
        return TagRow(tag, element.name, element.VR, _value(element))
    items = tuple(
        TagRow(str(number), _("Item {number}").format(number=number), "", "", tuple(_rows(item)))
        for number, item in enumerate(element.value, start=1)
    )
    return TagRow(tag, element.name, "SQ", plural("{n} item", "{n} items", len(items)), items)


def _value(element: DataElement) -> str:
    value = element.value
    if element.VR in BINARY_VRS or isinstance(value, bytes):
        return plural("{n} byte", "{n} bytes", len(value or b""))
    text = "\\".join(str(one) for one in value) if element.VM > 1 else str(value or "")
    if value == 0:
        text = "0"
    if len(text) <= LONGEST_VALUE:
        return text
    return f"{text[:LONGEST_VALUE]}… ({len(text)})"
