"""An image and its masks, moved together as the viewer moves the image before the network sees it."""

from dataclasses import dataclass

import numpy as np

from models.training.common.own_images import PICTURES, Loaded, loaded, picture
from models.training.common.own_settings import DataError
from models.training.segment.data import Mask, Sample
from models.training.segment.settings import AXIAL, Options
from viewer.base.errors import ViewerError
from viewer.inference.preprocessing import Prepared, preprocess
from viewer.inference.upright import upright

LOSSY = (".jpg", ".jpeg", ".webp")
"""Blur the edge of an outline and leave ghosts beside it."""


@dataclass(frozen=True)
class Pair:
    """values (rows, columns) float32; masks (labels, rows, columns) bool, on the same pixels."""

    values: np.ndarray
    masks: np.ndarray
    monochrome1: bool
    pixel_mm: tuple[float, float] | None


def pair(sample: Sample, options: Options) -> Pair:
    """As the files have them; of axial slices in DICOM turned face up, as the viewer does."""
    image = loaded(sample.file)
    masks = np.stack([outline(mask, image.values.shape) for mask in sample.masks])
    if options.position == AXIAL and sample.file.suffix.lower() not in PICTURES:
        return _turned(sample, image, masks)
    return Pair(image.values, masks, image.monochrome1, image.pixel_mm)


def _turned(sample: Sample, image: Loaded, masks: np.ndarray) -> Pair:
    try:
        values, _back, transposed = upright(image.values, image.edges)
        turned = [upright(mask.astype(np.float32), image.edges)[0] > 0.5 for mask in masks]
    except ViewerError as error:
        raise DataError(f"{sample.file}: {error}") from error
    pixel_mm = image.pixel_mm and (image.pixel_mm[::-1] if transposed else image.pixel_mm)
    return Pair(values, np.stack(turned), image.monochrome1, pixel_mm)


def outline(mask: Mask | None, shape: tuple[int, ...]) -> np.ndarray:
    """Where it is drawn, bool; raises DataError for another shape, or a picture that blurs edges."""
    if mask is None:
        return np.zeros(shape, bool)
    if mask.file.suffix.lower() not in PICTURES or mask.file.suffix.lower() in LOSSY:
        raise DataError(f"{mask.file}: masks must be PNG, BMP or TIFF, which keep edges sharp.")
    values = np.asarray(picture(mask.file))
    if values.shape != tuple(shape):
        raise DataError(
            f"The mask {mask.file} has {values.shape[0]} x {values.shape[1]} pixels, its image "
            f"{shape[0]} x {shape[1]}."
        )
    drawn = values > 0 if mask.level is None else values == mask.level
    if drawn.all():
        raise DataError(f"The mask {mask.file} fills the whole image; is it inverted?")
    return drawn


def image_tensor(pair: Pair, options: Options) -> Prepared:
    """The network's input, and the way back."""
    return preprocess(
        pair.values,
        monochrome1=pair.monochrome1,
        operations=options.operations,
        pixel_mm=pair.pixel_mm,
    )


def mask_tensor(pair: Pair, options: Options) -> np.ndarray:
    """(labels, size, size), 0 to 255 uint8 with antialiased edges; moved as the image is."""
    moved = [
        preprocess(
            mask.astype(np.float32) * 255,
            monochrome1=False,
            operations=options.geometry,
            pixel_mm=pair.pixel_mm,
        ).tensor
        for mask in pair.masks
    ]
    return np.stack(moved).round().astype(np.uint8)
