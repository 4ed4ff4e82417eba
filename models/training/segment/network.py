"""Networks that give a map of logits per structure, and one logit per structure for the whole image."""

from collections.abc import Callable
from itertools import pairwise

import torch
from torch import nn

from models.training.common.slice_unet import SliceUNet, block, top_mean

WIDTHS = (16, 32, 64, 96, 128)
"""Channels of the small U-Net, from the full size down to a sixteenth."""

MONAI_WIDTHS, MONAI_STRIDES = (16, 32, 64, 128, 256), (2, 2, 2, 2)


class SmallUNet(nn.Module):
    """U-Net (Ronneberger et al., MICCAI 2015) from nothing, about 0.8 million weights."""

    def __init__(self, labels: int) -> None:
        super().__init__()
        inputs = (1, *WIDTHS[:-1])
        self.down = nn.ModuleList(block(i, o) for i, o in zip(inputs, WIDTHS, strict=True))
        pairs = pairwise(WIDTHS)
        self.up = nn.ModuleList(block(here + below, here) for here, below in pairs)
        self.head = nn.Conv2d(WIDTHS[0], labels, 1)
        self.image_head = nn.Linear(2 * WIDTHS[-1], labels)

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """(n, 1, rows, columns) to logits (n, labels, rows, columns) and (n, labels)."""
        kept: list[torch.Tensor] = []
        features = image
        for number, step in enumerate(self.down):
            features = step(nn.functional.max_pool2d(features, 2) if number else features)
            kept.append(features)
        whole = torch.cat([features.mean((2, 3)), features.amax((2, 3))], dim=1)
        kept.pop()
        for step in reversed(list(self.up)):
            larger = nn.functional.interpolate(features, scale_factor=2.0, mode="bilinear")
            features = step(torch.cat([larger, kept.pop()], dim=1))
        return self.head(features), self.image_head(whole)


class Monai(nn.Module):
    """One of MONAI's networks (Apache-2.0); the image's logit is the mean of its highest pixels."""

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body = body

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """As SmallUNet."""
        maps = self.body(image)
        return maps, top_mean(maps)


def _monai_unet(labels: int) -> nn.Module:
    """Residual U-Net (Kerfoot et al., STACOM 2018)."""
    from monai.networks.nets import UNet

    body = UNet(2, 1, labels, MONAI_WIDTHS, MONAI_STRIDES, num_res_units=2, norm="batch")
    return Monai(body)


def _monai_attention(labels: int) -> nn.Module:
    """Attention U-Net (Oktay et al., MIDL 2018)."""
    from monai.networks.nets import AttentionUnet

    return Monai(AttentionUnet(2, 1, labels, MONAI_WIDTHS, MONAI_STRIDES))


NETWORKS: dict[str, Callable[[int], nn.Module]] = {
    "small": SmallUNet,
    "efficientnet_lite0": lambda labels: SliceUNet(1, labels),
    "monai_unet": _monai_unet,
    "monai_attention": _monai_attention,
}


class Shipped(nn.Module):
    """As packaged: `probabilities` (n, labels, rows, columns) and `image_score` (n, labels).

    The score is the geometric mean of the image's own probability and of the mean of the map's
    highest pixels. mirror : the image is read beside its mirror image, and the answers averaged.
    """

    def __init__(self, network: nn.Module, mirror: bool) -> None:
        super().__init__()
        self.network, self.mirror = network, mirror

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        maps, whole = self.network(image)
        if self.mirror:
            other, other_whole = self.network(torch.flip(image, (3,)))
            maps, whole = (maps + torch.flip(other, (3,))) / 2, (whole + other_whole) / 2
        probabilities = torch.sigmoid(maps)
        return probabilities, torch.sqrt(top_mean(probabilities) * torch.sigmoid(whole))
