"""Segmented palettes to their entries: discrete, linear and indirect segments (PS3.3 C.7.9.2)."""

from collections.abc import Sequence

DISCRETE, LINEAR, INDIRECT = 0, 1, 2
HEAD = 2
"""Words of a segment before its values: opcode and length."""


def expanded(words: Sequence[int], count: int) -> list[int]:
    """The first `count` entries of segment data.

    Raises ValueError for an unknown segment or too few entries, IndexError for a broken end.
    """
    entries: list[int] = []
    position = 0
    while position + HEAD <= len(words) and len(entries) < count:
        position = _segment(words, position, entries, follow=True)
    if len(entries) < count:
        raise ValueError(f"{len(entries)} of {count} entries")
    return entries[:count]


def _segment(words: Sequence[int], position: int, entries: list[int], *, follow: bool) -> int:
    """Append the entries of the segment at `position`; returns the position after it."""
    opcode, length = words[position], words[position + 1]
    start = position + HEAD
    if opcode == DISCRETE:
        entries += words[start : start + length]
        return start + length
    if opcode == LINEAR:
        entries += _line(entries[-1], words[start], length)
        return start + 1
    if opcode == INDIRECT and follow:
        _indirect(words, words[start] | words[start + 1] << 16, length, entries)
        return start + HEAD
    raise ValueError(f"segment opcode {opcode}")


def _line(before: int, last: int, length: int) -> list[int]:
    """`length` steps from the entry before (not repeated) to `last`."""
    return [round(before + (last - before) * step / length) for step in range(1, length + 1)]


def _indirect(words: Sequence[int], byte_offset: int, segments: int, entries: list[int]) -> None:
    """Repeat `segments` segments that begin at a byte offset; those may not point on."""
    position = byte_offset // 2
    for _number in range(segments):
        position = _segment(words, position, entries, follow=False)
