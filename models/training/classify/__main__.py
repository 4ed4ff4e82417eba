"""`python -m models.training.classify --data FOLDER --out models/my_model`: from images to a package."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from models.training.classify import plots, words
from models.training.classify.data import load
from models.training.classify.evaluate import evaluate
from models.training.classify.export import export, map_range
from models.training.classify.network import NETWORKS
from models.training.classify.settings import Options
from models.training.classify.train import logits_of, tensors, train
from models.training.common import own_about, own_gate
from models.training.common.own_package import refuse_existing, tell_parts, told
from models.training.common.own_settings import PARTS, add_arguments, chosen


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when the package is there and passes every check."""
    return told("classify", lambda: run(_options(arguments)))


def run(options: Options) -> Path:
    """Load, train, measure, export; returns the package."""
    refuse_existing(options.out)
    torch.set_num_threads(options.threads)
    data, about = load(options), own_about.about(options)
    tell_parts({part: data.part(part) for part in PARTS})
    training, validation, test = (tensors(data.part(part), options) for part in PARTS)
    network, history = train(data, options, training, validation)
    asked = [
        (logits_of(network, images, options.batch), truth.numpy())
        for images, truth in (validation, test)
    ]
    metrics = evaluate(data.labels, *asked, [sample.patient for sample in data.part("test")])
    (options.run / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n")
    folder = options.run / "figures"
    names = plots.draw(folder, data, metrics, asked[1], history)
    limits = map_range(network, validation[0], options.batch)
    pictures = [folder / name for name in names]
    prepared = zip(PARTS, (training, validation, test), strict=True)
    parts = {
        part: own_gate.Part(images, tuple(sample.patient for sample in data.part(part)))
        for part, (images, _truth) in prepared
    }
    made = export(network, data, options, about, metrics, limits, pictures, parts)
    print(words.told(data, metrics))
    return made


def _options(arguments: Sequence[str] | None) -> Options:
    parser = argparse.ArgumentParser(prog="python -m models.training.classify", description=__doc__)
    add = parser.add_argument
    add("--data", type=Path, required=True, help="folder per class (in train/val/test), or a CSV")
    add("--normal", default="", help="the class that is no finding; found by its name otherwise")
    add_arguments(parser, tuple(NETWORKS), Options)
    return chosen(parser, arguments, Options)


if __name__ == "__main__":
    sys.exit(main())
