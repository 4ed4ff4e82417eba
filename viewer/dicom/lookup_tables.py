"""LUT items of a dataset to domain LookupTables: descriptors, packed 8-bit data and byte order read with care."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from viewer.dicom.scope import Scope
from viewer.domain.presentation import LookupTable

FULL_TABLE = 65536
"""Entries meant by a descriptor that says 0 (PS3.3 C.11.1.1)."""


def lookup_table(item: Dataset, *, little_endian: bool) -> LookupTable | None:
    """The table of a Modality or VOI LUT Sequence item, or None where it is incomplete.

    DICOM PS3.3 C.11.1.1, C.11.2.1.1.
    """
    scope = Scope((item,))
    descriptor = scope.numbers("LUTDescriptor")
    if len(descriptor) != 3:
        return None
    count, first, bits = (int(value) for value in descriptor)
    entries = table_entries(scope.value("LUTData"), (count & 0xFFFF) or FULL_TABLE, little_endian)
    if entries is None:
        return None
    explanation = scope.text("LUTExplanation") or scope.text("ModalityLUTType")
    return LookupTable(first, entries, _true_bits(bits, entries), explanation)


def presentation_lut(scope: Scope, *, little_endian: bool) -> LookupTable | None:
    """The Presentation LUT (2050,0010), or None where there is none or it is incomplete.

    Its first entry is for the lowest output of the VOI LUT, whatever the descriptor says (PS3.3 C.11.4).
    """
    tables = (
        lookup_table(item, little_endian=little_endian)
        for item in scope.items("PresentationLUTSequence")
    )
    table = next((one for one in tables if one is not None), None)
    return None if table is None else replace(table, first=0)


def table_entries(data: object, count: int, little_endian: bool) -> NDArray[np.uint16] | None:
    """16-bit entries; data half as long as described hold two 8-bit entries a word."""
    words = table_words(data, little_endian)
    if words.size >= count:
        return words[:count]
    packed = words.astype("<u2").view(np.uint8).astype(np.uint16)
    return packed[:count] if packed.size >= count else None


def table_words(data: object, little_endian: bool) -> NDArray[np.uint16]:
    """LUT data as 16-bit words, whatever pydicom made of its VR (OW, US or SS)."""
    if isinstance(data, bytes):
        order = "<u2" if little_endian else ">u2"
        return np.frombuffer(data[: len(data) // 2 * 2], order).astype(np.uint16)
    values = np.atleast_1d(np.asarray(data if data is not None else [], dtype=np.int64))
    return (values & 0xFFFF).astype(np.uint16)


def _true_bits(stated: int, entries: NDArray[np.uint16]) -> int:
    """The stated depth of an entry, or what the entries need where that is impossible."""
    needed = max(int(entries.max()).bit_length(), 1)
    return stated if 8 <= stated <= 16 and stated >= needed else max(needed, 8)
