"""`secondread render`: the display values of one frame at native size, as the viewport shows them before zoom."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from viewer.base.errors import FileProblem, ViewerError
from viewer.base.i18n import _
from viewer.dicom.decoder import decode
from viewer.domain.display_set import FrameRef
from viewer.domain.presentation import VoiWindow
from viewer.imaging.display import display_values

OK, FAILED = 0, 1
NARROWEST = 1.0
"""Least width of a LINEAR window (PS3.3 C.11.2.1.2.1)."""


def run_render(file: Path, frame: int, window: Sequence[float] | None, out: Path) -> int:
    """Write a frame as 8-bit PNG, grey or RGB.

    Parameters
    ----------
    frame : number of the frame, 1 is the first
    window : center and width of a LINEAR window over the modality values, or None for the file's own
    out : the PNG to write

    Returns
    -------
    int : 0, or 1 with one line on stderr
    """
    try:
        voi = _window(window)
        shown = display_values(decode(FrameRef("", frame - 1, file)), voi)
        _write(Image.fromarray(shown), out)
    except ViewerError as error:
        print(f"secondread: {error}", file=sys.stderr)
        return FAILED
    return OK


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
