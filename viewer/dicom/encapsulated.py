"""CheckedFile: a stream that tells a truncated file from one that simply ends."""

from types import TracebackType
from typing import BinaryIO, Self

from viewer.base.i18n import _


class Truncated(Exception):
    """The file ends before the pixels do; the text is a half sentence for the physician."""


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
