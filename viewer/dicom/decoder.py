"""decode: one FrameRef to one Frame; reads and decodes that frame alone, and says why it cannot."""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from viewer.base.errors import DecodeError
from viewer.base.i18n import _
from viewer.dicom.encapsulated import Truncated
from viewer.dicom.fidelity import fidelity_of
from viewer.dicom.frame_cells import Pixels, frame_cells
from viewer.dicom.lookup_tables import presentation_lut
from viewer.dicom.orientation import edge_letters, image_plane, pixel_spacing
from viewer.dicom.overlays import overlays_of
from viewer.dicom.palette import palette_to_rgb
from viewer.dicom.pixel_format import FormatFault, PixelFormat, pixel_format
from viewer.dicom.reader import Header, read_header
from viewer.dicom.scope import Scope, frame_scope
from viewer.dicom.shutter import shutter_of
from viewer.dicom.stored_values import keeps_cells, stored_values
from viewer.dicom.suv import suv_of
from viewer.dicom.transforms import modality_transform, padding_range, value_unit, voi_of
from viewer.dicom.ultrasound import ultrasound_regions
from viewer.domain.display_set import FrameRef
from viewer.domain.geometry import NO_SPACING
from viewer.domain.image import Frame, Photometric
from viewer.imaging.photometric import narrowed, ybr_full_to_rgb

HEADERS_KEPT = 8
"""Parsed headers kept: a multi-frame object is asked for again and again."""

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
    cells, photometric = frame_cells(header, header.pixel, syntax, found, ref.frame)
    little = header.little_endian
    whole = keeps_cells(syntax)
    stored = stored_values(cells, found, whole_cells=whole)
    frame = _frame(header, ref, scope, found, _coloured(stored, photometric, found, scope, little))
    laid_over = overlays_of(
        header.dataset, ref.frame, cells if whole else None, little_endian=little
    )
    return replace(frame, overlays=laid_over.planes, unreadable_overlays=laid_over.unreadable)


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
    regions = ultrasound_regions(scope)
    lut = presentation_lut(scope, little_endian=little)
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
        spacing=NO_SPACING if regions else pixel_spacing(scope),
        regions=regions,
        edges=edge_letters(scope),
        fidelity=fidelity_of(scope, header.transfer_syntax),
        shutter=shutter_of(scope),
        suv=suv_of(scope),
        presentation_inverse=scope.text("PresentationLUTShape") == "INVERSE",
        presentation_lut=lut,
        unreadable_presentation_lut=lut is None and bool(scope.items("PresentationLUTSequence")),
    )


def _sentence(header: Header, reason: str) -> str:
    syntax = header.transfer_syntax
    return _("{name} cannot be shown: {reason}. Transfer syntax: {syntax}.").format(
        name=header.path.name,
        reason=reason,
        syntax=syntax.name if syntax is not None else _("not stated"),
    )
