"""Pictures of the gate's test: how an image is written, wherever it comes from."""

from pathlib import Path

import numpy as np
from PIL import Image

LEAST_SIDE = 320
"""Smaller pictures are enlarged, or the header's rule on rows would refuse them before the gate."""


def save(image: np.ndarray, path: Path) -> None:
    """8 bits, at least LEAST_SIDE each way."""
    path.parent.mkdir(parents=True, exist_ok=True)
    low, high = float(image.min()), float(image.max())
    levels = (255 * (image - low) / max(high - low, 1e-6)).astype(np.uint8)
    factor = -(-LEAST_SIDE // min(levels.shape))
    size = (levels.shape[1] * factor, levels.shape[0] * factor)
    Image.fromarray(levels).resize(size, Image.Resampling.BILINEAR).save(path)
