"""PALETTE COLOR to RGB through the file's own tables, plain or segmented (PS3.3 C.7.6.3.1.5)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.base.i18n import _
from viewer.dicom.lookup_tables import FULL_TABLE, table_entries, table_words
from viewer.dicom.palette_segments import expanded
from viewer.dicom.pixel_format import FormatFault
from viewer.dicom.scope import Scope

CHANNELS = ("Red", "Green", "Blue")
BYTE_BITS, WORD_BITS = 8, 16


def palette_to_rgb(
    indices: NDArray[Any], scope: Scope, *, little_endian: bool
) -> tuple[NDArray[Any], int]:
    """RGB and its bits per sample (8 or 16).

    Parameters
    ----------
    indices : ndarray, shape (rows, columns), integer; stored values

    Returns
    -------
    ndarray, shape (rows, columns, 3), uint8 or uint16; bits per sample

    Raises FormatFault where the tables are missing or broken.
    """
    tables = [_channel(scope, channel, little_endian) for channel in CHANNELS]
    bits = max(bits for _first, _entries, bits in tables)
    kind = np.uint8 if bits == BYTE_BITS else np.uint16
    rgb = np.empty((*indices.shape, len(CHANNELS)), kind)
    for channel, (first, entries, _bits) in enumerate(tables):
        positions = np.clip(indices.astype(np.int64) - first, 0, entries.size - 1)
        rgb[..., channel] = entries[positions]
    return rgb, bits


def _channel(scope: Scope, name: str, little_endian: bool) -> tuple[int, NDArray[np.uint16], int]:
    """First input value, entries and bits of an entry of one channel."""
    descriptor = scope.numbers(f"{name}PaletteColorLookupTableDescriptor")
    if len(descriptor) != 3:
        raise FormatFault(_("its colour palette is missing"))
    count, first = (int(descriptor[0]) & 0xFFFF) or FULL_TABLE, int(descriptor[1])
    bits = WORD_BITS if descriptor[2] > BYTE_BITS else BYTE_BITS
    entries = _entries(scope, name, count, bits, little_endian)
    if entries is None or not entries.size:
        raise FormatFault(_("its colour palette is damaged"))
    if bits == BYTE_BITS and entries.max() > 0xFF:
        entries = (entries >> BYTE_BITS).astype(np.uint16)
    return first, entries, bits


def _entries(
    scope: Scope, name: str, count: int, bits: int, little_endian: bool
) -> NDArray[np.uint16] | None:
    plain = scope.value(f"{name}PaletteColorLookupTableData")
    if plain is not None:
        return table_entries(plain, count, little_endian)
    words = table_words(scope.value(f"Segmented{name}PaletteColorLookupTableData"), little_endian)
    values = words if bits == WORD_BITS else words.astype("<u2").view(np.uint8)
    try:
        return np.array(expanded(values.tolist(), count), np.uint16)
    except (IndexError, ValueError, RecursionError) as fault:
        raise FormatFault(_("its colour palette is damaged")) from fault
