"""Files to pydicom datasets: what is DICOM, what is not, what is truncated (private to dicom and export)."""

import logging
import warnings
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Literal

from pydicom import config, dcmread
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError
from pydicom.filereader import read_dataset, read_preamble
from pydicom.tag import BaseTag
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from viewer.base.errors import FileProblem
from viewer.base.i18n import _
from viewer.dicom.file_start import START_BYTES, looks_like_dicom
from viewer.dicom.scope import BAD_VALUE, value_of

config.settings.reading_validation_mode = config.IGNORE
logging.getLogger("pydicom").setLevel(logging.CRITICAL)
warnings.filterwarnings("ignore", module=r"pydicom\.")
# pydicom's warnings quote header values, which may be patient data.

UNDEFINED_LENGTH = 0xFFFFFFFF
PIXEL_KEYWORDS = {
    0x7FE00008: "FloatPixelData",
    0x7FE00009: "DoubleFloatPixelData",
    0x7FE00010: "PixelData",
}
DEFLATED = DeflatedExplicitVRLittleEndian.encode()
META_GROUP, META_BYTES = 0x0002, 1 << 12
"""File meta information, and the bytes in which it states a transfer syntax."""

LARGEST_INFLATED = 1 << 30
CHUNK = 1 << 20
_SYNTAX_OF_ENCODING: dict[tuple[bool | None, bool | None], UID] = {
    (True, True): ImplicitVRLittleEndian,
    (False, True): ExplicitVRLittleEndian,
    (False, False): ExplicitVRBigEndian,
}
_READ_FAULTS = (*BAD_VALUE, InvalidDicomError, OSError, MemoryError, RecursionError, zlib.error)


@dataclass(frozen=True)
class PixelElement:
    """Where the pixel values lie: offset of the first byte in the file; length None when encapsulated."""

    keyword: str
    vr: str
    offset: int
    length: int | None


@dataclass(frozen=True, eq=False)
class Header:
    """All before the pixels. `pixel` is None where there are none. size: of the file, bytes.

    inflated: the whole object after inflation, for the deflated transfer syntax only.
    """

    path: Path
    dataset: Dataset
    transfer_syntax: UID | None
    pixel: PixelElement | None
    size: int
    inflated: bytes | None = None

    @property
    def available(self) -> int:
        """Bytes there are in the stream of `open_pixels`."""
        return self.size if self.inflated is None else len(self.inflated)

    @property
    def little_endian(self) -> bool:
        """Byte order of the object."""
        return bool(self.dataset.original_encoding[1])


def read(path: Path, *, pixels: bool) -> Dataset:
    """The whole object, or all before its pixels; raises FileProblem naming the file and the reason."""
    try:
        with path.open("rb") as file:
            _refuse_other_files(path, file)
            dataset: Dataset = dcmread(file, force=True, stop_before_pixels=not pixels)
    except _READ_FAULTS as fault:
        raise _problem(path, fault) from fault
    _refuse_strangers(path, dataset)
    return dataset


def read_header(path: Path, tags: Sequence[str] | None = None) -> Header:
    """All before the pixels, or only `tags` of it; raises FileProblem naming the file and the reason."""
    try:
        with path.open("rb") as file:
            _refuse_other_files(path, file)
            return _header(path, file, tags)
    except _READ_FAULTS as fault:
        raise _problem(path, fault) from fault


def _refuse_other_files(path: Path, file: BinaryIO) -> None:
    start = file.read(START_BYTES)
    file.seek(0)
    if not start:
        raise FileProblem(_("{name} is empty.").format(name=path.name))
    if not looks_like_dicom(start):
        raise FileProblem(_("{name} is not a DICOM file.").format(name=path.name))
    if DEFLATED in file.read(META_BYTES):
        _refuse_bomb(path, file)
    file.seek(0)


def _refuse_bomb(path: Path, file: BinaryIO) -> None:
    """A deflated object is inflated as a whole by pydicom: not before its size is known."""
    file.seek(0)
    read_preamble(file, force=True)
    read_dataset(file, is_implicit_VR=False, is_little_endian=True, stop_when=_is_behind_meta)
    inflater, size = zlib.decompressobj(-zlib.MAX_WBITS), 0
    while size <= LARGEST_INFLATED and not inflater.eof:
        chunk = inflater.unconsumed_tail or file.read(CHUNK)
        inflated = inflater.decompress(chunk, CHUNK)
        if not chunk and not inflated:
            return
        size += len(inflated)
    if size > LARGEST_INFLATED:
        words = _(
            "{name} is not opened: it inflates to more than {size} MB, as no true image does."
        )
        raise FileProblem(words.format(name=path.name, size=LARGEST_INFLATED >> 20))


