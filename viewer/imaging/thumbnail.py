"""thumbnail: a small picture of a frame through its own window, with its shutter and overlays."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from viewer.domain.image import Frame
from viewer.domain.presentation import Presentation
from viewer.imaging.laid_over import as_shown


def thumbnail(frame: Frame, side: int = 96) -> NDArray[np.uint8]:
    """The whole frame, its longer side `side` px, each pixel the mean of the area it covers.

    Returns
    -------
    ndarray, shape (rows, columns) or (rows, columns, 3), uint8, contiguous
    """
    shown = Image.fromarray(np.ascontiguousarray(as_shown(frame, Presentation())))
    scale = side / max(shown.size)
    size = (max(round(shown.width * scale), 1), max(round(shown.height * scale), 1))
    reduced = shown.resize(size, Image.Resampling.BOX if scale < 1 else Image.Resampling.BILINEAR)
    return np.ascontiguousarray(np.asarray(reduced, dtype=np.uint8))
