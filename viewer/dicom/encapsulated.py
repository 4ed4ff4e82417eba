"""Encapsulated pixels: a stream that tells a truncated file from one that ends, and a check of the items."""

import struct
from dataclasses import dataclass
from functools import lru_cache
from types import TracebackType
from typing import BinaryIO, Self

from viewer.base.i18n import _
from viewer.dicom.reader import Header, open_pixels


class Truncated(Exception):
    """The file ends before the pixels do; the text is a half sentence for the physician."""


ITEM = b"\xfe\xff\x00\xe0"
SEQUENCE_END = b"\xfe\xff\xdd\xe0"
ITEM_HEAD = 8
"""Bytes of tag and length."""

START_BYTES = 4
OFFSET_BYTES = 4
LARGEST_TABLE = 1 << 24
"""Bytes of a Basic Offset Table that are read: four million frames."""

ITEMS_KEPT = 8
"""Objects whose items are remembered: each frame of one asks for them again."""


STARTS = (b"\xff\xd8\xff", b"\xff\x4f\xff\x51")
"""Of a JPEG or JPEG-LS image, and of a JPEG 2000 codestream; entropy coded data hold neither."""


@dataclass(frozen=True)
class Items:
    """The items of compressed pixels behind the Basic Offset Table (PS3.5 A.4).

    starts: where each begins, counted from the first, as offset tables count. lengths: of the values.
    images: how many begin a codestream. table: the offsets stated. whole: all of them lie within the file;
    a missing Sequence Delimitation Item is forgiven, as no pixel is lost by it.
    """

    starts: tuple[int, ...]
    lengths: tuple[int, ...]
    images: int
    table: tuple[int, ...]
    whole: bool

    @property
    def count(self) -> int:
        """How many there are; a frame may be split over several."""
        return len(self.starts)

    @property
    def frames(self) -> int:
        """At least so many frames there are."""
        return max(self.images, len(self.table))


@lru_cache(maxsize=ITEMS_KEPT)
def items_of(header: Header) -> Items:
    """The items of `header.pixel`; reads their heads only."""
    assert header.pixel is not None
    starts, lengths, images, table = [], [], 0, b""
    position, first = header.pixel.offset, None
    with open_pixels(header) as stream:
        while position < header.available:
            stream.seek(position)
            head = stream.read(ITEM_HEAD + START_BYTES)
            if head[:4] != ITEM or len(head) < ITEM_HEAD:
                break
            length, value_at = int.from_bytes(head[4:ITEM_HEAD], "little"), position + ITEM_HEAD
            position = value_at + length
            if first is None:
                first = position
                stream.seek(value_at)
                table = stream.read(min(length, LARGEST_TABLE))
                continue
            starts.append(value_at - ITEM_HEAD - first)
            lengths.append(length)
            images += head[ITEM_HEAD:].startswith(STARTS)
        else:
            head = SEQUENCE_END
    whole = position <= header.available and head[:4] == SEQUENCE_END
    return Items(tuple(starts), tuple(lengths), images, _offsets(table), whole)


def _offsets(table: bytes) -> tuple[int, ...]:
    count = len(table) // OFFSET_BYTES
    return struct.unpack(f"<{count}L", table[: count * OFFSET_BYTES])


class CheckedFile:
    """Reads like a file; a read that ends in the middle of what was asked for raises Truncated.

    A read that gives nothing at all is the ordinary end, and the caller's to judge.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.seek, self.tell = stream.seek, stream.tell

    def read(self, size: int = -1) -> bytes:
        """`size` bytes, or none at the end of the file."""
        data = self._stream.read(size)
        if size > 0 and 0 < len(data) < size:
            raise Truncated(_("the file is truncated: it ends inside these pixels"))
        return data

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stream.close()
