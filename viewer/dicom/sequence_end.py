"""Where a sequence of undefined length ends: walks its items without reading a value (PS3.5 7.5)."""

from struct import Struct, error

from pydicom.valuerep import EXPLICIT_VR_LENGTH_32, VR

UNDEFINED_LENGTH = 0xFFFFFFFF
ITEM, ITEM_END, SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
LONG_VRS = frozenset(str(vr).encode() for vr in EXPLICIT_VR_LENGTH_32)
SHORT_VRS = frozenset(str(vr).encode() for vr in VR) - LONG_VRS
SHORT_HEAD, LONG_HEAD = 8, 12
"""Bytes of tag, Value Representation and length (PS3.5 7.1.2)."""

DEEPEST = 32
"""Sequences within sequences that are followed."""

EXPLICIT = {"<": Struct("<HH2sH").unpack_from, ">": Struct(">HH2sH").unpack_from}
IMPLICIT = {"<": Struct("<HHL").unpack_from, ">": Struct(">HHL").unpack_from}
LENGTH = {"<": Struct("<L").unpack_from, ">": Struct(">L").unpack_from}


class NotPlain(Exception):
    """Not exactly as the standard has it; a more forgiving reader must look."""


class Cut(NotPlain):
    """The bytes at hand end before the sequence does."""


def sequence_end(data: bytes, position: int, order: str, *, implicit: bool, depth: int = 0) -> int:
    """The position after the delimiter of a sequence whose first item lies at `position`.

    order: "<" or ">". Raises Cut where `data` ends too early, NotPlain for anything odd.
    """
    if depth > DEEPEST:
        raise NotPlain
    try:
        while True:
            group, element, length = IMPLICIT[order](data, position)
            tag, position = group << 16 | element, position + SHORT_HEAD
            if tag == SEQUENCE_END and not length:
                return position
            if tag != ITEM:
                raise NotPlain
            end = None if length == UNDEFINED_LENGTH else position + length
            position = _item_end(data, position, end, order, implicit, depth)
    except error as fault:
        raise Cut from fault


def _item_end(
    data: bytes, position: int, end: int | None, order: str, implicit: bool, depth: int
) -> int:
    """The position after an item; its elements must fill exactly what it states."""
    while position != end:
        if end is not None and position > end:
            raise NotPlain
        tag, length, undefined, position = _head(data, position, order, implicit)
        if tag == ITEM_END and end is None and not length:
            return position
        if undefined:
            position = sequence_end(data, position, order, implicit=implicit, depth=depth + 1)
        else:
            position += length
    return position


def _head(data: bytes, position: int, order: str, implicit: bool) -> tuple[int, int, bool, int]:
    """Tag, length, whether that is undefined, and the position of the value."""
    group, element, length = IMPLICIT[order](data, position)
    tag, value_at = group << 16 | element, position + SHORT_HEAD
    is_sequence = implicit
    if not implicit and tag != ITEM_END:
        _group, _element, vr, length = EXPLICIT[order](data, position)
        if vr in LONG_VRS:
            (length,), value_at = LENGTH[order](data, value_at), position + LONG_HEAD
        elif vr not in SHORT_VRS:
            raise NotPlain
        is_sequence = vr == b"SQ"
    if length == UNDEFINED_LENGTH and not is_sequence:
        raise NotPlain
    return tag, length, length == UNDEFINED_LENGTH, value_at
