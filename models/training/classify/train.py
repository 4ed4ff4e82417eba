"""Trains with early stopping on the validation patients; resumes from its checkpoint."""

import copy
import math
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn

from models.training.classify.augment import augmented
from models.training.classify.data import DataSet, Sample, prepared
from models.training.classify.network import Classifier
from models.training.classify.settings import DataError, Options
from viewer.domain.figures import auroc

Tensors = tuple[torch.Tensor, torch.Tensor]
"""Images (n, 1, size, size) and truth (n, labels), both float32."""

WEIGHT_DECAY, WARM_UP = 1e-3, 0.1


def tensors(samples: Sequence[Sample], options: Options) -> Tensors:
    """All images of a part, prepared once."""
    images = np.empty((len(samples), 1, options.size, options.size), np.float32)
    for number, sample in enumerate(samples):
        images[number, 0] = prepared(sample.file, options.operations)
        bar("images", number + 1, len(samples))
    return torch.from_numpy(images), torch.tensor([s.truth for s in samples], dtype=torch.float32)


class Run:
    """What training carries from epoch to epoch, and keeps in its checkpoint."""

    def __init__(self, options: Options, labels: int, images: int) -> None:
        torch.manual_seed(options.seed)
        self.options, self.epoch, self.best, self.waited = options, 0, -math.inf, 0
        self.network = Classifier(options.network, labels)
        self.best_weights = copy.deepcopy(self.network.state_dict())
        self.optimiser = torch.optim.AdamW(
            self.network.parameters(), lr=options.learning_rate, weight_decay=WEIGHT_DECAY
        )
        steps = math.ceil(images / options.batch)
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimiser,
            options.learning_rate,
            total_steps=options.epochs * steps,
            pct_start=WARM_UP,
        )

    def save(self, path: Path) -> None:
        state = {name: getattr(self, name).state_dict() for name in PARTS}
        told = {name: getattr(self, name) for name in ("epoch", "best", "waited", "best_weights")}
        whole = {**state, **told, "learning": self.options.learning, "epochs": self.options.epochs}
        torch.save(whole, path.with_suffix(".tmp"))
        path.with_suffix(".tmp").replace(path)

    def resume(self, path: Path) -> None:
        state = torch.load(path, weights_only=True)
        same = (self.options.learning, self.options.epochs)
        if (state["learning"], state["epochs"]) != same:
            raise DataError(
                f"{path} is of a run with other settings; choose another --run, or delete it."
            )
        for name in PARTS:
            getattr(self, name).load_state_dict(state[name])
        for name in ("epoch", "best", "waited", "best_weights"):
            setattr(self, name, state[name])


PARTS = ("network", "optimiser", "schedule")


def train(data: DataSet, options: Options, training: Tensors, validation: Tensors) -> Classifier:
    """The network of the epoch that was best on the validation patients, ready to be asked."""
    options.run.mkdir(parents=True, exist_ok=True)
    checkpoint = options.run / "checkpoint.pt"
    run = Run(options, len(data.labels), len(training[0]))
    if checkpoint.exists():
        run.resume(checkpoint)
    while run.epoch < options.epochs and run.waited < options.patience:
        started, loss = time.monotonic(), _epoch(run, training)
        figure = quality(run.network, validation, options.batch)
        _remember(run, figure)
        run.save(checkpoint)
        seconds = time.monotonic() - started
        print(
            f"epoch {run.epoch}/{options.epochs} loss {loss:.4f} validation AUROC {figure:.4f} "
            f"(best {run.best:.4f}) {seconds:.0f} s",
            flush=True,
        )
    run.network.load_state_dict(run.best_weights)
    return run.network.eval()


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


def _epoch(run: Run, training: Tensors) -> float:
    images, truth = training
    random = torch.Generator().manual_seed(run.options.seed + 1000 * run.epoch)
    torch.manual_seed(run.options.seed + run.epoch)
    order = torch.randperm(len(images), generator=random).split(run.options.batch)
    run.network.train()
    losses = []
    for step, rows in enumerate(order):
        seen = augmented(images[rows], run.options.augment, run.options.flip, random)
        losses.append(_step(run, seen, truth[rows]))
        bar(f"epoch {run.epoch + 1}", step + 1, len(order))
    run.epoch += 1
    return float(np.mean(losses))


def _step(run: Run, images: torch.Tensor, truth: torch.Tensor) -> float:
    logits = run.network(images).mean(dim=(2, 3))
    loss = nn.functional.binary_cross_entropy_with_logits(logits, truth)
    run.optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(run.network.parameters(), 1.0)
    run.optimiser.step()
    run.schedule.step()
    return loss.item()


def _remember(run: Run, figure: float) -> None:
    if figure > run.best:
        run.best, run.waited = figure, 0
        run.best_weights = copy.deepcopy(run.network.state_dict())
    else:
        run.waited += 1


def bar(title: str, done: int, of: int) -> None:
    """One line that fills; only on a terminal."""
    if sys.stderr.isatty():
        filled = round(30 * done / of)
        end = "\n" if done == of else ""
        sys.stderr.write(f"\r{title} [{'#' * filled}{'.' * (30 - filled)}] {done}/{of}{end}")
