"""Command line of the recipe: train, gate, evaluate, export, or all in order."""

import argparse
from collections.abc import Callable
from pathlib import Path

import torch

from models.training.chest_ct_nodule import gate, settings
from models.training.chest_ct_nodule.evaluate import evaluate
from models.training.chest_ct_nodule.network import Ensemble
from models.training.chest_ct_nodule.package import IDENTITY, export
from models.training.chest_ct_nodule.train import train, trained
from models.training.common import artefact


def _train(arguments: argparse.Namespace) -> None:
    paths = train(arguments.data, arguments.run)
    members = [trained(path, plan.kind) for path, plan in zip(paths, settings.MEMBERS, strict=True)]
    example = torch.zeros(1, 1, settings.PIXELS, settings.PIXELS)
    artefact.write(
        Ensemble(members, settings.MIRRORINGS),
        example,
        arguments.run / TRAINED,
        ["scores"],
        IDENTITY,
        any_batch=True,
    )


def _gate(arguments: argparse.Namespace) -> None:
    gate.add(arguments.run / TRAINED, arguments.data, arguments.run / "model.onnx")


def _evaluate(arguments: argparse.Namespace) -> None:
    print(evaluate(arguments.data, arguments.run).read_text())


def _export(arguments: argparse.Namespace) -> None:
    export(arguments.run, arguments.out)


TRAINED = "trained.onnx"
"""The network before it gets its gate."""

STEPS: dict[str, list[Callable[[argparse.Namespace], None]]] = {
    "train": [_train],
    "gate": [_gate],
    "evaluate": [_evaluate],
    "export": [_export],
    "all": [_train, _gate, _evaluate, _export],
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.training.chest_ct_nodule")
    parser.add_argument("step", choices=STEPS)
    parser.add_argument("--data", type=Path, required=True, help="folder chest_ct_nodule")
    parser.add_argument("--out", type=Path, default=Path("models/chest_ct_nodule"))
    parser.add_argument("--run", type=Path, default=Path("../training_runs/nodule"))
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    for step in STEPS[arguments.step]:
        step(arguments)


if __name__ == "__main__":
    main()
