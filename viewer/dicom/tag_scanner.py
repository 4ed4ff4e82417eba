"""Header scan: the raw values of a few wanted tags from a file's first bytes, or None where pydicom must look.

A strict reader of plain headers (implicit and explicit little endian, explicit big endian). Whatever is
not exactly as PS3.5 7.1 and PS3.10 7.1 have it (tags out of order, unknown Value Representations, lengths
that do not fit, deflated objects) is left to pydicom, so a value it gives is the value pydicom reads.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from stat import S_ISREG
from struct import error

from pydicom.datadict import dictionary_VR
from pydicom.uid import (
    UID,
    AllTransferSyntaxes,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
)

from viewer.dicom.reader import PIXEL_KEYWORDS, PixelElement
from viewer.dicom.sequence_end import (
    EXPLICIT,
    IMPLICIT,
    LENGTH,
    LONG_HEAD,
    LONG_VRS,
    SHORT_HEAD,
    SHORT_VRS,
    UNDEFINED_LENGTH,
    Cut,
    NotPlain,
    sequence_end,
)

WINDOW = 1 << 13
"""Bytes read at a time: most headers lie within one window."""

LARGEST_SEQUENCE = 1 << 20
"""Bytes of a sequence of undefined length that are read to find its end."""

PREFIX_AT, PREFIX = 128, b"DICM"
META_START = b"\x02\x00\x00\x00UL\x04\x00"
"""Head of File Meta Information Group Length, the first element of every file (PS3.10 7.1)."""

META_GROUP, TRANSFER_SYNTAX = b"\x02\x00", 0x00020010
FIRST_TAG = 0x00040000
"""Below are file meta information and commands."""

FIRST_PIXEL_TAG = min(PIXEL_KEYWORDS)
PLAIN_SYNTAXES = {
    str(syntax).encode(): UID(syntax)
    for syntax in AllTransferSyntaxes
    if syntax != DeflatedExplicitVRLittleEndian and "Deflated" not in UID(syntax).name
}

Element = tuple[str | None, bytes]
"""Value Representation (None where it is implicit) and raw value."""


@dataclass(frozen=True)
class Wanted:
    """Tags to collect. apart: those that are not part of `Scan.shared`.

    nested: sequences among them; a file in which one of them has a value is not plain.
    """

    tags: frozenset[int]
    apart: frozenset[int]
    nested: frozenset[int]


@dataclass(slots=True)
class Scan:
    """What was found. values: by tag. shared: the same elements as they lie in the file, without those apart."""

    syntax: UID
    implicit: bool
    little_endian: bool
    size: int
    values: dict[int, Element] = field(default_factory=dict)
    shared: list[bytes] = field(default_factory=list)
    pixel: PixelElement | None = None


def scan(path: Path, wanted: Wanted) -> Scan | None:
    """The header of one regular file, or None where it is not plain; raises OSError."""
    status = path.stat()
    if not S_ISREG(status.st_mode):
        return None
    with FileIO(path) as file:
        try:
            return _scan(file, status.st_size, wanted)
        except (NotPlain, error):
            return None


def _scan(file: FileIO, size: int, wanted: Wanted) -> Scan:
    """One loop over a window of the file; it runs some seventy times for each of thousands of files."""
    window = file.read(WINDOW)
    syntax, position = _transfer_syntax(window)
    implicit, order = _encoding(syntax, window, position)
    found = Scan(syntax, implicit, order == "<", size)
    read_head, tags = _implicit_head if implicit else EXPLICIT_HEAD[order], wanted.tags
    base, last, available = 0, FIRST_TAG, len(window)
    while base + position < size:
        if position + LONG_HEAD > available:
            window, base, position = _window(file, base + position), base + position, 0
            available = len(window)
        tag, vr, length, value_at = read_head(window, position)
        if tag <= last:
            raise NotPlain
        last = tag
        if tag >= FIRST_PIXEL_TAG and tag in PIXEL_KEYWORDS:
            found.pixel = _pixel(tag, vr, base + value_at, length)
            return found
        if length == UNDEFINED_LENGTH:
            _refuse_unless_sequence(tag, vr, wanted)
            position = _past_sequence(file, window, base, value_at, order, implicit) - base
            continue
        end = value_at + length
        if base + end > size:
            raise NotPlain
        if tag in tags:
            element = window[position:end]
            if end > available:
                element = _window(file, base + position, end - position)[: end - position]
            _keep(found, wanted, tag, vr, element, value_at - position)
        position = end
    return found


Head = tuple[int, bytes | None, int, int]
"""Tag, Value Representation, length, and where the value begins."""


def _implicit_head(window: bytes, position: int) -> Head:
    group, element, length = IMPLICIT["<"](window, position)
    return group << 16 | element, None, length, position + SHORT_HEAD


def _explicit_head(order: str) -> Callable[[bytes, int], Head]:
    unpack, unpack_length = EXPLICIT[order], LENGTH[order]

    def head(window: bytes, position: int) -> Head:
        group, element, vr, length = unpack(window, position)
        if vr in SHORT_VRS:
            return group << 16 | element, vr, length, position + SHORT_HEAD
        if vr not in LONG_VRS:
            raise NotPlain
        (length,) = unpack_length(window, position + SHORT_HEAD)
        return group << 16 | element, vr, length, position + LONG_HEAD

    return head


EXPLICIT_HEAD = {order: _explicit_head(order) for order in EXPLICIT}


def _keep(
    found: Scan, wanted: Wanted, tag: int, vr: bytes | None, element: bytes, head: int
) -> None:
    if tag in wanted.nested and len(element) > head:
        raise NotPlain
    found.values[tag] = (None if vr is None else vr.decode(), element[head:])
    if tag not in wanted.apart:
        found.shared.append(element)


def _window(file: FileIO, start: int, least: int = 0) -> bytes:
    file.seek(start)
    return file.read(max(WINDOW, least))


def _transfer_syntax(window: bytes) -> tuple[UID, int]:
    """The stated transfer syntax and where the object begins; file meta is explicit little endian."""
    has_prefix = window[PREFIX_AT : PREFIX_AT + len(PREFIX)] == PREFIX
    position = PREFIX_AT + len(PREFIX) if has_prefix else 0
    if window[position : position + SHORT_HEAD] != META_START:
        raise NotPlain
    read_head, stated = EXPLICIT_HEAD["<"], None
    tag, _vr, length, value_at = read_head(window, position)
    while True:
        position = value_at + length
        if tag == TRANSFER_SYNTAX:
            stated = window[value_at:position].rstrip(b"\0")
        if window[position : position + 2] != META_GROUP:
            break
        tag, _vr, length, value_at = read_head(window, position)
    if stated not in PLAIN_SYNTAXES:
        raise NotPlain
    return PLAIN_SYNTAXES[stated], position


def _encoding(syntax: UID, window: bytes, position: int) -> tuple[bool, str]:
    """Implicit or not, and the byte order; an object that looks otherwise than stated is not plain."""
    implicit = syntax == ImplicitVRLittleEndian
    letters = window[position + 4 : position + 6]
    if implicit and letters.isalpha() and letters.isupper():
        raise NotPlain
    return implicit, ">" if syntax == ExplicitVRBigEndian else "<"


def _pixel(tag: int, vr: bytes | None, offset: int, length: int) -> PixelElement:
    if vr is not None and vr not in LONG_VRS:
        raise NotPlain
    return PixelElement(
        PIXEL_KEYWORDS[tag],
        "OW" if vr is None else vr.decode(),
        offset,
        None if length == UNDEFINED_LENGTH else length,
    )


def _refuse_unless_sequence(tag: int, vr: bytes | None, wanted: Wanted) -> None:
    if tag in wanted.tags or (vr is not None and vr != b"SQ"):
        raise NotPlain
    if vr is None and not _is_sequence(tag):
        raise NotPlain


def _is_sequence(tag: int) -> bool:
    try:
        return dictionary_VR(tag) == "SQ"
    except KeyError:
        return False


def _past_sequence(
    file: FileIO, window: bytes, base: int, first_item: int, order: str, implicit: bool
) -> int:
    """Where in the file a sequence of undefined length ends."""
    try:
        return base + sequence_end(window, first_item, order, implicit=implicit)
    except Cut:
        larger = _window(file, base + first_item, LARGEST_SEQUENCE)
        return base + first_item + sequence_end(larger, 0, order, implicit=implicit)
