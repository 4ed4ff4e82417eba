"""The gate of this recipe: on the last features of the first member, averaged over the patch.

Its head learned patches of lungs against what a series that is no chest CT would give: other images,
values wrongly scaled or inverted, and balls in even material, as in a phantom.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy import ndimage

from models.training.chest_ct_nodule import settings
from models.training.chest_ct_nodule.data import load
from models.training.common import gate
from models.training.common.artefact import Identity
from models.training.common.gate_images import PARTS, Grey, grey, made_up, photographs

TAP = gate.Tap("relu_11", pooled=(6, 6), directions=32)
"""End of the first member's convolutions, 128 channels, 6 x 6; turned places are as good as before."""

PER_IMAGE = 6
"""Patches cut from each image that is no CT."""

PER_SOURCE = 60
"""Images of each source that is no CT."""

MADE = 250
"""Patches of each kind that are drawn or wrongly scaled."""

Unit = np.ndarray
"""(PIXELS, PIXELS) in 0..1."""


def add(trained: Path, data: Path, destination: Path) -> Path:
    """Fit on the training patches, and write the trained file with the gate."""
    random = np.random.default_rng(gate.SEED)
    patches = inner(load(data)["training"].units)
    good = np.concatenate([patches, [_otherwise(one, random) for one in patches[::2]]])
    bad = np.stack(list(wrong_patches(patches, data.parent, "fit", random)))
    look = gate.Features(trained, TAP)
    fitted = gate.fit(look(tensors(good), 64), look(tensors(bad), 64), TAP.directions)
    identity = Identity(settings.MODEL_ID, settings.VERSION)
    return gate.add(trained, fitted, TAP, identity, destination)


def tensors(units: np.ndarray) -> np.ndarray:
    """(n, PIXELS, PIXELS) in 0..1 to the network's input."""
    return ((units - settings.MEAN) / settings.STD)[:, None].astype(np.float32)


def wrong_patches(
    patches: np.ndarray, shared: Path, part: str, random: np.random.Generator
) -> Iterator[Unit]:
    """What only claims to be a patch of lung; the two parts share no file."""
    for one in patches[random.permutation(len(patches))[:MADE]]:
        yield 1 - one
        yield (one * random.uniform(0.1, 0.5) + random.uniform(0.3, 0.6)).clip(0, 1)
        yield (one * random.uniform(2, 4)).clip(0, 1)
        yield _ball(random)
    for image in _other_images(shared, part, random):
        for _count in range(PER_IMAGE):
            yield _cut(image, random)


def _other_images(shared: Path, part: str, random: np.random.Generator) -> Iterator[Grey]:
    folders = (
        "brain_mr_tumour/*/*.webp",
        "brain_mr_infarct/images/*.png",
        "chest_xray_heart/png/*.png",
    )
    for pattern in folders:
        paths = sorted(shared.glob(pattern))
        half = paths[PARTS.index(part) :: len(PARTS)]
        yield from (grey(path) for path in half[:: max(1, len(half) // PER_SOURCE)])
    yield from (image for _name, image in photographs(part))
    yield from (image for _name, image in made_up(part, random))


def _cut(image: Grey, random: np.random.Generator) -> Unit:
    """Some square of an image, as if its grey values were HU of the window."""
    side = int(min(image.shape) * random.uniform(0.15, 0.6))
    row, column = (int(random.integers(length - side)) for length in image.shape)
    square = image[row : row + side, column : column + side]
    small = ndimage.zoom(square, settings.PIXELS / side, order=1)[
        : settings.PIXELS, : settings.PIXELS
    ]
    return ((small - image.min()) / max(float(np.ptp(image)), 1e-6)).astype(np.float32)


def _ball(random: np.random.Generator) -> Unit:
    """A round insert in even material, with the noise of a scanner: no vessel, no wall."""
    down, across = np.indices((settings.PIXELS, settings.PIXELS)) - settings.PIXELS / 2
    reach, level = random.uniform(2, 14), random.uniform(0.1, 1.0)
    base = random.uniform(0, 0.4)
    edge = 1 / (1 + np.exp((np.hypot(down, across) - reach) / random.uniform(0.3, 1.0)))
    noise = random.normal(0, random.uniform(0, 0.03), edge.shape)
    return (base + (level - base) * edge + noise).clip(0, 1).astype(np.float32)


def _otherwise(patch: Unit, random: np.random.Generator) -> Unit:
    """The same place of a thicker or noisier slice, or shown at a smaller scale."""
    zoom = random.uniform(0.7, 1.6)
    steps = (np.arange(settings.PIXELS) - settings.PIXELS / 2) / zoom + settings.PIXELS / 2
    grid = np.meshgrid(steps, steps, indexing="ij")
    moved = ndimage.map_coordinates(patch, grid, order=1, mode="reflect")
    soft = ndimage.gaussian_filter(moved, random.uniform(0, 1.2))
    noise = random.normal(0, random.uniform(0, 0.04), soft.shape)
    return (soft + noise).clip(0, 1).astype(np.float32)


def inner(units: np.ndarray) -> np.ndarray:
    """The middle of saved patches, as large as the network sees."""
    margin = (settings.SAVED_PIXELS - settings.PIXELS) // 2
    return units[:, margin : margin + settings.PIXELS, margin : margin + settings.PIXELS]
