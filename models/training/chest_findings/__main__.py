"""Command line of the recipe: train and test by cross-validation, and write what was measured."""

import argparse
from pathlib import Path

import torch

from models.training.chest_findings import settings, table
from models.training.chest_findings.evaluate import evaluate


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.training.chest_findings")
    parser.add_argument("--data", type=Path, required=True, help="folder chest_xray_pneumonia")
    parser.add_argument("--run", type=Path, default=Path("../training_runs/chest_findings"))
    arguments = parser.parse_args()
    torch.set_num_threads(settings.THREADS)
    print(evaluate(arguments.data, arguments.run).read_text())
    table.write(arguments.run)


if __name__ == "__main__":
    main()
