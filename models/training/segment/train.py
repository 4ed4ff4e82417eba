"""Trains a segmentation on images and masks prepared once."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn

from models.training.common.augment import augmented_pair
from models.training.common.own_training import Lesson, Run, bar, learn
from models.training.common.slice_training import outline_loss
from models.training.segment.data import DataSet, Sample
from models.training.segment.images import image_tensor, mask_tensor, pair
from models.training.segment.network import NETWORKS
from models.training.segment.settings import MASK_THRESHOLD, Options

Tensors = tuple[torch.Tensor, torch.Tensor]
"""Images (n, 1, size, size) float32 and masks (n, labels, size, size) uint8, 0 to 255."""

IMAGE_WEIGHT = 0.3
"""Of the loss of the image's logit beside that of its map."""


def tensors(samples: Sequence[Sample], options: Options) -> Tensors:
    """All images of a part with their masks, prepared once."""
    size, labels = options.size, len(samples[0].masks)
    images = np.empty((len(samples), 1, size, size), np.float32)
    masks = np.empty((len(samples), labels, size, size), np.uint8)
    for number, sample in enumerate(samples):
        both = pair(sample, options)
        images[number, 0], masks[number] = (
            image_tensor(both, options).tensor,
            mask_tensor(both, options),
        )
        bar("images", number + 1, len(samples))
    return torch.from_numpy(images), torch.from_numpy(masks)


def train(data: DataSet, options: Options, training: Tensors, validation: Tensors) -> Run:
    """Its network is that of the epoch that was best on the validation patients."""
    torch.manual_seed(options.seed)
    network = NETWORKS[options.network](len(data.labels))
    images, masks = training

    def loss(network: nn.Module, rows: torch.Tensor, random: torch.Generator) -> torch.Tensor:
        drawn = masks[rows].float() / 255
        seen, drawn = augmented_pair(images[rows], drawn, options.augment, options.flip, random)
        return outline_loss(*network(seen), drawn, IMAGE_WEIGHT)

    def figure(network: nn.Module) -> float:
        return quality(network, validation, options.batch)

    return learn(network, options, Lesson(len(images), loss, figure, "Dice"))


@torch.inference_mode()
def quality(network: nn.Module, part: Tensors, batch: int) -> float:
    """Dice over all pixels of the part, at the size of the tensor; mean over the structures."""
    overlap, sizes = 0, 0
    for images, masks in zip(part[0].split(batch), part[1].split(batch), strict=True):
        found, true = torch.sigmoid(network(images)[0]) >= MASK_THRESHOLD, masks > 127
        overlap = overlap + (found & true).sum((0, 2, 3)).double()
        sizes = sizes + (found.sum((0, 2, 3)) + true.sum((0, 2, 3))).double()
    return float((2 * overlap / torch.clamp(torch.as_tensor(sizes), min=1)).mean())
