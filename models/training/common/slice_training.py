"""Trains a slice network; resumes from its checkpoint, prints its progress."""

import copy
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from models.training.common import figures
from models.training.common.slice_augment import FULL_STRENGTH, Strength, augmented
from models.training.common.slice_unet import (
    TOP_PIXELS,
    SliceUNet,
    beside_its_mirror,
    widened,
)


@dataclass(frozen=True)
class Slices:
    """Slices in memory, as the viewer would prepare them but before `standardise`.

    units : (n, 1, rows, columns) float32 in 0..1
    masks : (n, 1, rows, columns) float32, 0 or 1 with antialiased edges
    patients : (n) names, for splits and intervals
    """

    units: torch.Tensor
    masks: torch.Tensor
    patients: tuple[str, ...]

    def every(self, stride: int) -> "Slices":
        """Each stride-th slice."""
        return Slices(self.units[::stride], self.masks[::stride], self.patients[::stride])

    def of(self, chosen: set[str]) -> "Slices":
        """The slices of these patients."""
        rows = [i for i, patient in enumerate(self.patients) if patient in chosen]
        names = tuple(self.patients[i] for i in rows)
        return Slices(self.units[rows], self.masks[rows], names)


@dataclass(frozen=True)
class Plan:
    """Every number of one stage of a training; slice_weight weighs the slice head's loss.

    mirrored : whether the network sees each slice beside its mirror image.
    epochs : after which it ends. horizon : epochs over which its learning rate would fall to nothing
    """

    name: str
    seed: int
    epochs: int
    horizon: int
    learning_rate: float
    mean: float
    std: float
    batch: int = 8
    weight_decay: float = 1e-3
    warm_up: float = 0.1
    ema_decay: float = 0.99
    slice_weight: float = 0.3
    validate_every: int = 3
    strength: Strength = FULL_STRENGTH
    mirrored: bool = False

    @property
    def channels(self) -> int:
        """Of the network's input."""
        return 2 if self.mirrored else 1


class Run:
    """What a training carries from step to step: the network, its average, the optimiser."""

    def __init__(self, plan: Plan, slices: int) -> None:
        torch.manual_seed(plan.seed)
        self.plan, self.epoch = plan, 0
        self.network = SliceUNet(plan.channels).to(memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.network).eval()
        self.optimiser = torch.optim.AdamW(
            self.network.parameters(), weight_decay=plan.weight_decay
        )
        steps = plan.horizon * math.ceil(slices / plan.batch)
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimiser, plan.learning_rate, total_steps=steps, pct_start=plan.warm_up
        )

    def parts(self) -> dict[str, object]:
        return {key: getattr(self, key) for key in ("network", "average", "optimiser", "schedule")}

    def save(self, path: Path) -> None:
        state = {key: part.state_dict() for key, part in self.parts().items()}
        torch.save({**state, "epoch": self.epoch}, path.with_suffix(".tmp"))
        path.with_suffix(".tmp").replace(path)

    def resume(self, path: Path) -> None:
        state = torch.load(path, weights_only=True)
        for key, part in self.parts().items():
            part.load_state_dict(state[key])
        self.epoch = state["epoch"]

    def start_from(self, path: Path) -> None:
        """Take the averaged weights of the stage before."""
        weights = torch.load(path, weights_only=True)["average"]
        for key in FIRST_WEIGHTS:
            weights[key] = widened(weights[key], self.plan.channels)
        self.network.load_state_dict(weights)
        self.average.load_state_dict(weights)


def train(plans: Sequence[Plan], training: Slices, validation: Slices | None, folder: Path) -> Path:
    """Train every stage to its last epoch; the validation slices are only printed, nothing is
    chosen by them.

    Returns the checkpoint of the last stage.
    """
    folder.mkdir(parents=True, exist_ok=True)
    before: Path | None = None
    for plan in plans:
        checkpoint = folder / f"{plan.name}.pt"
        _train_stage(plan, training, validation, checkpoint, before)
        before = checkpoint
    return checkpoint


def _train_stage(
    plan: Plan,
    training: Slices,
    validation: Slices | None,
    checkpoint: Path,
    before: Path | None,
) -> None:
    run = Run(plan, len(training.patients))
    if checkpoint.exists():
        run.resume(checkpoint)
    elif before is not None:
        run.start_from(before)
    for epoch in range(run.epoch, plan.epochs):
        started, loss = time.monotonic(), _epoch(run, training, epoch)
        run.epoch = epoch + 1
        run.save(checkpoint)
        _report(run, loss, time.monotonic() - started, validation)


FIRST_WEIGHTS = ("stem.0.weight", "full.0.weight")
"""Those that see the input's channels."""


def trained(checkpoint: Path) -> SliceUNet:
    """The averaged network of a checkpoint, ready to predict."""
    weights = torch.load(checkpoint, weights_only=True)["average"]
    network = SliceUNet(weights[FIRST_WEIGHTS[0]].shape[1])
    network.load_state_dict(weights)
    return network.eval()


