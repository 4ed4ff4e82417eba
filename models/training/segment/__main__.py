"""`python -m models.training.segment --data FOLDER --out models/my_model`: images and masks to a package."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from models.training.common import own_about, own_gate, own_package
from models.training.common.artefact import Shipped
from models.training.common.own_package import refuse_existing, tell_parts, told
from models.training.common.own_settings import PARTS, DataError, add_arguments, chosen
from models.training.segment import network, plots, words
from models.training.segment.data import Sample, load
from models.training.segment.evaluate import compare, evaluate
from models.training.segment.settings import POSITION, STRIDE, Options
from models.training.segment.train import tensors, train


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when the package is there and passes every check."""
    return told("segment", lambda: run(_options(arguments)))


def run(options: Options) -> Path:
    """Load, train, measure, export; returns the package."""
    refuse_existing(options.out)
    if options.size % STRIDE:
        raise DataError(f"--size must be a multiple of {STRIDE}.")
    torch.set_num_threads(options.threads)
    data, about = load(options), own_about.about(options)
    parts = {part: data.part(part) for part in PARTS}
    tell_parts(parts)
    prepared = {part: tensors(parts[part], options) for part in PARTS}
    learned = train(data, options, prepared["train"], prepared["val"])
    path = options.run / "model.onnx"
    shipped = network.Shipped(learned.network, options.flip)
    golden = own_package.write_network(shipped, path, words.OUTPUTS, options, about, any_batch=True)
    seen = {part: own_gate.Part(prepared[part][0], _patients(parts[part])) for part in PARTS}
    gated = own_gate.add(path, words.OUTPUTS[0], seen, own_package.identity(about), options.seed)
    if gated:
        golden |= own_gate.golden(path, golden["image"])
    asked = Shipped(path, words.OUTPUTS, options.threads)
    checked, tested = (compare(asked, parts[part], options) for part in ("val", "test"))
    metrics = {
        label: evaluate(*pair) for label, *pair in zip(data.labels, checked, tested, strict=True)
    }
    (options.run / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n")
    folder = options.run / "figures"
    names = plots.draw(folder, data.titles, tested, learned.history)
    manifest = words.manifest(data, options, metrics, about, bool(gated))
    card = words.card(data, options, metrics, about, manifest) + own_gate.in_card(gated)
    pictures = [folder / name for name in names]
    gated_manifest = own_gate.in_manifest(manifest, gated)
    made = own_package.fill(options, path, golden, card, gated_manifest, pictures)
    print(words.told(data, metrics))
    return made


def _patients(samples: Sequence[Sample]) -> tuple[str, ...]:
    return tuple(sample.patient for sample in samples)


def _options(arguments: Sequence[str] | None) -> Options:
    parser = argparse.ArgumentParser(prog="python -m models.training.segment", description=__doc__)
    add = parser.add_argument
    add(
        "--data",
        type=Path,
        required=True,
        help="folder of images and masks (in train/val/test), or a CSV",
    )
    add(
        "--labels",
        nargs="*",
        default=(),
        type=_level,
        help="grey levels of masks that hold several structures: heart=1 lung=2",
    )
    add(
        "--missing-is-empty",
        action="store_true",
        help="an image without a mask does not show the structure",
    )
    add(
        "--position",
        choices=tuple(POSITION),
        default=Options.position,
        help="axial: slices, turned face up; as_stored: films and all else",
    )
    add("--sequence", nargs="*", default=(), help="of MR, such as FLAIR; any where left out")
    add_arguments(parser, tuple(network.NETWORKS), Options)
    options = chosen(parser, arguments, Options)
    return replace(options, labels=tuple(options.labels), sequence=tuple(options.sequence))


def _level(given: str) -> tuple[str, int]:
    """heart=1 to its name and grey level."""
    name, _equals, level = given.partition("=")
    if not name or not level.isdigit() or int(level) == 0:
        raise argparse.ArgumentTypeError(f"{given} is not of the form heart=1")
    return name, int(level)


if __name__ == "__main__":
    sys.exit(main())
