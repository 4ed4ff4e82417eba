"""decode: one FrameRef to one Frame; reads and decodes that frame alone, and says why it cannot."""

from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.pixels.decoders.base import Decoder
from pydicom.uid import UID

from viewer.base.errors import DecodeError
from viewer.base.i18n import _
from viewer.dicom.decoders import decoder_for, plugins_of
from viewer.dicom.encapsulated import CheckedFile, Truncated
from viewer.dicom.fidelity import fidelity_of
from viewer.dicom.imagecodecs_plugin import LABEL
from viewer.dicom.orientation import edge_letters, image_plane, pixel_spacing
from viewer.dicom.palette import palette_to_rgb
from viewer.dicom.pixel_format import FormatFault, PixelFormat, length_misfit, pixel_format
from viewer.dicom.reader import Header, PixelElement, open_pixels, read_header
from viewer.dicom.scope import BAD_VALUE, Scope, frame_scope
from viewer.dicom.stored_values import keeps_cells, stored_values
from viewer.dicom.transforms import modality_transform, padding_range, value_unit, voi_of
from viewer.domain.display_set import FrameRef
from viewer.domain.image import Frame, Photometric
from viewer.imaging.photometric import narrowed, ybr_full_to_rgb

Pixels = NDArray[Any]
HEADERS_KEPT = 8
"""Parsed headers kept: a multi-frame object is asked for again and again."""

CODEC_FAULTS = (*BAD_VALUE, RuntimeError, OSError, MemoryError)
GREY = {"MONOCHROME1": Photometric.MONOCHROME1, "MONOCHROME2": Photometric.MONOCHROME2}


def decode(ref: FrameRef) -> Frame:
    """The frame with all that is needed to show and measure it truthfully.

    Raises
    ------
    FileProblem : the file is missing, no DICOM, or its header is damaged
    DecodeError : the pixels cannot be decoded; names the file, the transfer syntax and the reason
    """
    header = _header(ref.path)
    try:
        return _decoded(header, ref)
    except (FormatFault, Truncated) as fault:
        raise DecodeError(_sentence(header, str(fault))) from fault


def _header(path: Path) -> Header:
    try:
        status = path.stat()
    except OSError:
        return read_header(path)
    return _kept_header(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=HEADERS_KEPT)
def _kept_header(path: Path, modified_ns: int, size: int) -> Header:
    """`modified_ns` and `size` make a changed file a new one."""
    return read_header(path)


def _decoded(header: Header, ref: FrameRef) -> Frame:
    if header.pixel is None:
        raise FormatFault(_("it holds no pixels"))
    syntax = header.transfer_syntax
    if syntax is None:
        raise FormatFault(_("it does not state its transfer syntax"))
    scope = frame_scope(header.dataset, ref.frame)
    found = pixel_format(scope, header.pixel.keyword)
    if not 0 <= ref.frame < found.frames:
        raise FormatFault(
            _("it has {n} frames, not {wanted}").format(n=found.frames, wanted=ref.frame + 1)
        )
    cells, photometric = _cells(header, header.pixel, syntax, found, ref.frame)
    little = header.little_endian
    stored = stored_values(cells, found, whole_cells=keeps_cells(syntax))
    return _frame(header, ref, scope, found, _coloured(stored, photometric, found, scope, little))


def _cells(
    header: Header, pixel: PixelElement, syntax: UID, found: PixelFormat, frame: int
) -> tuple[Pixels, str]:
    """The decoded cells of one frame and what their samples mean now."""
    decoder = decoder_for(syntax)
    if decoder is None:
        raise FormatFault(_("no decoder knows this transfer syntax"))
    _check_length(header, pixel, syntax, found)
    _check_reach(header, pixel, found, frame)
    options = _options(header, pixel, found)
    reasons: list[str] = []
    for plugin in plugins_of(decoder):
        try:
            return _run(decoder, plugin, header, pixel, frame, options)
        except Truncated:
            raise
        except CODEC_FAULTS as fault:
            reasons.append(_reason(fault))
    raise FormatFault(reasons[0] if reasons else _("no decoder for it is installed"))


def _run(
    decoder: Decoder,
    plugin: str,
    header: Header,
    pixel: PixelElement,
    frame: int,
    options: dict[str, Any],
) -> tuple[Pixels, str]:
    with CheckedFile(open_pixels(header)) as stream:
        stream.seek(pixel.offset)
        cells, properties = decoder.as_array(
            stream,  # type: ignore[arg-type]  # pydicom needs only read, seek and tell
            index=frame,
            raw=True,
            decoding_plugin=plugin,
            **options,
        )
    return cells, str(properties["photometric_interpretation"])