def predict(network: nn.Module, plan: Plan, units: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
    """(n, 1, rows, columns) in 0..1 to probabilities (n, rows, columns) and (n)."""
    maps, wholes = [], []
    with torch.inference_mode():
        for part in units.split(16):
            pixels, whole = network(_seen((part - plan.mean) / plan.std, plan))
            maps.append(torch.sigmoid(pixels)[:, 0])
            wholes.append(torch.sigmoid(whole)[:, 0])
    return torch.cat(maps).numpy(), torch.cat(wholes).numpy()


def _seen(images: torch.Tensor, plan: Plan) -> torch.Tensor:
    return beside_its_mirror(images) if plan.mirrored else images


def _epoch(run: Run, slices: Slices, epoch: int) -> float:
    draw = torch.Generator().manual_seed(run.plan.seed * 1000 + epoch)
    order = torch.randperm(len(slices.patients), generator=draw)
    run.network.train()
    losses = []
    for chosen in order.split(run.plan.batch):
        if len(chosen) == 1:
            run.schedule.step()
            continue
        images = _seen(slices.units[chosen], run.plan)
        pair = augmented(images, slices.masks[chosen], run.plan.strength, draw)
        losses.append(_step(run, *pair))
    return float(np.mean(losses))


def _step(run: Run, images: torch.Tensor, masks: torch.Tensor) -> float:
    standardised = (images - run.plan.mean) / run.plan.std
    with torch.autocast("cpu", torch.bfloat16):
        pixels, whole = run.network(standardised.to(memory_format=torch.channels_last))
    loss = outline_loss(pixels.float(), whole.float(), masks, run.plan.slice_weight)
    run.optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(run.network.parameters(), 1.0)
    run.optimiser.step()
    run.schedule.step()
    _follow(run)
    return loss.item()


def outline_loss(
    pixels: torch.Tensor, whole: torch.Tensor, masks: torch.Tensor, weight: float
) -> torch.Tensor:
    """Cross entropy keeps it calibrated; Dice keeps small lesions from being forgotten.

    pixels, masks (n, labels, rows, columns), whole (n, labels); logits. weight : of whole's part.
    """
    probabilities = torch.sigmoid(pixels)
    overlap = (probabilities * masks).sum((2, 3))
    sizes = (probabilities + masks).sum((2, 3))
    dice = 1 - (2 * overlap + 10) / (sizes + 10)
    present = (masks.amax((2, 3)) > 0.5).float()
    cross = nn.functional.binary_cross_entropy_with_logits
    return cross(pixels, masks) + dice.mean() + weight * cross(whole, present)


def _follow(run: Run) -> None:
    """Exponential moving average of weights and of batch statistics, quick at the start."""
    steps = run.schedule.last_epoch
    decay = min(run.plan.ema_decay, (1 + steps) / (10 + steps))
    with torch.no_grad():
        pairs = zip(
            run.average.state_dict().values(), run.network.state_dict().values(), strict=True
        )
        for mean, new in pairs:
            if mean.is_floating_point():
                mean.lerp_(new, 1 - decay)
            else:
                mean.copy_(new)


def _report(run: Run, loss: float, seconds: float, validation: Slices | None) -> None:
    plan = run.plan
    done = round(20 * run.epoch / plan.epochs)
    line = f"{plan.name} [{'#' * done}{'.' * (20 - done)}] {run.epoch}/{plan.epochs}"
    line += f" {seconds:.0f} s loss {loss:.4f}"
    due = run.epoch % plan.validate_every == 0 or run.epoch == plan.epochs
    if validation is not None and due:
        line += " validation " + summary(run.average.eval(), plan, validation)
    print(line, flush=True)


def summary(network: nn.Module, plan: Plan, slices: Slices) -> str:
    """Mean Dice of the slices with a lesion and slice AUROC, at the size of the tensor."""
    maps, wholes = predict(network, plan, slices.units)
    masks = slices.masks[:, 0].numpy() > 0.5
    present = masks.any((1, 2))
    found = maps > 0.5
    overlap = (
        2 * (found & masks).sum((1, 2)) / np.maximum((found.sum((1, 2)) + masks.sum((1, 2))), 1)
    )
    scores = {"head": wholes, "top": top_mean(maps), "both": np.sqrt(wholes * top_mean(maps))}
    aurocs = " ".join(
        f"{k} {figures.auroc(np.stack([present, v], axis=1)):.4f}" for k, v in scores.items()
    )
    return f"Dice {overlap[present].mean():.4f} AUROC {aurocs}"


def top_mean(maps: np.ndarray) -> np.ndarray:
    """(n, rows, columns) to (n): mean of the TOP_PIXELS most probable pixels."""
    flat = maps.reshape(len(maps), -1)
    return np.sort(np.partition(flat, -TOP_PIXELS, axis=1)[:, -TOP_PIXELS:]).mean(axis=1)
