"""What the file lays over its image: overlay planes of bits, and the display shutter around what counts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class OverlayPlane:
    """Graphics or a region in bits over one frame (PS3.3 C.9.2).

    top, left: pixel of the image under the plane's first one; 0, 0 is the top left, may be negative.
    packed: rows x columns bits, row by row, the first in the lowest bit. is_region: Overlay Type R.
    group: of its attributes, 60xx.
    """

    rows: int
    columns: int
    top: int
    left: int
    packed: bytes
    label: str = ""
    is_region: bool = False
    group: int = 0x6000

    @property
    def mask(self) -> NDArray[np.bool_]:
        """ndarray, shape (rows, columns), bool; where the plane is set."""
        content = np.frombuffer(self.packed, np.uint8)
        count = self.rows * self.columns
        bits = np.unpackbits(content, count=count, bitorder="little")
        return bits.reshape(self.rows, self.columns).astype(np.bool_)


@dataclass(frozen=True)
class Shutter:
    """What of an image is to be seen: inside of every stated shape at once (PS3.3 C.7.6.11).

    rectangle_px: first and last column and row seen, as (left, top, right, bottom). circle_px: centre
    (column, row) and radius along a row. polygon_px: corners (column, row). 0, 0 is the centre of the
    top left pixel. hidden: bits over pixels that are not seen either (PS3.3 C.7.6.15). grey: 0 to 255,
    what stands there.
    """

    rectangle_px: tuple[float, float, float, float] | None = None
    circle_px: tuple[float, float, float] | None = None
    polygon_px: tuple[tuple[float, float], ...] = ()
    grey: int = 0
    hidden: OverlayPlane | None = None
