"""Trains the network; resumes from its checkpoint, prints its progress."""

import copy
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

from models.training.heart_size import augment, settings
from models.training.heart_size.data import Film, load
from models.training.heart_size.network import UNet
from models.training.heart_size.settings import Stage
from viewer.inference.preprocessing import preprocess


class Run:
    """What a stage carries from step to step: the network, its average, the optimiser."""

    def __init__(self, stage: Stage, films: int) -> None:
        torch.manual_seed(settings.SEED)
        self.stage, self.epoch = stage, 0
        self.network = UNet().to(memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.network).eval()
        self.optimiser = torch.optim.AdamW(
            self.network.parameters(), weight_decay=settings.WEIGHT_DECAY
        )
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimiser,
            stage.learning_rate,
            total_steps=stage.horizon * math.ceil(films / settings.BATCH),
            pct_start=settings.WARM_UP,
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
        self.network.load_state_dict(weights)
        self.average.load_state_dict(weights)


def train(data: Path, out: Path) -> Path:
    """Train every stage to its last epoch; nothing is chosen by the test films.

    Returns the checkpoint of the last stage.
    """
    out.mkdir(parents=True, exist_ok=True)
    films, validation = load(data, "training"), load(data, "validation")
    before: Path | None = None
    for stage in settings.STAGES:
        checkpoint = out / f"{stage.name}.pt"
        _train_stage(stage, checkpoint, before, films, validation)
        before = checkpoint
    return checkpoint


def _train_stage(
    stage: Stage, checkpoint: Path, before: Path | None, films: list[Film], validation: list[Film]
) -> None:
    run = Run(stage, len(films))
    if checkpoint.exists():
        run.resume(checkpoint)
    elif before is not None:
        run.start_from(before)
    for epoch in range(run.epoch, stage.epochs):
        started, loss = time.monotonic(), _epoch(run, films, epoch)
        run.epoch = epoch + 1
        run.save(checkpoint)
        _report(run, loss, time.monotonic() - started, validation)


def trained(checkpoint: Path) -> UNet:
    """The averaged network of a checkpoint, ready to predict."""
    network = UNet()
    network.load_state_dict(torch.load(checkpoint, weights_only=True)["average"])
    return network.eval()


def predict(network: nn.Module, tensor: np.ndarray) -> np.ndarray:
    """(rows, columns) float32 to probabilities (3, rows, columns) float32."""
    with torch.inference_mode():
        return torch.sigmoid(network(torch.from_numpy(tensor)[None, None]))[0].numpy()


def _epoch(run: Run, films: list[Film], epoch: int) -> float:
    random = np.random.default_rng((settings.SEED, epoch))
    order = random.permutation(len(films))
    run.network.train()
    losses = []
    for start in range(0, len(films), settings.BATCH):
        chosen = [films[i] for i in order[start : start + settings.BATCH]]
        pairs = [augment.augmented(film, run.stage, random) for film in chosen]
        images, masks = (torch.stack(column) for column in zip(*pairs, strict=True))
        losses.append(_step(run, images, masks))
    return float(np.mean(losses))


def _step(run: Run, images: torch.Tensor, masks: torch.Tensor) -> float:
    with torch.autocast("cpu", torch.bfloat16):
        logits = run.network(images.to(memory_format=torch.channels_last))
    loss = _loss(logits.float(), masks)
    run.optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(run.network.parameters(), 1.0)
    run.optimiser.step()
    run.schedule.step()
    _follow(run)
    return loss.item()


def _loss(logits: torch.Tensor, masks: torch.Tensor) -> torch.Tensor:
    """Cross entropy keeps the edge calibrated; Dice keeps the heart from being forgotten."""
    probabilities = torch.sigmoid(logits)
    overlap = (probabilities * masks).sum((2, 3))
    sizes = (probabilities + masks).sum((2, 3))
    dice = 1 - (2 * overlap + 1) / (sizes + 1)
    return nn.functional.binary_cross_entropy_with_logits(logits, masks) + dice.mean()


def _follow(run: Run) -> None:
    """Exponential moving average of weights and of batch statistics, quick at the start."""
    steps = run.schedule.last_epoch
    decay = min(settings.EMA_DECAY, (1 + steps) / (10 + steps))
    with torch.no_grad():
        pairs = zip(
            run.average.state_dict().values(), run.network.state_dict().values(), strict=True
        )
        for mean, new in pairs:
            if mean.is_floating_point():
                mean.lerp_(new, 1 - decay)
            else:
                mean.copy_(new)


def _report(run: Run, loss: float, seconds: float, validation: list[Film]) -> None:
    epochs = run.stage.epochs
    done = round(20 * run.epoch / epochs)
    line = f"{run.stage.name} [{'#' * done}{'.' * (20 - done)}] {run.epoch}/{epochs}"
    line += f" {seconds:.0f} s loss {loss:.4f}"
    if run.epoch % settings.VALIDATE_EVERY == 0 or run.epoch == epochs:
        line += f" validation Dice {_dice(run, validation)}"
    print(line, flush=True)


def _dice(run: Run, films: list[Film]) -> str:
    """Mean over films, at the size of the stage."""
    scores = []
    for film in films:
        tensor = _prepared(film, run.stage.size)
        found = predict(run.average.eval(), tensor) > settings.MASK_THRESHOLD
        true = shrunken(film.masks, run.stage.size) > settings.MASK_THRESHOLD
        scores.append(2 * (found & true).sum((1, 2)) / (found.sum((1, 2)) + true.sum((1, 2))))
    means = np.mean(scores, axis=0)
    return " ".join(f"{key} {m:.4f}" for key, m in zip(settings.LABELS, means, strict=True))


def _prepared(film: Film, size: int) -> np.ndarray:
    operations = settings.operations(size)
    return preprocess(film.unit, monochrome1=False, operations=operations).tensor


def shrunken(masks: np.ndarray, size: int) -> np.ndarray:
    """Masks (3, 512, 512) to (3, size, size), edges antialiased."""
    planes, target = torch.from_numpy(masks)[None], (size, size)
    return nn.functional.interpolate(planes, target, mode="bilinear", antialias=True)[0].numpy()
