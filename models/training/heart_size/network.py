"""A plain U-Net: grey film in, three logits per pixel out."""

import torch
from torch import nn

from models.training.heart_size import settings


def _block(inputs: int, outputs: int) -> nn.Sequential:
    layers: list[nn.Module] = []
    for channels in (inputs, outputs):
        layers += [
            nn.Conv2d(channels, outputs, 3, padding=1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
        ]
    return nn.Sequential(*layers)


class UNet(nn.Module):
    """Ronneberger et al., MICCAI 2015, with batch normalisation and bilinear upsampling."""

    def __init__(self, widths: tuple[int, ...] = settings.WIDTHS) -> None:
        super().__init__()
        pairs = list(zip(widths[:-1], widths[1:], strict=True))
        self.down = nn.ModuleList(_block(a, b) for a, b in [(1, widths[0]), *pairs])
        self.up = nn.ModuleList(_block(a + b, a) for a, b in pairs)
        self.head = nn.Conv2d(widths[0], len(settings.LABELS), 1)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """(n, 1, SIZE, SIZE) to logits (n, 3, SIZE, SIZE)."""
        kept = [self.down[0](image)]
        for block in list(self.down)[1:]:
            kept.append(block(nn.functional.max_pool2d(kept[-1], 2)))
        features = kept.pop()
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
