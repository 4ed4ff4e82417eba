"""Trains a classifier on images prepared once."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn

from models.training.classify.data import DataSet, Sample
from models.training.classify.network import Classifier
from models.training.classify.settings import Options
from models.training.common.augment import augmented
from models.training.common.own_images import prepared
from models.training.common.own_training import History, Lesson, bar, learn
from viewer.domain.figures import auroc

Tensors = tuple[torch.Tensor, torch.Tensor]
"""Images (n, 1, size, size) and truth (n, labels), both float32."""


def tensors(samples: Sequence[Sample], options: Options) -> Tensors:
    """All images of a part, prepared once."""
    images = np.empty((len(samples), 1, options.size, options.size), np.float32)
    for number, sample in enumerate(samples):
        images[number, 0] = prepared(sample.file, options.operations)
        bar("images", number + 1, len(samples))
    return torch.from_numpy(images), torch.tensor([s.truth for s in samples], dtype=torch.float32)


def train(
    data: DataSet, options: Options, training: Tensors, validation: Tensors
) -> tuple[Classifier, History]:
    """The network of the epoch that was best on the validation patients, ready to be asked; and its course."""
    torch.manual_seed(options.seed)
    network = Classifier(options.network, len(data.labels))
    images, truth = training

    def loss(network: nn.Module, rows: torch.Tensor, random: torch.Generator) -> torch.Tensor:
        seen = augmented(images[rows], options.augment, options.flip, random)
        logits = network(seen).mean(dim=(2, 3))
        return nn.functional.binary_cross_entropy_with_logits(logits, truth[rows])

    def figure(network: nn.Module) -> float:
        return quality(network, validation, options.batch)

    learned = learn(network, options, Lesson(len(images), loss, figure, "AUROC"))
    return network, learned.history


def quality(network: nn.Module, part: Tensors, batch: int) -> float:
    """Mean AUROC over the labels."""
    found, truth = logits_of(network, part[0], batch), part[1].numpy()
    columns = range(truth.shape[1])
    return float(np.mean([auroc(np.stack([truth[:, i], found[:, i]], 1)) for i in columns]))


@torch.inference_mode()
def logits_of(network: nn.Module, images: torch.Tensor, batch: int) -> np.ndarray:
    """(n, labels)."""
    network.eval()
    return torch.cat([network(some).mean(dim=(2, 3)) for some in images.split(batch)]).numpy()
