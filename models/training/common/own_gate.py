"""The gate of a network trained on own images: fitted on its training images, without any wrong ones.

What other images look like is not known here, so that only the distance from the cloud of the training
images counts; what it refuses of the test images stored wrongly is measured and said.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch

from models.training.common import artefact, gate, gate_words, package
from models.training.common.artefact import Identity
from models.training.common.augment import augmented
from models.training.common.figures import bootstrapped, mean

Json = dict[str, Any]

PLACES = 2
"""The grid of places each way that features are averaged to: turned or cut images differ."""

LEAST_IMAGES = 24
"""Training images; of fewer nobody can say how far is far."""

PER_DIRECTION = 4
"""Training images for each direction of the cloud that is kept."""

VALIDATION_KEPT = 0.99
"""Share of the validation images that must pass; the limit is widened where fewer would."""

METHOD = (
    "Mahalanobis distance and residual of the last features in the main directions of the training "
    "images (also augmented); 1 is the limit, which lets 99.8 % of these and 99 % of the validation "
    "images through. No wrong image was learned from"
)

SOURCES = {
    "validation": "validation images, by which the limit was widened where it had to be",
    "test": "test images, by which nothing was chosen",
}


@dataclass(frozen=True)
class Part:
    """Prepared images (n, 1, size, size) float32, and whose they are."""

    images: torch.Tensor
    patients: tuple[str, ...]


def add(network: Path, output: str, parts: dict[str, Part], identity: Identity, seed: int) -> Json:
    """Give the file at `network` its gate; returns what was measured, {} where there are too few images.

    output : a map made of the features by one convolution. parts : "train", "val" and "test".
    """
    if len(parts["train"].images) < LEAST_IMAGES:
        return {}
    tap = _tap(network, output, parts["train"].images.numpy()[:1])
    look = gate.Features(network, tap)
    random = torch.Generator().manual_seed(seed)
    plain = parts["train"].images
    moved = augmented(plain, 1.0, False, random)
    good = look(torch.cat([plain, moved]).numpy(), most=1)
    kept = min(tap.directions, len(plain) // PER_DIRECTION)
    fitted = gate.fit(good, None, kept)
    seen = gate.distances(fitted, look(parts["val"].images.numpy(), most=1))
    fitted = _widened(fitted, max(1.0, float(np.quantile(seen, VALIDATION_KEPT, method="higher"))))
    gate.add(network, fitted, tap, identity, network)
    return _measured(fitted, look, parts, seed)


def golden(network: Path, image: np.ndarray) -> dict[str, np.ndarray]:
    """The gate's part of the golden test."""
    return {gate.OUTPUT: artefact.Shipped(network, [gate.OUTPUT])(image)[0]}


def in_manifest(manifest: Json, measured: Json) -> Json:
    """The manifest with its gate; as it was where there is none."""
    if not measured:
        return manifest
    said = package.gate(METHOD, tuple(gate_words.sentences(measured, SOURCES)))
    return {**manifest, "outputs": [*manifest["outputs"], package.GATE_OUTPUT], "gate": said}


def in_card(measured: Json) -> str:
    """A section of the card."""
    title = "## Images unlike those it was trained on\n"
    if not measured:
        return f"{title}**No input check**: fewer than {LEAST_IMAGES} training images.\n"
    tables = gate_words.for_card(measured, SOURCES, "images")
    return (
        f"{title}{METHOD}. What lies beyond the limit is refused. Measured with the network alone, the "
        f"viewer's checks of header and pixels come on top.\n\n{tables}\n\nKinds that are seldom refused "
        "above get a score all the same.\n"
    )


def _tap(network: Path, output: str, image: np.ndarray) -> gate.Tap:
    """The features that the last convolution before `output` is made of."""
    graph = onnx.load(network).graph
    makers = {name: node for node in graph.node for name in node.output}
    node = makers[output]
    while node.op_type != "Conv":
        node = makers[node.input[0]]
    (found,) = artefact.Shipped(network, [output])(image)
    down, across = (max(1, length // PLACES) for length in found.shape[2:])
    return gate.Tap(node.input[0], (down, across))


def _widened(fitted: gate.Gate, factor: float) -> gate.Gate:
    return replace(fitted, within=fitted.within * factor, beside=fitted.beside * factor)


def _measured(fitted: gate.Gate, look: gate.Features, parts: dict[str, Part], seed: int) -> Json:
    passed = {
        title: _share(fitted, look, parts[part])
        for title, part in (("validation", "val"), ("test", "test"))
    }
    refused = {}
    for kind, images in _wrong(parts["test"].images.numpy(), seed):
        beyond = gate.distances(fitted, look(np.ascontiguousarray(images), most=1)) > 1
        refused[kind] = {"n": len(beyond), "refused": int(beyond.sum())}
    return {"passed": passed, "refused": refused}


def _share(fitted: gate.Gate, look: gate.Features, part: Part) -> Json:
    within = gate.distances(fitted, look(part.images.numpy(), most=1)) <= 1
    found = bootstrapped(mean, within.astype(float), part.patients)
    return {**found, "patients": len(set(part.patients))}


def _wrong(images: np.ndarray, seed: int) -> Iterator[tuple[str, np.ndarray]]:
    random = np.random.default_rng(seed)
    yield "test images inverted", -images
    yield "test images mirrored", images[..., ::-1]
    yield "test images upside down", images[:, :, ::-1]
    yield "test images turned by 90 degrees", np.rot90(images, axes=(2, 3))
    yield "noise", random.normal(0, 1, images.shape).astype(np.float32)
    yield "blank", np.zeros_like(images[:1])
