"""A small residual network for patches; the shipped graph holds the ensemble and its mirrorings."""

from collections.abc import Callable, Sequence

import torch
from torch import nn

from models.training.chest_ct_nodule import settings
from models.training.common.slice_unet import STAGES, encoder


class _Residual(nn.Module):
    """Two normalised 3 x 3 convolutions around a short cut (He et al., CVPR 2016)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(inplace=True),
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
        )

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return torch.relu(features + self.body(features))


class Member(nn.Module):
    """One network: patch (n, 1, 48, 48), standardised, to logit (n)."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs, outputs in zip((1, *settings.WIDTHS), settings.WIDTHS, strict=False):
            stride = 1 if inputs == 1 else 2
            layers += [
                nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False),
                nn.BatchNorm2d(outputs),
                nn.ReLU(inplace=True),
                _Residual(outputs),
            ]
        self.body = nn.Sequential(*layers)
        self.head = nn.Sequential(nn.Dropout(0.3), nn.Linear(2 * settings.WIDTHS[-1], 1))

    def forward(self, patches: torch.Tensor) -> torch.Tensor:
        features = self.body(patches)
        pooled = torch.cat([features.mean((2, 3)), features.amax((2, 3))], dim=1)
        return self.head(pooled)[:, 0]


class Pretrained(nn.Module):
    """The first eleven blocks of EfficientNet-Lite0 (ImageNet weights) on the patch at twice its size."""

    def __init__(self) -> None:
        super().__init__()
        self.stem, blocks = encoder(1)
        self.body = nn.Sequential(*blocks[: STAGES[-1][1]])
        self.head = nn.Sequential(nn.Dropout(0.3), nn.Linear(2 * settings.PRETRAINED_WIDTH, 1))

    def forward(self, patches: torch.Tensor) -> torch.Tensor:
        larger = nn.functional.interpolate(patches, scale_factor=2.0, mode="bilinear")
        features = self.body(self.stem(larger))
        pooled = torch.cat([features.mean((2, 3)), features.amax((2, 3))], dim=1)
        return self.head(pooled)[:, 0]


KINDS: dict[str, Callable[[], nn.Module]] = {"small": Member, "pretrained": Pretrained}
"""What a member of the ensemble may be; patch (n, 1, 48, 48), standardised, to logit (n)."""


class Ensemble(nn.Module):
    """The network as shipped: members and mirrorings averaged in the graph, and the sigmoid."""

    def __init__(
        self, members: Sequence[nn.Module], mirrorings: tuple[tuple[int, ...], ...]
    ) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)
        self.mirrorings = mirrorings

    def forward(self, patches: torch.Tensor) -> torch.Tensor:
        """(n, 1, 48, 48) to probabilities (n, 1)."""
        logits = [
            member(torch.flip(patches, axes) if axes else patches)
            for member in self.members
            for axes in self.mirrorings
        ]
        return torch.sigmoid(torch.stack(logits).mean(dim=0))[:, None]
