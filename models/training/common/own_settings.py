"""What a run on own images was asked to do; everything that decides its result, so that it can be repeated."""

import argparse
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from viewer.inference.importing.answers import MODALITIES

PARTS = ("train", "val", "test")
SHARES = {"train": 0.7, "val": 0.15, "test": 0.15}
"""Of the patients, where the data names no split."""

TOLERANCE = 1e-3
MEAN, STD = 0.5, 0.25
"""Centre and spread of a percentile-scaled image, rounded."""

WITHOUT_WEIGHT = ("out", "run", "epochs", "patience", "threads", "about")
"""Options that change nothing that is learned."""

LEAST = {"size": 32, "epochs": 1, "batch": 1, "patience": 0, "threads": 1}
"""The smallest number of each option that can be trained with."""

HEADER = ("modality", "body_part", "view")
"""Options that say which images the model is for."""


class DataError(Exception):
    """The data cannot be used; the text says what is wrong and what to do."""


@dataclass(frozen=True)
class Options:
    """What classify and segment both ask; `--help` says what each is."""

    data: Path
    out: Path
    run: Path
    network: str = "small"
    size: int = 128
    epochs: int = 40
    patience: int = 8
    batch: int = 32
    learning_rate: float = 1e-3
    seed: int = 20261122
    flip: bool = False
    augment: float = 1.0
    threads: int = 2
    patients: str = ""
    each_file: bool = False
    modality: tuple[str, ...] = ()
    body_part: tuple[str, ...] = ()
    view: tuple[str, ...] = ()
    about: Path | None = None

    @property
    def operations(self) -> list[dict[str, object]]:
        """The manifest's input.operations: what the viewer does, done here too."""
        return [
            {"op": "invert_monochrome1"},
            {"op": "clip_percentiles", "low": 1.0, "high": 99.0},
            {"op": "scale_to_unit"},
            *self.geometry,
            {"op": "standardise", "mean": MEAN, "std": STD},
        ]

    @property
    def geometry(self) -> list[dict[str, object]]:
        """Those of the operations that move pixels."""
        return [{"op": "resize", "rows": self.size, "columns": self.size, "aspect": "pad"}]

    @property
    def learning(self) -> str:
        """What a checkpoint depends on; one of another run is not resumed."""
        apart = (*WITHOUT_WEIGHT, *HEADER)
        kept = {key: str(value) for key, value in asdict(self).items() if key not in apart}
        return json.dumps(kept, sort_keys=True)


Chosen = TypeVar("Chosen", bound=Options)


def add_arguments(
    parser: argparse.ArgumentParser, networks: Sequence[str], defaults: type[Options]
) -> None:
    """The arguments of Options; defaults are those of the class."""
    add = parser.add_argument
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
    add("--network", choices=tuple(networks), default=defaults.network)
    add("--flip", action="store_true", help="mirror, too: only where right and left are alike")
    for name in ("size", "epochs", "patience", "batch", "seed", "threads"):
        add(f"--{name}", type=int, default=getattr(defaults, name))
    add("--learning-rate", type=float, default=defaults.learning_rate)
    add("--augment", type=float, default=defaults.augment, help="0 is none, 1 the usual")


def chosen(
    parser: argparse.ArgumentParser, arguments: Sequence[str] | None, kind: type[Chosen]
) -> Chosen:
    """The arguments as options."""
    given = vars(parser.parse_args(arguments))
    for name in HEADER:
        given[name] = tuple(word.upper() for word in given[name])
    unknown = sorted(set(given["modality"]) - MODALITIES)
    if unknown:
        parser.error(
            f"--modality {' '.join(unknown)}: DICOM's own terms are wanted, such as CR DX CT MR"
        )
    for name, least in LEAST.items():
        if given[name] < least:
            parser.error(f"--{name.replace('_', '-')} must be at least {least}")
    try:
        re.compile(given["patients"])
    except re.error as error:
        parser.error(f"--patients is no pattern: {error}")
    given["run"] = given["run"] or Path("../training_runs") / given["out"].name
    return kind(**given)
