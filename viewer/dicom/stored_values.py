"""Decoded cells to stored values: unused bits masked, the high bit obeyed, the sign extended."""

from typing import Any

from numpy.typing import NDArray
from pydicom.uid import UID, RLELossless

from viewer.dicom.pixel_format import PixelFormat


def keeps_cells(syntax: UID) -> bool:
    """Whether decoding gives the cells as they were allocated: native data and RLE (PS3.5 8.1.1)."""
    return bool(not syntax.is_encapsulated or syntax == RLELossless)


def stored_values(cells: NDArray[Any], found: PixelFormat, *, whole_cells: bool) -> NDArray[Any]:
    """The stored values in cells of the same shape.

    whole_cells: the cells hold Bits Stored below High Bit and unknown bits elsewhere; otherwise a
    codec has already put the value at the bottom of the cell.
    """
    cells = cells.astype(cells.dtype.newbyteorder("="), copy=False)
    if found.is_real or found.bits_allocated == 1:
        return cells
    if whole_cells:
        return _from_bits(cells, found.high_bit, found.bits_stored)
    return _from_bits(cells, found.bits_stored - 1, found.bits_stored) if found.signed else cells


def _from_bits(cells: NDArray[Any], high_bit: int, bits: int) -> NDArray[Any]:
    """Shift the highest bit to the top, then back down: the cell's own sign fills the rest."""
    width = 8 * cells.dtype.itemsize
    above, unused = width - 1 - high_bit, width - bits
    if unused == 0:
        return cells
    return (cells << above) >> unused
