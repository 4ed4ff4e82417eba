"""Parts of a multipart/related body as it streams in, and such a body made of files (RFC 2387, PS3.18 8.6)."""

from collections.abc import Iterable, Iterator
from pathlib import Path

CHUNK = 2**18
BLANK_LINE = b"\r\n\r\n"


def parts(chunks: Iterable[bytes], boundary: bytes) -> Iterator[bytes]:
    """The content of each part, without its headers; a part cut short at the end is not given."""
    mark = b"\r\n--" + boundary
    held, searched = bytearray(b"\r\n"), 0
    opened = False
    for chunk in chunks:
        held += chunk
        while (found := held.find(mark, searched)) >= 0:
            if opened:
                yield _content(held[:found])
            del held[: found + len(mark)]
            opened, searched = True, 0
        searched = max(0, len(held) - len(mark))


def _content(part: bytearray) -> bytes:
    """Without the headers, which end at the first blank line."""
    _headers, _blank, content = bytes(part).partition(BLANK_LINE)
    return content


def body(files: Iterable[Path], boundary: str, media_type: str) -> Iterator[bytes]:
    """A multipart body with each file as it lies on the disk."""
    head = f"--{boundary}\r\nContent-Type: {media_type}\r\n\r\n".encode()
    for file in files:
        yield head
        with file.open("rb") as opened:
            while piece := opened.read(CHUNK):
                yield piece
        yield b"\r\n"
    yield f"--{boundary}--\r\n".encode()
