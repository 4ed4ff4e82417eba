"""Command line of the recipe: train, gate, evaluate, export, or all in order."""

import argparse
from collections.abc import Callable
from pathlib import Path

import torch

from models.training.heart_size import artefact, gate, gate_pictures, settings
from models.training.heart_size.evaluate import evaluate
from models.training.heart_size.export import export
from models.training.heart_size.train import train


def _train(arguments: argparse.Namespace) -> None:
    checkpoint = train(arguments.data, arguments.run)
    artefact.write(checkpoint, arguments.run / TRAINED)


def _gate(arguments: argparse.Namespace) -> None:
    gate.add(arguments.run / TRAINED, arguments.data.parent, arguments.run / "model.onnx")
    gate_pictures.write(arguments.data.parent, arguments.run / "gate_pictures")


def _evaluate(arguments: argparse.Namespace) -> None:
    print(evaluate(arguments.data, arguments.run, arguments.external).read_text())


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
    parser = argparse.ArgumentParser(prog="python -m models.training.heart_size")
    parser.add_argument("step", choices=STEPS)
    parser.add_argument("--data", type=Path, required=True, help="folder chest_xray_heart")
    parser.add_argument("--out", type=Path, default=Path("models/chest_xray_heart_size"))
    parser.add_argument("--run", type=Path, default=Path("../training_runs/heart_size"))
    parser.add_argument("--external", type=Path, help="folder chest_xray_pneumonia, if there")
    arguments = parser.parse_args()
    arguments.external = arguments.external or arguments.data.parent / "chest_xray_pneumonia"
    torch.set_num_threads(settings.THREADS)
    for step in STEPS[arguments.step]:
        step(arguments)


if __name__ == "__main__":
    main()
