"""Images as they might have been taken otherwise: turned, moved, warped, brighter, noisier; masks with them.

Mirrored only when asked: in most images right and left are findings of their own.
"""

import math

import torch
from torch.nn import functional

ROTATION_RAD, SHIFT, ZOOM, WARP = math.radians(10), 0.06, 0.10, 0.03
"""Shift and warp in half image widths."""

GAIN, OFFSET, NOISE = 0.15, 0.2, 0.05
"""In standard deviations of the tensor."""

WARP_GRID = 5
"""Points across at which an image is pulled."""


def augmented(
    images: torch.Tensor, strength: float, flip: bool, random: torch.Generator
) -> torch.Tensor:
    """images: (n, 1, size, size); strength: 0 leaves them as they are, 1 is all of it."""
    return augmented_pair(images, images[:, :0], strength, flip, random)[0]


def augmented_pair(
    images: torch.Tensor,
    masks: torch.Tensor,
    strength: float,
    flip: bool,
    random: torch.Generator,
) -> tuple[torch.Tensor, torch.Tensor]:
    """As `augmented`, and masks (n, labels, size, size) moved as their images are."""
    if strength == 0 and not flip:
        return images, masks
    grid = _grid(images, strength, flip, random)
    both = functional.grid_sample(
        torch.cat([images, masks], 1), grid, padding_mode="border", align_corners=False
    )
    return _regraded(both[:, :1], strength, random), both[:, 1:]


def _grid(
    images: torch.Tensor, strength: float, flip: bool, random: torch.Generator
) -> torch.Tensor:
    turns = _turns(len(images), strength, flip, random)
    grid = functional.affine_grid(turns, list(images.shape), align_corners=False)
    pulls = torch.randn(len(images), 2, WARP_GRID, WARP_GRID, generator=random) * WARP * strength
    pulls = functional.interpolate(pulls, images.shape[2:], mode="bicubic", align_corners=True)
    return grid + pulls.permute(0, 2, 3, 1)


def _regraded(images: torch.Tensor, strength: float, random: torch.Generator) -> torch.Tensor:
    gain, offset = (
        1.0 + GAIN * strength * _even(len(images), random),
        OFFSET * strength * _even(len(images), random),
    )
    noise = torch.randn(images.shape, generator=random) * NOISE * strength
    return images * gain[:, None, None, None] + offset[:, None, None, None] + noise


def _turns(count: int, strength: float, flip: bool, random: torch.Generator) -> torch.Tensor:
    angle = ROTATION_RAD * strength * _even(count, random)
    zoom = torch.exp(ZOOM * strength * _even(count, random))
    mirror = torch.ones(count)
    if flip:
        mirror = torch.where(torch.rand(count, generator=random) < 0.5, -1.0, 1.0)
    rows = torch.stack([zoom * angle.cos() * mirror, -zoom * angle.sin()], 1)
    down = torch.stack([zoom * angle.sin() * mirror, zoom * angle.cos()], 1)
    shift = SHIFT * strength * torch.stack([_even(count, random), _even(count, random)], 1)
    return torch.cat([torch.stack([rows, down], 1), shift[:, :, None]], 2)


def _even(count: int, random: torch.Generator) -> torch.Tensor:
    return torch.rand(count, generator=random) * 2 - 1
