"""Trains the members of the ensemble one after the other; resumes, prints its progress."""

import copy
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from models.training.chest_ct_nodule import settings
from models.training.chest_ct_nodule.data import Patches, load
from models.training.chest_ct_nodule.network import KINDS
from models.training.common import figures


def train(data: Path, out: Path) -> list[Path]:
    """Train every member to its last epoch; nothing is chosen by the test patches."""
    out.mkdir(parents=True, exist_ok=True)
    parts = load(data)
    return [_train_member(out / f"member_{i}.pt", i, parts) for i in range(len(settings.MEMBERS))]


def trained(checkpoint: Path, kind: str) -> nn.Module:
    """The averaged network of a checkpoint, ready to predict."""
    network = KINDS[kind]()
    network.load_state_dict(torch.load(checkpoint, weights_only=True)["average"])
    return network.eval()


def scores(network: nn.Module, patches: Patches) -> np.ndarray:
    """(n) logits, mean of the four mirrorings."""
    margin = (patches.units.shape[1] - settings.PIXELS) // 2
    inner = patches.units[:, margin : margin + settings.PIXELS, margin : margin + settings.PIXELS]
    units = (torch.from_numpy(inner)[:, None] - settings.MEAN) / settings.STD
    mirrors = ((), (2,), (3,), (2, 3))
    with torch.inference_mode():
        parts = [
            torch.stack([network(torch.flip(part, axes)) for axes in mirrors]).mean(0)
            for part in units.split(256)
        ]
    return torch.cat(parts).numpy()


def _train_member(checkpoint: Path, member: int, parts: dict[str, Patches]) -> Path:
    plan = settings.MEMBERS[member]
    torch.manual_seed(plan.seed)
    network = KINDS[plan.kind]().to(memory_format=torch.channels_last)
    average = copy.deepcopy(network).eval()
    optimiser = torch.optim.AdamW(network.parameters(), weight_decay=plan.weight_decay)
    training = parts["training"]
    batches = math.ceil(len(training.nodule) / settings.BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser,
        plan.learning_rate,
        total_steps=plan.epochs * batches,
        pct_start=settings.WARM_UP,
    )
    state = {"network": network, "average": average, "optimiser": optimiser, "schedule": schedule}
    first = _resume(checkpoint, state)
    for epoch in range(first, plan.epochs):
        started = time.monotonic()
        draw = torch.Generator().manual_seed(plan.seed * 1000 + epoch)
        loss = _epoch(network, average, optimiser, schedule, training, draw, plan.half)
        saved = {key: part.state_dict() for key, part in state.items()}
        torch.save({**saved, "epoch": epoch + 1}, checkpoint)
        line = f"member {member} {epoch + 1}/{plan.epochs} {time.monotonic() - started:.0f} s loss {loss:.4f}"
        if (epoch + 1) % 2 == 0:
            validation = parts["validation"]
            rows = np.stack([validation.nodule, scores(average, validation)], axis=1)
            line += f" validation AUROC {figures.auroc(rows):.4f}"
        print(line, flush=True)
    return checkpoint


def _resume(checkpoint: Path, state: dict[str, object]) -> int:
    if not checkpoint.exists():
        return 0
    saved = torch.load(checkpoint, weights_only=True)
    for key, part in state.items():
        part.load_state_dict(saved[key])
    return saved["epoch"]


def _epoch(network, average, optimiser, schedule, patches: Patches, draw, half) -> float:
    order = torch.randperm(len(patches.nodule), generator=draw)
    network.train()
    losses = []
    for chosen in order.split(settings.BATCH):
        images = _augmented(torch.from_numpy(patches.units[chosen])[:, None], draw)
        truth = torch.from_numpy(patches.nodule[chosen].astype(np.float32))
        smooth = truth * (1 - settings.SMOOTHING) + settings.SMOOTHING / 2
        standardised = (images - settings.MEAN) / settings.STD
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
            logits = network(standardised.to(memory_format=torch.channels_last))
        loss = functional.binary_cross_entropy_with_logits(logits.float(), smooth)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        _follow(average, network, schedule.last_epoch)
        losses.append(loss.item())
    return float(np.mean(losses))


def _augmented(units: torch.Tensor, draw: torch.Generator) -> torch.Tensor:
    """Any of the eight poses of a square, any small turn, shift, zoom; a little grey scale."""
    count = len(units)
    angle = torch.rand(count, generator=draw) * 2 * math.pi
    zoom = (
        torch.exp((torch.rand(count, generator=draw) - 0.5) * 0.4)
        * settings.PIXELS
        / units.shape[3]
    )
    mirror = torch.sign(torch.rand(count, generator=draw) - 0.5)
    shift = (torch.rand((count, 2, 1), generator=draw) - 0.5) * 0.14
    cosine, sine = torch.cos(angle) * zoom, torch.sin(angle) * zoom
    rows = torch.stack(
        [torch.stack([cosine * mirror, -sine], 1), torch.stack([sine * mirror, cosine], 1)], 1
    )
    size = [count, 1, settings.PIXELS, settings.PIXELS]
    grid = functional.affine_grid(torch.cat([rows, shift], 2), size, align_corners=False)
    warped = functional.grid_sample(units, grid, padding_mode="reflection", align_corners=False)
    gain = 1 + (torch.rand(count, generator=draw) - 0.5) * 0.2
    offset = (torch.rand(count, generator=draw) - 0.5) * 0.1
    noise = (
        torch.randn(size, generator=draw)
        * torch.rand(count, generator=draw)[:, None, None, None]
        * 0.03
    )
    return (warped * gain[:, None, None, None] + offset[:, None, None, None] + noise).clamp(0, 1)


def _follow(average: nn.Module, network: nn.Module, steps: int) -> None:
    decay = min(settings.EMA_DECAY, (1 + steps) / (10 + steps))
    with torch.no_grad():
        for mean, new in zip(
            average.state_dict().values(), network.state_dict().values(), strict=True
        ):
            if mean.is_floating_point():
                mean.lerp_(new, 1 - decay)
            else:
                mean.copy_(new)
