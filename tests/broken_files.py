"""Whole files made into broken ones: cut at every tag, lengths that lie, headers that lie about the pixels."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian
from pydicom.valuerep import EXPLICIT_VR_LENGTH_32

SHORT_HEAD, LONG_HEAD = 8, 12
UNDEFINED = 0xFFFFFFFF
LIES: dict[str, tuple[object, ...]] = {
    "Rows": (0, 1, 7, 65535),
    "Columns": (0, 1, 7, 65535),
    "NumberOfFrames": (0, -1, 2, 1_000_000_000),
    "BitsAllocated": (0, 1, 12, 32, 64),
    "BitsStored": (0, 40),
    "HighBit": (0, 63),
    "SamplesPerPixel": (0, 2, 3, 4),
    "PhotometricInterpretation": ("RGB", "YBR_FULL_422", "PALETTE COLOR", "NOTHING", ""),
}
"""Values that are wrong for any small greyscale or colour image."""


@dataclass(frozen=True)
class Place:
    """One top level element. length_at: where its length is stated. end: after its value."""

    tag: int
    start: int
    length_at: int
    length_bytes: int
    end: int


def places(path: Path) -> list[Place]:
    """The elements of the file in their order, file meta information first."""
    dataset = dcmread(path, force=True)
    meta = dataset.file_meta
    implicit = meta.get("TransferSyntaxUID") == ImplicitVRLittleEndian
    return [
        *(_place(meta.get_item(tag), implicit=False) for tag in tuple(meta.keys())),
        *(_place(dataset.get_item(tag), implicit=implicit) for tag in tuple(dataset.keys())),
    ]


def _place(element, *, implicit: bool) -> Place:
    is_raw = hasattr(element, "value_tell")
    begin = element.value_tell if is_raw else element.file_tell
    long = not implicit and element.VR in EXPLICIT_VR_LENGTH_32
    head = LONG_HEAD if long else SHORT_HEAD
    width = 4 if long or implicit else 2
    length = element.length if is_raw and element.length != UNDEFINED else 0
    return Place(int(element.tag), begin - head, begin - width, width, begin + length)


def cut_at_every_tag(path: Path) -> Iterator[bytes]:
    """The file up to each element, and up to each value."""
    content = path.read_bytes()
    ends = {place.start for place in places(path)} | {place.length_at for place in places(path)}
    for end in sorted(ends):
        yield content[:end]


def with_wrong_lengths(path: Path) -> Iterator[tuple[int, bytes]]:
    """The tag, and the file with the length of that element too long, odd, too short, and undefined."""
    content = path.read_bytes()
    big = dcmread(path, force=True).file_meta.get("TransferSyntaxUID") == ExplicitVRBigEndian
    for place in places(path):
        order = ">" if big and place.tag >> 16 != 2 else "<"
        kind = order + ("L" if place.length_bytes == 4 else "H")
        largest = (1 << 8 * place.length_bytes) - 1
        (length,) = struct.unpack_from(kind, content, place.length_at)
        for wrong in (length + 2, length + 1, length - 1, length - 2, largest, largest // 2):
            if 0 <= wrong <= largest and wrong != length:
                changed = bytearray(content)
                struct.pack_into(kind, changed, place.length_at, wrong)
                yield place.tag, bytes(changed)


def lying(path: Path) -> Iterator[tuple[str, Dataset]]:
    """What lies, and the object with that lie."""
    for keyword, values in LIES.items():
        for value in values:
            dataset = dcmread(path)
            if dataset.get(keyword) != value:
                setattr(dataset, keyword, value)
                yield f"{keyword} {value}", dataset
