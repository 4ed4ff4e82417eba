"""`secondread render`: the display values of one frame at native size, as the viewport shows them before zoom."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from viewer.base.errors import FileProblem, ViewerError
from viewer.base.i18n import _
from viewer.dicom.decoder import decode
from viewer.dicom.index_entry import read_entry
from viewer.dicom.presentation_state import read_presentation_state
from viewer.domain.display_set import FrameRef
from viewer.domain.image import Frame
from viewer.domain.presentation import Presentation, VoiWindow
from viewer.domain.presentation_state import first_view
from viewer.imaging.display import display_values
from viewer.imaging.laid_over import OVERLAY_WHITE, covered, overlaid, turned
from viewer.imaging.presented import presented

OK, FAILED = 0, 1
NARROWEST = 1.0
"""Least width of a LINEAR window (PS3.3 C.11.2.1.2.1)."""


@dataclass(frozen=True)
class LaidOver:
    """What of the file's own is drawn; by default what dcmtk's dcm2pnm draws: overlays, but no shutter."""

    overlays: bool = True
    shutter: bool = False


DCMTK_DEFAULT = LaidOver()


def run_render(
    file: Path,
    frame: int,
    window: Sequence[float] | None,
    out: Path,
    laid_over: LaidOver = DCMTK_DEFAULT,
    state: Path | None = None,
) -> int:
    """Write a frame as 8-bit PNG, grey or RGB.

    Parameters
    ----------
    frame : number of the frame, 1 is the first
    window : center and width of a LINEAR window over the modality values, or None for the file's own
        or that of the state
    out : the PNG to write
    laid_over : overlay planes are written white, what a shutter hides in its own grey
    state : a presentation state to apply, its turns and flip too, but not its graphics; it must be of the
        same patient and study, and name the frame

    Returns
    -------
    int : 0, or 1 with one line on stderr
    """
    try:
        voi = _window(window)
        shown = _presented(file, frame - 1, state)
        values = turned(_rendered(shown.frame, voi, laid_over), shown.view)
        _write(Image.fromarray(values), out)
    except ViewerError as error:
        print(f"secondread: {error}", file=sys.stderr)
        return FAILED
    return OK


@dataclass(frozen=True)
class _Presented:
    """A frame, and how it is turned."""

    frame: Frame
    view: Presentation


def _presented(file: Path, frame: int, state_file: Path | None) -> _Presented:
    """The frame as a state wants it, or as it is. frame: 0 is the first."""
    if state_file is None:
        return _Presented(decode(FrameRef("", frame, file)), Presentation())
    entry, state = read_entry(file), read_presentation_state(state_file)
    uid = entry.instance.sop_instance_uid if entry is not None else ""
    ref = FrameRef(uid, frame, file)
    whose = (entry.study_uid, entry.patient.key) if entry is not None else None
    if whose != (state.study_uid, state.patient_key) or not state.names(ref.place):
        words = _("{state} is not a presentation state for this image of this patient.")
        raise ViewerError(words.format(state=state_file.name))
    return _Presented(presented(decode(ref), state), first_view(state, ref.place))


def _rendered(frame: Frame, voi: VoiWindow | None, laid_over: LaidOver) -> NDArray[np.uint8]:
    values = display_values(frame, voi)
    if laid_over.shutter:
        values = covered(values, frame)
    return overlaid(values, frame.overlays, OVERLAY_WHITE) if laid_over.overlays else values


def _window(window: Sequence[float] | None) -> VoiWindow | None:
    if window is None:
        return None
    center, width = window
    if not width >= NARROWEST:
        raise ViewerError(_("The width of a window must be at least 1."))
    return VoiWindow(center, width)


def _write(picture: Image.Image, out: Path) -> None:
    """Beside, then in place: never half a file."""
    half = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        picture.save(half, format="PNG")
        half.replace(out)
    except OSError as fault:
        half.unlink(missing_ok=True)
        raise FileProblem(
            _("{path} cannot be written: {reason}.").format(path=out, reason=fault.strerror)
        ) from fault
