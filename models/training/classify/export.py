"""The package of a classifier: network with exact maps, figures, card and manifest; checked."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from models.training.classify import words
from models.training.classify.data import DataSet
from models.training.classify.evaluate import Metrics
from models.training.classify.network import Classifier, Shipped
from models.training.classify.settings import Options
from models.training.common import own_gate, own_package

OUTPUTS = ("scores", "cam")
MAP_SHARES = (50.0, 99.5)
"""Percentiles of the validation maps that are shown as 0 and as 1."""


def map_range(network: Classifier, images: torch.Tensor, batch: int) -> list[float]:
    """Logits of a map shown as 0 and as 1, the same for every image."""
    with torch.inference_mode():
        maps = torch.cat([network(some) for some in images.split(batch)]).numpy()
    low, high = np.percentile(maps, MAP_SHARES)
    return [round(float(low), 3), round(max(float(high), float(low) + 0.1), 3)]


def export(
    network: Classifier,
    data: DataSet,
    options: Options,
    about: own_package.Json,
    metrics: Metrics,
    limits: list[float],
    pictures: Sequence[Path],
    parts: dict[str, own_gate.Part],
) -> Path:
    """Fill `options.out`, which must not exist; raises DataError where the package fails its check."""
    path = options.run / "model.onnx"
    golden = own_package.write_network(Shipped(network), path, OUTPUTS, options, about)
    identity = own_package.identity(about)
    measured = own_gate.add(path, "cam", parts, identity, options.seed)
    if measured:
        golden |= own_gate.golden(path, golden["image"])
    manifest = words.manifest(data, options, metrics, about, limits, golden["cam"].shape)
    if measured:
        manifest["warnings"].remove(own_package.NO_INPUT_CHECK)
    card = words.card(data, options, metrics, about, manifest) + "\n" + own_gate.in_card(measured)
    gated = own_gate.in_manifest(manifest, measured)
    return own_package.fill(options, path, golden, card, gated, pictures)
