"""Runs of the trainings on own images: their arguments, and one that is broken off."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import torch

from models.training.common import own_training
from models.training.common.own_package import INTERRUPTED

Main = Callable[[Sequence[str]], int]


def arguments(folder: Path, **more: object) -> list[str]:
    """Of a small run on `folder`, to a package and a run beside it."""
    asked = {
        "data": folder,
        "out": folder.parent / "out",
        "run": folder.parent / "run",
        "modality": "DX",
        "patients": r"^(p\d+)_",
        **more,
    }
    return [part for name, value in asked.items() for part in (f"--{name}", str(value))]


def weights_whole_and_broken_off(main: Main, folder: Path, **more: object) -> tuple[dict, dict]:
    """Of a run to its end, and of the same run that was stopped after an epoch and begun again."""
    whole, broken = folder.parent / "whole", folder.parent / "broken"
    assert main(arguments(folder, **more, run=whole, out=folder.parent / "a")) == 0
    again = arguments(folder, **more, run=broken, out=folder.parent / "b")
    epoch = own_training.epoch

    def once(run: own_training.Run, lesson: own_training.Lesson) -> float:
        if run.epoch == 1:
            raise KeyboardInterrupt
        return epoch(run, lesson)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(own_training, "epoch", once)
        assert main(again) == INTERRUPTED
    assert main(again) == 0
    return tuple(
        torch.load(run / "checkpoint.pt", weights_only=True)["network"] for run in (whole, broken)
    )
