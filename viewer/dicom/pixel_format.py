"""PixelFormat: the Image Pixel module, checked before a single pixel is decoded (PS3.3 C.7.6.3)."""

from dataclasses import dataclass
from math import ceil

from viewer.base.i18n import _
from viewer.dicom.scope import Scope

ALLOCATED_BITS = (1, 8, 16, 32, 64)
WIDTH_OF_REAL = {"FloatPixelData": 32, "DoubleFloatPixelData": 64}
SUBSAMPLED = {"YBR_FULL_422": 2, "YBR_PARTIAL_422": 2}
"""Samples per pixel as they lie in native data; every other interpretation keeps all of them."""

SAMPLES_OF = {
    "MONOCHROME1": 1,
    "MONOCHROME2": 1,
    "PALETTE COLOR": 1,
    "RGB": 3,
    "YBR_FULL": 3,
    "YBR_FULL_422": 3,
    "YBR_ICT": 3,
    "YBR_RCT": 3,
}
"""The photometric interpretations that can be shown."""


class FormatFault(ValueError):
    """A pixel description that cannot be right; the text is a half sentence for the physician."""


@dataclass(frozen=True)
class PixelFormat:
    """How the pixels of one object are stored."""

    keyword: str
    rows: int
    columns: int
    frames: int
    samples: int
    photometric: str
    bits_allocated: int
    bits_stored: int
    high_bit: int
    signed: bool
    planar: int

    @property
    def is_real(self) -> bool:
        """Whether the values are floating point numbers."""
        return self.keyword in WIDTH_OF_REAL

    @property
    def native_frame_bytes(self) -> float:
        """Bytes of one frame without compression; not whole for bit-packed frames."""
        samples = SUBSAMPLED.get(self.photometric, self.samples)
        return self.rows * self.columns * samples * self.bits_allocated / 8

    @property
    def full_bytes(self) -> int:
        """Bytes of all frames if no sample were left out."""
        return ceil(self.rows * self.columns * self.samples * self.bits_allocated / 8 * self.frames)

    @property
    def native_bytes(self) -> int:
        """Bytes of all frames without compression."""
        return ceil(self.native_frame_bytes * self.frames)


def pixel_format(scope: Scope, keyword: str) -> PixelFormat:
    """Read and check the description; raises FormatFault with the reason."""
    allocated = WIDTH_OF_REAL.get(keyword) or _needed(scope, "BitsAllocated", _("bits allocated"))
    stored = allocated if keyword in WIDTH_OF_REAL else scope.integer("BitsStored") or allocated
    found = PixelFormat(
        keyword=keyword,
        rows=_needed(scope, "Rows", _("rows")),
        columns=_needed(scope, "Columns", _("columns")),
        frames=max(scope.integer("NumberOfFrames") or 1, 1),
        samples=scope.integer("SamplesPerPixel") or 1,
        photometric=scope.text("PhotometricInterpretation"),
        bits_allocated=allocated,
        bits_stored=stored,
        high_bit=_high_bit(scope, stored),
        signed=_signed(scope, keyword),
        planar=scope.integer("PlanarConfiguration") or 0,
    )
    _check(found)
    return found


def length_misfit(found: PixelFormat, length: int | None) -> str:
    """Why native pixels of `length` bytes cannot be what is described, or "" (also for None, compressed)."""
    if length is None:
        return ""
    if length < found.native_bytes:
        words = _("it holds {n} bytes of pixels where its header describes {needed}")
        return words.format(n=length, needed=found.native_bytes)
    if found.photometric in SUBSAMPLED and length >= found.full_bytes:
        return _("its colour is said to be subsampled, but its pixels are not")
    return ""


def _high_bit(scope: Scope, stored: int) -> int:
    stated = scope.integer("HighBit")
    return stored - 1 if stated is None else stated


def _signed(scope: Scope, keyword: str) -> bool:
    """Whether values are signed; a greyscale image that does not say so cannot be trusted."""
    stated = scope.integer("PixelRepresentation")
    grey = scope.text("PhotometricInterpretation").startswith("MONOCHROME")
    if stated not in (0, 1) and grey and keyword not in WIDTH_OF_REAL:
        raise FormatFault(_("it does not say whether its values are signed"))
    return stated == 1


def _needed(scope: Scope, keyword: str, name: str) -> int:
    value = scope.integer(keyword)
    if not value or value < 0:
        raise FormatFault(_("the number of {name} is missing or zero").format(name=name))
    return value


def _check(found: PixelFormat) -> None:
    if SAMPLES_OF.get(found.photometric) != found.samples:
        stated = found.photometric or _("(none)")
        raise FormatFault(
            _(
                "the photometric interpretation {stated} with {n} samples per pixel cannot be shown"
            ).format(stated=stated, n=found.samples)
        )
    if found.bits_allocated not in ALLOCATED_BITS or not _bits_fit(found):
        raise FormatFault(
            _("{stored} bits stored in {allocated} bits allocated cannot be right").format(
                stored=found.bits_stored, allocated=found.bits_allocated
            )
        )


def _bits_fit(found: PixelFormat) -> bool:
    return 1 <= found.bits_stored <= found.high_bit + 1 <= found.bits_allocated
