"""Slices as other scanners would have made them: pose, coil, contrast, noise; a batch at a time."""

import math
from dataclasses import dataclass

import torch
from torch.nn import functional


@dataclass(frozen=True)
class Strength:
    """How far a slice may be changed.

    rotation_rad, shift (half slices), zoom and aspect (logarithms), gamma (logarithm), field
    (share by which one side of the coil is brighter), noise (of the unit range).
    """

    rotation_rad: float = math.radians(18)
    shift: float = 0.12
    zoom: float = 0.22
    aspect: float = 0.1
    gamma: float = 0.4
    field: float = 0.35
    noise: float = 0.03


FULL_STRENGTH = Strength()


def augmented(
    images: torch.Tensor, masks: torch.Tensor, strength: Strength, draw: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """images (n, channels, rows, columns) and masks (n, 1, rows, columns), in 0..1, to one random
    variant of each; all channels of a slice alike."""
    grid = functional.affine_grid(
        _poses(len(images), strength, draw), list(masks.shape), align_corners=False
    )
    warped = functional.grid_sample(images, grid, align_corners=False)
    outlines = functional.grid_sample(masks, grid, align_corners=False)
    return _regraded(warped, strength, draw), outlines


def _uniform(count: int, draw: torch.Generator) -> torch.Tensor:
    return torch.rand(count, generator=draw) * 2 - 1


def _poses(count: int, strength: Strength, draw: torch.Generator) -> torch.Tensor:
    """(count, 2, 3): turned, zoomed, shifted, and half of them mirrored left to right."""
    angle = _uniform(count, draw) * strength.rotation_rad
    zoom = torch.exp(_uniform(count, draw) * strength.zoom)
    aspect = torch.exp(_uniform(count, draw) * strength.aspect)
    mirror = torch.sign(_uniform(count, draw))
    cosine, sine = torch.cos(angle), torch.sin(angle)
    across = torch.stack([cosine * mirror * zoom * aspect, -sine * zoom], 1)
    along = torch.stack([sine * mirror * zoom, cosine * zoom / aspect], 1)
    shift = torch.stack([_uniform(count, draw), _uniform(count, draw)], 1) * strength.shift
    return torch.cat([torch.stack([across, along], 1), shift[..., None]], dim=2)


def _regraded(images: torch.Tensor, strength: Strength, draw: torch.Generator) -> torch.Tensor:
    """Another contrast, an uneven coil, noise; the range stays 0..1."""
    count, _, rows, columns = images.shape
    gamma = torch.exp(_uniform(count, draw) * strength.gamma)[:, None, None, None]
    slope = torch.stack([_uniform(count, draw), _uniform(count, draw)], 1) * strength.field
    down = torch.linspace(-1, 1, rows)[None, :, None] * slope[:, 0, None, None]
    along = torch.linspace(-1, 1, columns)[None, None, :] * slope[:, 1, None, None]
    lit = images.clamp(0, 1) ** gamma * torch.exp(down + along)[:, None]
    lit = lit / lit.amax((2, 3), keepdim=True).clamp(min=1e-3)
    level = torch.rand(count, generator=draw)[:, None, None, None] * strength.noise
    noise = torch.randn(images.shape, generator=draw) * level
    return torch.where(images > 0, lit + noise, lit).clamp(0, 1)