def _options(header: Header, pixel: PixelElement, found: PixelFormat) -> dict[str, Any]:
    """The Image Pixel module in pydicom's words; unused bits are dealt with in stored_values."""
    options: dict[str, Any] = {
        "rows": found.rows,
        "columns": found.columns,
        "number_of_frames": found.frames,
        "samples_per_pixel": found.samples,
        "photometric_interpretation": found.photometric,
        "bits_allocated": found.bits_allocated,
        "bits_stored": found.bits_stored,
        "pixel_keyword": pixel.keyword,
        "pixel_vr": pixel.vr,
        "correct_unused_bits": False,
    }
    if not found.is_real:
        options["pixel_representation"] = int(found.signed)
    if found.samples > 1:
        options["planar_configuration"] = found.planar
    offsets = [header.dataset.get(f"ExtendedOffsetTable{part}") for part in ("", "Lengths")]
    if all(offsets):
        options["extended_offsets"] = tuple(offsets)
    return options


def _check_length(header: Header, pixel: PixelElement, syntax: UID, found: PixelFormat) -> None:
    """Native pixels must be as long as their description; compressed ones must be in items."""
    if syntax.is_encapsulated != (pixel.length is None):
        raise FormatFault(_("its pixels are not stored in the way its transfer syntax says"))
    misfit = length_misfit(found, pixel.length)
    if misfit:
        raise FormatFault(misfit)


def _check_reach(header: Header, pixel: PixelElement, found: PixelFormat, frame: int) -> None:
    """A native frame must lie within the file, however long the header says that the pixels are."""
    end = pixel.offset + ceil((frame + 1) * found.native_frame_bytes)
    if pixel.length is not None and end > header.available:
        raise FormatFault(_("the file is truncated: it ends before or inside these pixels"))


def _coloured(
    stored: Pixels, photometric: str, found: PixelFormat, scope: Scope, little_endian: bool
) -> tuple[Pixels, int]:
    """Colour becomes RGB; grey stays as stored. Returns the array and its bits per sample."""
    if photometric == "PALETTE COLOR":
        return palette_to_rgb(stored, scope, little_endian=little_endian)
    if photometric.startswith("YBR_FULL"):
        stored = ybr_full_to_rgb(stored, found.bits_stored)
    return (
        narrowed(stored, found.bits_stored) if found.samples == 3 else (stored, found.bits_stored)
    )


def _frame(
    header: Header, ref: FrameRef, scope: Scope, found: PixelFormat, pixels: tuple[Pixels, int]
) -> Frame:
    stored, bits_stored = pixels
    little = header.little_endian
    transform = modality_transform(scope, little_endian=little)
    return Frame(
        ref=ref,
        stored=np.ascontiguousarray(stored),
        photometric=GREY.get(found.photometric, Photometric.RGB),
        bits_stored=bits_stored,
        signed=found.signed or found.is_real,
        modality=transform,
        voi=voi_of(scope, little_endian=little),
        padding=padding_range(scope, bits_allocated=found.bits_allocated, signed=found.signed),
        unit=value_unit(scope, transform),
        plane=image_plane(scope, position_is_own=len(scope.datasets) > 1 or found.frames == 1),
        spacing=pixel_spacing(scope),
        edges=edge_letters(scope),
        fidelity=fidelity_of(scope, header.transfer_syntax),
        presentation_inverse=scope.text("PresentationLUTShape") == "INVERSE",
    )


def _reason(fault: BaseException) -> str:
    """The decoder's own words on one line, without pydicom's preamble."""
    lines = [line.strip() for line in str(fault).splitlines() if line.strip()]
    last = lines[-1].rstrip(".") if lines else type(fault).__name__
    last = last.removeprefix(f"{LABEL}: ")
    return _("its compressed pixels are damaged ({reason})").format(reason=last)


def _sentence(header: Header, reason: str) -> str:
    syntax = header.transfer_syntax
    return _("{name} cannot be shown: {reason}. Transfer syntax: {syntax}.").format(
        name=header.path.name,
        reason=reason,
        syntax=syntax.name if syntax is not None else _("not stated"),
    )
