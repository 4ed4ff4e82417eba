"""Overlay planes 60xx: bits of their own, or the retired kind in unused bits of the pixels (PS3.3 C.9.2)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from viewer.dicom.frame_cells import Pixels
from viewer.dicom.scope import BAD_VALUE
from viewer.domain.overlay import OverlayPlane

GROUPS = range(0x6000, 0x6020, 2)
ROWS, COLUMNS, FRAMES, DESCRIPTION = 0x0010, 0x0011, 0x0015, 0x0022
KIND, ORIGIN, FRAME_ORIGIN, BITS_ALLOCATED, BIT_POSITION = 0x0040, 0x0050, 0x0051, 0x0100, 0x0102
LABEL, DATA = 0x1500, 0x3000
LARGEST_SIDE = 65535
"""Overlay Rows and Columns are US."""


@dataclass(frozen=True)
class Overlays:
    """The planes of one frame, and how many more the file describes but does not hold whole."""

    planes: tuple[OverlayPlane, ...] = ()
    unreadable: int = 0


def overlays_of(
    dataset: Dataset, frame: int, cells: Pixels | None, *, little_endian: bool
) -> Overlays:
    """The planes that belong to `frame` (0 is the first).

    cells : ndarray, shape (rows, columns), as they were allocated, with all their bits; None where
        the transfer syntax keeps no unused bits
    """
    described = [group for group in GROUPS if (group, ROWS) in dataset]
    found = [_plane(dataset, group, frame, cells, little_endian) for group in described]
    planes = tuple(plane for plane in found if isinstance(plane, OverlayPlane))
    return Overlays(planes, found.count("damaged"))


def _plane(
    dataset: Dataset, group: int, frame: int, cells: Pixels | None, little_endian: bool
) -> OverlayPlane | str:
    """The plane; "elsewhere" where it belongs to other frames; "damaged" where it is not whole."""
    part = _part(dataset, group, frame)
    if part is None:
        return "elsewhere"
    rows, columns = _integer(dataset, group, ROWS), _integer(dataset, group, COLUMNS)
    if (group, DATA) not in dataset:
        return _embedded(dataset, group, cells)
    if rows is None or columns is None or not (0 < rows <= LARGEST_SIDE >= columns > 0):
        return "damaged"
    bits = _own_bits(dataset, group, little_endian)
    packed = _cut(bits, part * rows * columns, rows * columns)
    return "damaged" if packed is None else _made(dataset, group, rows, columns, packed)


def _part(dataset: Dataset, group: int, frame: int) -> int | None:
    """Which frame of the overlay lies on `frame`; one without a place lies on all of them."""
    frames, first = _integer(dataset, group, FRAMES), _integer(dataset, group, FRAME_ORIGIN)
    if frames is None and first is None:
        return 0
    part = frame - ((first or 1) - 1)
    return part if 0 <= part < (frames or 1) else None


def _embedded(dataset: Dataset, group: int, cells: Pixels | None) -> OverlayPlane | str:
    """One bit of each cell (retired; PS3.3 2001 C.9.2): always of the size of the image."""
    position = _integer(dataset, group, BIT_POSITION)
    if cells is None or cells.ndim != 2 or cells.dtype.kind not in "iu" or position is None:
        return "damaged"
    if not 0 <= position < 8 * cells.dtype.itemsize:
        return "damaged"
    mask = (cells >> position) & 1
    packed = np.packbits(mask.astype(np.bool_), bitorder="little").tobytes()
    rows, columns = mask.shape
    return _made(dataset, group, rows, columns, packed)


def _own_bits(dataset: Dataset, group: int, little_endian: bool) -> NDArray[np.uint8]:
    """Bytes in the order of their bits: first pixel in the lowest bit (PS3.5 8.1.2); OW words swapped."""
    data = _value(dataset, group, DATA)
    content = np.frombuffer(data if isinstance(data, bytes) else b"", np.uint8)
    if little_endian or dataset[group, DATA].VR == "OB":
        return content
    return content[: content.size // 2 * 2].reshape(-1, 2)[:, ::-1].ravel()


def _cut(content: NDArray[np.uint8], start: int, count: int) -> bytes | None:
    """Bits `start` to `start + count`, packed anew where they begin inside a byte; None if too few."""
    if start + count > 8 * content.size:
        return None
    first, last = start // 8, -(-(start + count) // 8)
    if start % 8 == 0:
        return content[first:last].tobytes()
    bits = np.unpackbits(content[first:last], bitorder="little")[start % 8 :][:count]
    return np.packbits(bits, bitorder="little").tobytes()


def _made(dataset: Dataset, group: int, rows: int, columns: int, packed: bytes) -> OverlayPlane:
    """Overlay Origin is row, column; 1, 1 is the top left pixel of the image, and may be negative."""
    origin = _value(dataset, group, ORIGIN)
    try:
        top, left = (int(one) - 1 for one in origin)  # type: ignore[attr-defined]  # two SS values
    except BAD_VALUE:
        top, left = 0, 0
    label = _value(dataset, group, LABEL) or _value(dataset, group, DESCRIPTION) or ""
    region = str(_value(dataset, group, KIND) or "").strip() == "R"
    return OverlayPlane(rows, columns, top, left, packed, str(label).strip(), region, group)


def _value(dataset: Dataset, group: int, element: int) -> object:
    try:
        return dataset[group, element].value
    except BAD_VALUE:
        return None


def _integer(dataset: Dataset, group: int, element: int) -> int | None:
    try:
        return int(str(_value(dataset, group, element)))
    except BAD_VALUE:
        return None
