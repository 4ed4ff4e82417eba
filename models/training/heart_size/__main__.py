"""Command line of the recipe: train, evaluate, export, or all three."""

import argparse
from pathlib import Path

import torch

from models.training.heart_size import train


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.training.heart_size")
    parser.add_argument("step", choices=["train"])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--runs", type=Path, default=Path("../training_runs/heart_size"))
    arguments = parser.parse_args()
    torch.set_num_threads(2)
    train.train(arguments.data, arguments.runs)


if __name__ == "__main__":
    main()
