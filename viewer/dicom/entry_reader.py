"""EntryReader: entries of many files; what those of a series share is read once, their own values each time.

Values come from pydicom through `index_entry`, or are plain digits of which nothing else can be made;
a file that is not plain (see tag_scanner) is read by pydicom whole.
"""

import re
from collections.abc import Iterable, MutableMapping, MutableSequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydicom.charset import convert_encodings, default_encoding
from pydicom.datadict import dictionary_VR
from pydicom.dataelem import (
    DataElement,
    RawDataElement,
    convert_raw_data_element,
    empty_value_for_VR,
)
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.tag import BaseTag, Tag

from viewer.dicom.index_entry import INDEX_TAGS, NEEDED_UIDS, IndexEntry, entry_of
from viewer.dicom.orientation import oriented_plane
from viewer.dicom.pixel_check import items_problem
from viewer.dicom.reader import Header
from viewer.dicom.scope import frame_scope
from viewer.dicom.tag_scanner import Element, Scan, Wanted, scan
from viewer.domain.geometry import ImagePlane
from viewer.domain.study import Instance

CHARACTER_SET = BaseTag(0x00080005)
INSTANCE, NUMBER, POSITION = 0x00080018, 0x00200013, 0x00200032
"""SOP Instance UID, Instance Number and Image Position (Patient) differ within a series; the rest rarely."""


def _tags(keywords: Iterable[str]) -> frozenset[int]:
    return frozenset(int(Tag(keyword)) for keyword in keywords)


WANTED = Wanted(
    _tags((*INDEX_TAGS, "SpecificCharacterSet")),
    frozenset((INSTANCE, NUMBER, POSITION)),
    _tags(keyword for keyword in INDEX_TAGS if dictionary_VR(keyword) == "SQ"),
)
NEEDED = tuple(_tags(NEEDED_UIDS))
TEMPLATES_KEPT = 256
"""Kinds of headers remembered in one run; one series is one, or a few."""

UID_DIGITS = re.compile(rb"([0-9.]{1,64})\0?")
WHOLE_NUMBER = re.compile(rb" *([+-]?[0-9]{1,9}) *")
_DECIMAL = rb" *([+-]?[0-9]{1,9}(?:\.[0-9]{0,12})?(?:[eE][+-]?[0-9]{1,2})?) *"
THREE_DECIMALS = re.compile(rb"\\".join([_DECIMAL] * 3))
"""Values of which there is one reading only (PS3.5 6.2, VR UI, IS, DS)."""

ABSENT: Element = (None, b"")


@dataclass(frozen=True, eq=False)
class Template:
    """The first entry of a kind, and the direction of its plane, if it has one."""

    entry: IndexEntry
    header: Header
    oriented: ImagePlane | None
    reference: str


@dataclass
class EntryReader:
    """Reads for one index run."""

    _templates: dict[bytes, Template] = field(default_factory=dict)

    def plain_entry(self, path: Path) -> IndexEntry | None:
        """The entry of an ordinary file with pixels; None where `read_entry` must judge; raises OSError."""
        found = scan(path, WANTED)
        if found is None or found.pixel is None or not all(map(found.values.get, NEEDED)):
            return None
        key = b"".join((found.syntax.encode(), *found.shared))
        template = self._templates.get(key)
        if template is not None:
            entry = _like(template, path, found)
            if entry is not None:
                return entry
        return self._whole(key, path, found)

    def _whole(self, key: bytes, path: Path, found: Scan) -> IndexEntry | None:
        header = _header(path, found)
        scope = frame_scope(header.dataset, 0)
        if not all(map(scope.text, NEEDED_UIDS)):
            return None
        entry = entry_of(path, header, scope)
        if _may_stand_for_others(entry):
            if len(self._templates) >= TEMPLATES_KEPT:
                self._templates.clear()
            self._templates[key] = Template(
                entry, header, oriented_plane(scope), scope.text("FrameOfReferenceUID")
            )
        return entry


def _may_stand_for_others(entry: IndexEntry) -> bool:
    """A sound single image, of which nothing was read but the tags of the index."""
    single = entry.instance.frames == 1 and not entry.stacks and entry.study_object is None
    return single and not entry.problem


def _like(template: Template, path: Path, found: Scan) -> IndexEntry | None:
    """The template with this file's own values, or None where they are not plain or its pixels differ."""
    uid = _match(UID_DIGITS, found, INSTANCE, "UI")
    number = _match(WHOLE_NUMBER, found, NUMBER, "IS")
    position = _match(THREE_DECIMALS, found, POSITION, "DS")
    if None in (uid, number, position) or not uid or not _pixels_alike(template, path, found):
        return None
    like = template.entry
    instance = Instance(
        uid[0],
        like.instance.sop_class_uid,
        path,
        like.instance.transfer_syntax_uid,
        like.instance.frames,
        like.instance.rows,
        like.instance.columns,
        int(number[0]) if number else None,
    )
    return replace(like, instance=instance, plane=_plane(template, position))


def _match(pattern: re.Pattern[bytes], found: Scan, tag: int, vr: str) -> tuple[str, ...] | None:
    """The parts of a plain value, () where it is absent or empty, None where it is anything else."""
    stated, value = found.values.get(tag, ABSENT)
    if not value:
        return ()
    matched = pattern.fullmatch(value)
    if matched is None or stated not in (vr, None):
        return None
    return tuple(part.decode() for part in matched.groups())


def _plane(template: Template, position: tuple[str, ...] | None) -> ImagePlane | None:
    oriented = template.oriented
    if oriented is None or not position:
        return None
    x, y, z = map(float, position)
    return ImagePlane((x, y, z), oriented.row_cosines, oriented.column_cosines, template.reference)


def _pixels_alike(template: Template, path: Path, found: Scan) -> bool:
    """Whether the pixels are as long as the template's, which had no problem, and all there."""
    like, pixel = template.header.pixel, found.pixel
    if (
        like is None
        or pixel is None
        or (like.keyword, like.length) != (pixel.keyword, pixel.length)
    ):
        return False
    if pixel.length is not None:
        return pixel.offset + pixel.length <= found.size
    header = replace(template.header, path=path, pixel=pixel, size=found.size)
    return not items_problem(header, template.entry.instance.frames)


def _header(path: Path, found: Scan) -> Header:
    """The header as pydicom would have made it of these elements; values are converted when asked for."""
    implicit, little = found.implicit, found.little_endian
    elements: MutableMapping[BaseTag, DataElement | RawDataElement] = {
        BaseTag(tag): RawDataElement(
            BaseTag(tag), vr, len(value), value or _empty(vr), 0, implicit, little
        )
        for tag, (vr, value) in found.values.items()
    }
    dataset = Dataset(elements, parent_encoding=default_encoding)
    dataset.file_meta = FileMetaDataset()
    dataset.set_original_encoding(implicit, little, _encodings(elements))
    return Header(path, dataset, found.syntax, found.pixel, found.size)


def _empty(vr: str | None) -> bytes | None:
    empty = empty_value_for_VR(vr, raw=True)
    return empty if isinstance(empty, bytes) else None


def _encodings(
    elements: MutableMapping[BaseTag, DataElement | RawDataElement],
) -> str | MutableSequence[str]:
    """As pydicom's read_dataset takes them from Specific Character Set (0008,0005)."""
    stated = elements.get(CHARACTER_SET)
    if not isinstance(stated, RawDataElement):
        return default_encoding
    return convert_encodings(convert_raw_data_element(stated).value)
