"""Trains with early stopping on the validation patients; resumes from its checkpoint, fills a bar."""

import copy
import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from models.training.common.own_settings import DataError, Options

WEIGHT_DECAY, WARM_UP = 1e-3, 0.1
LEAST_WARM_UP = 1.5
"""Steps; torch's schedule divides by this less one."""

PARTS = ("network", "optimiser", "schedule")
TOLD = ("epoch", "best", "waited", "best_weights", "history")


History = list[tuple[float, float]]
"""Of each epoch: loss and validation figure."""


@dataclass(frozen=True)
class Lesson:
    """What is learned.

    images : how many the training part holds
    loss : of the rows (indices) of the training images, by the network, with a source of chance
    quality : of the network on the validation patients; more is better. measure: its name
    """

    images: int
    loss: Callable[[nn.Module, torch.Tensor, torch.Generator], torch.Tensor]
    quality: Callable[[nn.Module], float]
    measure: str


class Run:
    """What training carries from epoch to epoch, and keeps in its checkpoint."""

    def __init__(self, network: nn.Module, options: Options, images: int) -> None:
        torch.manual_seed(options.seed)
        self.options, self.network = options, network
        self.epoch, self.best, self.waited = 0, -math.inf, 0
        self.history: History = []
        self.best_weights = copy.deepcopy(network.state_dict())
        self.optimiser = torch.optim.AdamW(
            network.parameters(), lr=options.learning_rate, weight_decay=WEIGHT_DECAY
        )
        steps = max(2, options.epochs * math.ceil(images / options.batch))
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimiser,
            options.learning_rate,
            total_steps=steps,
            pct_start=min(max(WARM_UP, LEAST_WARM_UP / steps), 0.9),
        )

    def save(self) -> None:
        path = self.options.run / "checkpoint.pt"
        state = {name: getattr(self, name).state_dict() for name in PARTS}
        told = {name: getattr(self, name) for name in TOLD}
        whole = {**state, **told, "learning": self.options.learning, "epochs": self.options.epochs}
        torch.save(whole, path.with_suffix(".tmp"))
        path.with_suffix(".tmp").replace(path)

    def resume(self) -> None:
        path = self.options.run / "checkpoint.pt"
        if not path.exists():
            return
        state = torch.load(path, weights_only=True)
        same = (self.options.learning, self.options.epochs)
        if (state["learning"], state["epochs"]) != same:
            raise DataError(
                f"{path} is of a run with other settings; choose another --run, or delete it."
            )
        for name in PARTS:
            getattr(self, name).load_state_dict(state[name])
        for name in TOLD:
            setattr(self, name, state[name])
        print(f"goes on after epoch {self.epoch} of {path}", flush=True)

    def remember(self, loss: float, figure: float) -> None:
        self.history.append((loss, figure))
        if figure > self.best:
            self.best, self.waited = figure, 0
            self.best_weights = copy.deepcopy(self.network.state_dict())
        else:
            self.waited += 1


def learn(network: nn.Module, options: Options, lesson: Lesson) -> Run:
    """Its network is that of the epoch that was best on the validation patients, ready to be asked."""
    options.run.mkdir(parents=True, exist_ok=True)
    run = Run(network, options, lesson.images)
    run.resume()
    while run.epoch < options.epochs and run.waited < options.patience:
        started, loss = time.monotonic(), epoch(run, lesson)
        network.eval()
        figure = lesson.quality(network)
        run.remember(loss, figure)
        run.save()
        print(
            f"epoch {run.epoch}/{options.epochs} loss {loss:.4f} validation {lesson.measure} "
            f"{figure:.4f} (best {run.best:.4f}) {time.monotonic() - started:.0f} s",
            flush=True,
        )
    network.load_state_dict(run.best_weights)
    network.eval()
    return run


def epoch(run: Run, lesson: Lesson) -> float:
    """All training images once; returns the mean loss."""
    random = torch.Generator().manual_seed(run.options.seed + 1000 * run.epoch)
    torch.manual_seed(run.options.seed + run.epoch)
    order = torch.randperm(lesson.images, generator=random).split(run.options.batch)
    run.network.train()
    losses = []
    for step, rows in enumerate(order):
        losses.append(_step(run, lesson.loss(run.network, rows, random)))
        bar(f"epoch {run.epoch + 1}", step + 1, len(order))
    run.epoch += 1
    return float(np.mean(losses))


def _step(run: Run, loss: torch.Tensor) -> float:
    run.optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(run.network.parameters(), 1.0)
    run.optimiser.step()
    run.schedule.step()
    return loss.item()


def bar(title: str, done: int, of: int) -> None:
    """One line that fills; only on a terminal."""
    if sys.stderr.isatty():
        filled = round(30 * done / of)
        end = "\n" if done == of else ""
        sys.stderr.write(f"\r{title} [{'#' * filled}{'.' * (30 - filled)}] {done}/{of}{end}")
