"""Command line of the recipe: features, cross-validation and layers, package, pictures for its gate."""

import argparse
from pathlib import Path

import torch

from models.training.chest_xray_pneumonia import pictures
from models.training.chest_xray_pneumonia.evaluate import evaluate
from models.training.chest_xray_pneumonia.export import export

THREADS = 2
STEPS = ("all", "evaluate", "export", "pictures")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.training.chest_xray_pneumonia")
    parser.add_argument("step", choices=STEPS)
    parser.add_argument("--data", type=Path, required=True, help="folder chest_xray_pneumonia")
    parser.add_argument("--run", type=Path, default=Path("../training_runs/chest_xray_pneumonia"))
    parser.add_argument("--out", type=Path, default=Path("models/chest_xray_pneumonia"))
    given = parser.parse_args()
    torch.set_num_threads(THREADS)
    if given.step in ("all", "evaluate"):
        evaluate(given.data, given.run)
    if given.step in ("all", "export"):
        export(given.data, given.run, given.out)
    if given.step in ("all", "pictures"):
        pictures.write(given.data.parent, given.run / "gate_pictures")


if __name__ == "__main__":
    main()
