"""The steps that recipes of slice networks share: train, evaluate, export."""

import argparse
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from models.training.common import gate, slice_gate, slice_measures, slice_unet
from models.training.common.artefact import Identity, Shipped, write
from models.training.common.gate_images import Grey
from models.training.common.slice_measures import OUTPUTS, Native, Operations
from models.training.common.slice_training import Plan, Slices, train, trained


@dataclass(frozen=True)
class Recipe:
    """What one recipe adds to the shared steps.

    load : folder and part ("training", "validation", "test") to slices in memory
    native : the same as published
    more : takes folder, run and metrics, and adds to the metrics
    tap : where the gate looks
    others : takes folder to images that are no slices of this kind, for the gate to learn from
    """

    name: str
    identity: Identity
    plans: Sequence[Plan]
    shape: tuple[int, int]
    operations: Operations
    threshold: float
    head_counts: bool
    specificities: Mapping[str, float]
    pixel_mm: tuple[float, float] | None
    load: Callable[[Path, str], Slices]
    native: Callable[[Path, str], Iterator[Native]]
    more: Callable[[Path, Path, dict[str, object]], None]
    export: Callable[[Path, Path], None]
    tap: gate.Tap
    others: Callable[[Path], Sequence[Grey]]


TRAINED = "trained.onnx"
"""The network before it gets its gate."""


def learn(recipe: Recipe, data: Path, run: Path) -> None:
    """Train, and write the network as it is shipped."""
    parts = (recipe.load(data, part) for part in ("training", "validation"))
    checkpoint = train(recipe.plans, *parts, run)
    ship(recipe, checkpoint, run / TRAINED)


def close(recipe: Recipe, data: Path, run: Path) -> Path:
    """Fit the gate on the training patients, and write model.onnx: the trained network with it."""
    natives = [one.values for one in recipe.native(data, "training")]
    fitted = slice_gate.fitted(
        run / TRAINED, recipe.tap, recipe.operations, recipe.pixel_mm, natives, recipe.others(data)
    )
    model = run / "model.onnx"
    gate.add(run / TRAINED, fitted, recipe.tap, recipe.identity, model)
    few = slice_gate.prepared(natives[:4], recipe.operations, recipe.pixel_mm)
    print(f"largest change of an output: {gate.largest_change(run / TRAINED, model, few)}")
    return model


def ship(recipe: Recipe, checkpoint: Path, destination: Path) -> Path:
    """The averaged network of a checkpoint as an ONNX file."""
    network = slice_unet.Shipped(trained(checkpoint), recipe.head_counts)
    example = torch.zeros(1, 1, *recipe.shape)
    return write(network, example, destination, OUTPUTS, recipe.identity, any_batch=True)


def evaluate(recipe: Recipe, data: Path, run: Path) -> Path:
    """Write metrics.json beside the model; returns its path."""
    network = Shipped(run / "model.onnx", OUTPUTS)
    found = {
        part: slice_measures.compare(
            network,
            recipe.native(data, part),
            recipe.operations,
            recipe.threshold,
            recipe.pixel_mm,
        )
        for part in ("validation", "test")
    }
    limits = slice_measures.thresholds(found["validation"], recipe.specificities)
    metrics: dict[str, object] = {"thresholds": limits}
    metrics |= {part: slice_measures.measured(one, limits) for part, one in found.items()}
    metrics["training"] = _counts(recipe.load(data, "training"))
    recipe.more(data, run, metrics)
    path = run / "metrics.json"
    path.write_text(json.dumps(metrics, indent=1) + "\n")
    return path


def _counts(slices: Slices) -> dict[str, int]:
    return {"slices": len(slices.patients), "patients": len(set(slices.patients))}


def main(recipe: Recipe) -> None:
    """Command line: train, gate, evaluate, export, or all in order."""
    parser = argparse.ArgumentParser(prog=f"python -m models.training.{recipe.name}")
    parser.add_argument("step", choices=("train", "gate", "evaluate", "export", "all"))
    parser.add_argument("--data", type=Path, required=True, help=f"folder {recipe.name}")
    parser.add_argument("--out", type=Path, default=Path("models") / recipe.name)
    parser.add_argument("--run", type=Path, default=Path("../training_runs") / recipe.name)
    parser.add_argument("--threads", type=int, default=2)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    if asked.step in ("train", "all"):
        learn(recipe, asked.data, asked.run)
    if asked.step in ("gate", "all"):
        close(recipe, asked.data, asked.run)
    if asked.step in ("evaluate", "all"):
        print(evaluate(recipe, asked.data, asked.run).read_text())
    if asked.step in ("export", "all"):
        recipe.export(asked.run, asked.out)
