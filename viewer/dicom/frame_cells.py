"""The cells of one frame as they were allocated or decoded; reads that frame alone, tries decoders in turn."""

from math import ceil
from typing import Any

from numpy.typing import NDArray
from pydicom.pixels.decoders.base import Decoder
from pydicom.uid import UID

from viewer.base.i18n import _
from viewer.dicom.decoders import decoder_for, plugins_of
from viewer.dicom.encapsulated import CheckedFile, Truncated
from viewer.dicom.imagecodecs_plugin import LABEL
from viewer.dicom.pixel_check import frame_table
from viewer.dicom.pixel_format import FormatFault, PixelFormat, length_misfit
from viewer.dicom.reader import Header, PixelElement, open_pixels
from viewer.dicom.scope import BAD_VALUE

Pixels = NDArray[Any]
CODEC_FAULTS = (*BAD_VALUE, RuntimeError, OSError, MemoryError)
"""What decoders raise on broken pixels."""


def frame_cells(
    header: Header, pixel: PixelElement, syntax: UID, found: PixelFormat, frame: int
) -> tuple[Pixels, str]:
    """The decoded cells of one frame and what their samples mean now.

    Returns
    -------
    ndarray, shape (rows, columns) or (rows, columns, samples); photometric interpretation

    Raises FormatFault or Truncated with a half sentence for the physician.
    """
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
    table = frame_table(header, found) if pixel.length is None else None
    if table is not None:
        options["extended_offsets"] = table
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


def _reason(fault: BaseException) -> str:
    """The decoder's own words on one line, without pydicom's preamble."""
    lines = [line.strip() for line in str(fault).splitlines() if line.strip()]
    last = lines[-1].rstrip(".") if lines else type(fault).__name__
    last = last.removeprefix(f"{LABEL}: ")
    return _("its compressed pixels are damaged ({reason})").format(reason=last)
