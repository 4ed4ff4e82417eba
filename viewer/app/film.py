"""Pictures to an MP4 film: MPEG-4 video at the rate of the file; the only importer of OpenCV.

It is imported when the first film is made, for it takes 15 MB. OpenCV's wheels carry an ffmpeg under the
LGPL; H.264 would need one under the GPL. MPEG-4 Part 2 plays in VLC, Windows Media Player, QuickTime and
PowerPoint; browsers mostly do not play it.
"""

import importlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from viewer.base.errors import ExportError
from viewer.base.i18n import _
from viewer.base.scratch import Scratch

CODEC = "mp4v"
"""FOURCC of MPEG-4 Part 2 in an MP4 container."""

BLOCK_PX = 2
"""Colour is stored at half size, so width and height are even; a black line is added where they are not."""


def mp4(pictures: Iterator[Image.Image], rate: float) -> bytes:
    """The film of all pictures, which have one size, at `rate` frames/s.

    Raises
    ------
    ExportError : where the pictures differ in size, or no film can be written here
    """
    first = next(pictures)
    with Scratch() as scratch:
        path = scratch.folder / "film.mp4"
        _write(path, chain((first,), pictures), first.size, rate)
        return path.read_bytes()


def _write(path: Path, pictures: Iterator[Image.Image], size: tuple[int, int], rate: float) -> None:
    cv2 = importlib.import_module("cv2")
    width, height = (length + length % BLOCK_PX for length in size)
    writer = cv2.VideoWriter(
        str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*CODEC), rate, (width, height)
    )
    try:
        if not writer.isOpened():
            raise ExportError(_("This computer cannot write MP4 films; save a GIF instead."))
        for picture in pictures:
            if picture.size != size:
                raise ExportError(
                    _("The images of the series differ in size, so they cannot be one film.")
                )
            writer.write(_cells(picture, width, height))
    finally:
        writer.release()


def _cells(picture: Image.Image, width: int, height: int) -> NDArray[np.uint8]:
    """Blue, green, red: ndarray, shape (height, width, 3), uint8, as OpenCV wants it."""
    cells = np.zeros((height, width, 3), np.uint8)
    cells[: picture.height, : picture.width] = np.asarray(picture.convert("RGB"))[..., ::-1]
    return cells
