"""`python -m models.training.classify --data FOLDER --out models/my_model`: from images to a package."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from models.training.classify import plots
from models.training.classify.data import load
from models.training.classify.evaluate import evaluate
from models.training.classify.export import export, map_range
from models.training.classify.network import NETWORKS
from models.training.classify.settings import DataError, Options
from models.training.classify.train import logits_of, tensors, train
from viewer.base.errors import ViewerError


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when the package is there and passes every check."""
    try:
        made = run(_options(arguments))
    except (DataError, ViewerError) as error:
        print(f"classify: {error}", file=sys.stderr)
        return 1
    print(f"{made}: passes `secondread models check`.")
    return 0


def run(options: Options) -> Path:
    """Load, train, measure, export; returns the package."""
    if options.out.exists():
        raise DataError(f"{options.out} exists already; choose another --out, or delete it.")
    torch.set_num_threads(options.threads)
    data = load(options)
    for part in ("train", "val", "test"):
        found = data.part(part)
        print(f"{part}: {len(found)} images of {len({s.patient for s in found})} patients")
    training, validation, test = (
        tensors(data.part(part), options) for part in ("train", "val", "test")
    )
    network = train(data, options, training, validation)
    asked = [
        (logits_of(network, images, options.batch), truth.numpy())
        for images, truth in (validation, test)
    ]
    metrics = evaluate(data.labels, *asked, [sample.patient for sample in data.part("test")])
    (options.run / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n")
    folder = options.run / "figures"
    names = plots.draw(folder, data.labels, metrics, asked[1])
    limits = map_range(network, validation[0], options.batch)
    pictures = [folder / name for name in names]
    return export(network, data, options, metrics, limits, pictures)


def _options(arguments: Sequence[str] | None) -> Options:
    parser = argparse.ArgumentParser(prog="python -m models.training.classify", description=__doc__)
    add = parser.add_argument
    add("--data", type=Path, required=True, help="folder per class (in train/val/test), or a CSV")
    add("--out", type=Path, required=True, help="the package to make")
    add("--run", type=Path, help="checkpoint and figures; default ../training_runs/NAME")
    add("--modality", nargs="+", required=True, help="DICOM modalities it reads, such as CR DX")
    add("--body-part", nargs="*", default=(), help="such as CHEST; any where left out")
    add("--view", nargs="*", default=(), help="such as PA; any where left out")
    add("--about", type=Path, help="JSON: name, licence, data, intended_use, codes of the labels")
    add("--patients", default="", help="pattern of file names whose first group is the patient")
    add(
        "--each-file-a-patient", dest="each_file", action="store_true", help="say so where it is so"
    )
    add("--normal", default="", help="the class that is no finding; found by its name otherwise")
    add("--network", choices=tuple(NETWORKS), default=Options.network)
    add("--flip", action="store_true", help="mirror, too: only where right and left are alike")
    for name in ("size", "epochs", "patience", "batch", "seed", "threads"):
        add(f"--{name}", type=int, default=getattr(Options, name))
    add("--learning-rate", type=float, default=Options.learning_rate)
    add("--augment", type=float, default=Options.augment, help="0 is none, 1 the usual")
    chosen = vars(parser.parse_args(arguments))
    for name in ("modality", "body_part", "view"):
        chosen[name] = tuple(word.upper() for word in chosen[name])
    chosen["run"] = chosen["run"] or Path("../training_runs") / chosen["out"].name
    return Options(**chosen)


if __name__ == "__main__":
    sys.exit(main())