def _is_behind_meta(tag: BaseTag, _vr: str | None, _length: int) -> bool:
    return tag.group != META_GROUP


def _refuse_strangers(path: Path, dataset: Dataset) -> None:
    """A file that only looked like DICOM holds neither class nor study."""
    meta = getattr(dataset, "file_meta", Dataset())
    named = ("SOPClassUID", "StudyInstanceUID")
    if not any(value_of(dataset, key) for key in named) and not value_of(
        meta, "MediaStorageSOPClassUID"
    ):
        raise FileProblem(_("{name} is not a DICOM file.").format(name=path.name))


def _header(path: Path, file: BinaryIO, tags: Sequence[str] | None) -> Header:
    wanted = list(tags) if tags is not None else None
    dataset: Dataset = dcmread(file, force=True, stop_before_pixels=True, specific_tags=wanted)
    _refuse_strangers(path, dataset)
    syntax, size = transfer_syntax(dataset), path.stat().st_size
    if syntax == DeflatedExplicitVRLittleEndian:
        return _deflated(path, file, dataset, size)
    if file.tell() > size:
        raise FileProblem(_truncated(path))
    pixel = _pixel_element(file, dataset)
    return Header(path, dataset, syntax, pixel, size)


def transfer_syntax(dataset: Dataset) -> UID | None:
    """The stated Transfer Syntax UID; without one, that of the encoding found, None for encapsulated."""
    stated = value_of(getattr(dataset, "file_meta", Dataset()), "TransferSyntaxUID")
    if stated:
        return UID(str(stated))
    return _SYNTAX_OF_ENCODING.get(dataset.original_encoding)


def _pixel_element(file: BinaryIO, dataset: Dataset) -> PixelElement | None:
    """Parse the element that pydicom stopped at."""
    implicit, little = dataset.original_encoding
    order: Literal["little", "big"] = "little" if little else "big"
    head = file.read(12)
    tag = int.from_bytes(head[:2], order) << 16 | int.from_bytes(head[2:4], order)
    if tag not in PIXEL_KEYWORDS or len(head) < (8 if implicit else 12):
        return None
    length = int.from_bytes(head[4:8] if implicit else head[8:12], order)
    vr = "OW" if implicit else head[4:6].decode("ascii", "replace")
    offset = file.tell() - (4 if implicit and len(head) == 12 else 0)
    return PixelElement(
        PIXEL_KEYWORDS[tag], vr, offset, None if length == UNDEFINED_LENGTH else length
    )


def _deflated(path: Path, file: BinaryIO, header: Dataset, size: int) -> Header:
    """Deflated objects must be inflated as a whole (PS3.5 A.5)."""
    file.seek(0)
    whole: Dataset = dcmread(file, force=True)
    for keyword in PIXEL_KEYWORDS.values():
        data = value_of(whole, keyword)
        if isinstance(data, bytes):
            element = PixelElement(keyword, str(whole[keyword].VR), 0, len(data))
            return Header(path, header, DeflatedExplicitVRLittleEndian, element, size, data)
    return Header(path, header, DeflatedExplicitVRLittleEndian, None, size)


def open_pixels(header: Header) -> BinaryIO:
    """The stream in which `header.pixel.offset` counts; the caller closes it."""
    return header.path.open("rb") if header.inflated is None else BytesIO(header.inflated)


def _truncated(path: Path) -> str:
    return _("{name} is truncated: it ends inside its header. Get a new copy of it.").format(
        name=path.name
    )


def _problem(path: Path, fault: BaseException) -> FileProblem:
    if isinstance(fault, FileNotFoundError):
        return FileProblem(_("{path} does not exist.").format(path=path))
    if isinstance(fault, OSError):
        reason = fault.strerror or str(fault)
        return FileProblem(
            _("{name} cannot be opened: {reason}.").format(name=path.name, reason=reason)
        )
    return FileProblem(
        _("{name} cannot be read: its DICOM header is damaged. Get a new copy of it.").format(
            name=path.name
        )
    )
