"""Encapsulated pixels: a stream that tells a truncated file from one that ends, and a check of the items."""

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


def items_are_complete(header: Header) -> bool:
    """Whether the items of compressed pixels all lie within the file (PS3.5 A.4); reads their heads only.

    A missing Sequence Delimitation Item after whole items is forgiven: no pixel is lost by it.
    """
    if header.pixel is None:
        return True
    with open_pixels(header) as stream:
        position = header.pixel.offset
        while position < header.size:
            stream.seek(position)
            head = stream.read(ITEM_HEAD)
            if head[:4] != ITEM:
                return head[:4] == SEQUENCE_END
            position += ITEM_HEAD + int.from_bytes(head[4:], "little")
    return position == header.size


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
