"""Films as other hospitals would have made them: shape, grey scale, sharpness, things in the way.

No mirroring: the patient's right and left are labels.
"""

import math

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch.nn import functional

from models.training.heart_size import settings
from models.training.heart_size.data import Film
from models.training.heart_size.settings import Stage

ROTATION_RAD, SHEAR, SHIFT = math.radians(12), 0.08, 0.12
"""Shift in half film widths."""
ZOOM = (0.72, 1.35)
"""Field of the film shown: more than the film (wide collimation) to tight on the chest."""
ASPECT = 0.22
"""Logarithm of width to height; oblong films of 35 x 43 cm are stretched to squares."""
ELASTIC = 0.02
"""Half film widths."""
GAMMA = 0.9
"""Logarithm; raw detector values are far darker or brighter than processed films."""


def augmented(
    film: Film, stage: Stage, random: np.random.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """One random variant: image (1, size, size), network input units; masks (3, size, size)."""
    image, masks = _warped(film, stage, random)
    if random.random() < stage.strength:
        image = _obstructed(image, random)
    grey = _regraded(image, stage.strength, random)
    sharpness = _resharpened(torch.from_numpy(grey)[None, None], random)[0]
    return (sharpness - settings.MEAN) / settings.STD, masks


def _warped(
    film: Film, stage: Stage, random: np.random.Generator
) -> tuple[np.ndarray, torch.Tensor]:
    grid, size = _grid(film.unit.shape[0], stage.strength, random), stage.size
    outside = "border" if random.random() < 0.5 else "zeros"
    image = _sampled(torch.from_numpy(film.unit)[None, None], grid, size, outside)
    masks = _sampled(torch.from_numpy(film.masks)[None], grid, size, "zeros")
    return image[0, 0].numpy(), masks[0].clamp(0, 1)


def _sampled(planes: torch.Tensor, grid: torch.Tensor, size: int, outside: str) -> torch.Tensor:
    """Warp at full size, then shrink as Pillow does in the viewer."""
    warped = functional.grid_sample(planes, grid, padding_mode=outside, align_corners=False)
    return functional.interpolate(warped, (size, size), mode="bilinear", antialias=True)


def _grid(size: int, strength: float, random: np.random.Generator) -> torch.Tensor:
    if random.random() < 0.1:
        return functional.affine_grid(torch.eye(2, 3)[None], [1, 1, size, size], False)
    grid = functional.affine_grid(_affine(strength, random)[None], [1, 1, size, size], False)
    if random.random() < 0.4:
        coarse = torch.from_numpy(
            random.normal(0, ELASTIC * strength, (1, 2, 5, 5)).astype(np.float32)
        )
        fine = functional.interpolate(coarse, (size, size), mode="bicubic", align_corners=True)
        grid = grid + fine.permute(0, 2, 3, 1)
    return grid


def _affine(strength: float, random: np.random.Generator) -> torch.Tensor:
    angle, shear = strength * random.uniform(-1, 1, 2) * (ROTATION_RAD, SHEAR)
    zoom = math.exp(strength * random.uniform(*np.log(ZOOM)))
    aspect = math.exp(strength * random.uniform(-ASPECT, ASPECT) / 2)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    linear = turn @ np.array([[aspect / zoom, shear], [0, 1 / aspect / zoom]])
    shift = strength * random.uniform(-SHIFT, SHIFT, (2, 1))
    return torch.from_numpy(np.hstack([linear, shift]).astype(np.float32))


def _obstructed(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Shutters, markers and wires, which the masks do not know about."""
    canvas = Image.fromarray(image.copy())
    draw = ImageDraw.Draw(canvas)
    if random.random() < 0.25:
        _shutter(draw, image.shape[0], random)
    for _ in range(random.integers(0, 3)):
        _marker(draw, image.shape[0], random)
    for _ in range(random.integers(0, 3) if random.random() < 0.3 else 0):
        points = [tuple(point) for point in random.uniform(0, image.shape[0], (4, 2))]
        draw.line(points, fill=float(random.uniform(0.7, 1.1)), width=int(random.integers(1, 4)))
    return np.asarray(canvas) + (_masses(image.shape[0], random) if random.random() < 0.3 else 0)


def _masses(size: int, random: np.random.Generator) -> np.ndarray:
    """Soft round densities, such as metastases, that an outline should not go around."""
    across, along = np.meshgrid(*2 * [np.arange(size, dtype=np.float32)])
    masses = np.zeros_like(across)
    for _ in range(random.integers(1, 7)):
        column, row = random.uniform(0.1, 0.9, 2) * size
        radius, density = random.uniform(0.02, 0.08) * size, random.uniform(0.05, 0.35)
        distance = np.hypot(across - column, along - row) / radius
        masses += density / (1 + np.exp((distance - 1) * 8))
    return masses


def _shutter(draw: ImageDraw.ImageDraw, size: int, random: np.random.Generator) -> None:
    edges = random.uniform(0, 0.09, 4) * size * (random.random(4) < 0.6)
    left, top, right, bottom = edges
    fill = float(random.choice([0.0, 0.0, 1.0]))
    for box in (
        (0, 0, left, size),
        (0, 0, size, top),
        (size - right, 0, size, size),
        (0, size - bottom, size, size),
    ):
        if box[2] - box[0] > 1 and box[3] - box[1] > 1:
            draw.rectangle(box, fill=fill)


def _marker(draw: ImageDraw.ImageDraw, size: int, random: np.random.Generator) -> None:
    width, height = random.uniform(0.02, 0.09, 2) * size
    column, row = random.uniform(0, 0.95, 2) * size
    fill = float(random.choice([0.0, 1.0, random.random()]))
    draw.rectangle((column, row, column + width, row + height), fill=fill)


def _regraded(image: np.ndarray, strength: float, random: np.random.Generator) -> np.ndarray:
    """Another tube, detector or look-up table; the range stays 0..1, as preprocessing gives it."""
    low, high = strength * random.uniform(-0.15, 0.15), 1 + strength * random.uniform(-0.2, 0.25)
    grey = np.clip((image - low) / (high - low), 0, 1)
    if random.random() < 0.4:
        grey = grey + _shading(grey.shape[0], random)
    if random.random() < 0.5:
        grey = _rescaled(grey)
    grey = np.clip(grey, 0, 1) ** math.exp(strength * random.uniform(-GAMMA, GAMMA))
    noise = random.uniform(0, 0.05) * (random.random() < 0.4)
    return (grey + random.normal(0, 1, grey.shape) * noise).astype(np.float32)


def _shading(size: int, random: np.random.Generator) -> np.ndarray:
    """A slow slope of exposure across the film."""
    ramp = np.linspace(-1, 1, size, dtype=np.float32)
    across, along = random.uniform(-0.15, 0.15, 2)
    return across * ramp[None, :] + along * ramp[:, None]


def _rescaled(grey: np.ndarray) -> np.ndarray:
    low, high = np.percentile(grey, [1, 99])
    return (grey - low) / max(high - low, 1e-3)


def _resharpened(image: torch.Tensor, random: np.random.Generator) -> torch.Tensor:
    """Blur, or the edge enhancement that vendors like."""
    if random.random() < 0.5:
        return image
    passes = int(random.integers(1, 5))
    blurred = image
    for _ in range(passes):
        padded = functional.pad(blurred, (1, 1, 1, 1), mode="replicate")
        blurred = functional.avg_pool2d(padded, 3, stride=1)
    if random.random() < 0.4:
        return blurred
    return image + (image - blurred) * random.uniform(0.3, 2.0)
