"""The gates of both models of brain MR measured on series made of unseen patients and of other images.

python -m models.training.common.slice_gate_measure brain_mr_tumour --shared ../shared/data
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.training.brain_mr_infarct import data as infarct
from models.training.brain_mr_tumour import data as tumour
from models.training.common import gate_images, slice_gate
from models.training.common.gate_images import Grey, grey
from models.training.common.gate_series import Made, measured
from models.training.common.slice_measures import Native
from viewer.inference.model_store import load_package

SEED = 11
MOST = 3
"""Slices of a patient in a series that must be refused; evenly spread over the patient's."""

EACH = 5
"""Of single test slices, every fifth is also stored wrongly."""

OTHERS = {"CT crop": slice_gate.CT_CROPS, "film of the chest": slice_gate.CHEST_FILMS}
PER_KIND = 40


@dataclass(frozen=True)
class Measure:
    """What differs between the two. other, pattern: what the other one reads, and where it is."""

    native: Callable[[Path, str], Iterator[Native]]
    pixel_mm: float
    other: str
    pattern: str


MEASURES = {
    "brain_mr_tumour": Measure(
        tumour.native_part, 0.9, "skull-stripped brain", slice_gate.STRIPPED
    ),
    "brain_mr_infarct": Measure(infarct.native, 1.0, "whole head", slice_gate.HEADS),
}


def good(measure: Measure, folder: Path) -> Iterator[Made]:
    """Test patients as series, and each of their slices by itself."""
    by_patient: dict[str, list[Grey]] = {}
    for one in measure.native(folder, "test"):
        by_patient.setdefault(one.patient, []).append(one.values)
    if max(map(len, by_patient.values())) > 1:
        for patient, slices in by_patient.items():
            yield Made("series", patient, slices, measure.pixel_mm)
    for patient, slices in by_patient.items():
        for values in slices:
            yield Made("slices", patient, [values], measure.pixel_mm)


def bad(measure: Measure, folder: Path, more: Path | None) -> Iterator[Made]:
    """The same patients stored wrongly or as another sequence, other images, and pictures of `more`
    (a folder for each kind)."""
    random = np.random.default_rng(SEED)
    for kind, patient, slices in _wrong(measure, folder, random):
        yield Made(kind, patient, slices, measure.pixel_mm)
    images = [(measure.other, i) for i in slice_gate.test_half(folder.parent, measure.pattern, 60)]
    for kind, pattern in OTHERS.items():
        images += [(kind, i) for i in slice_gate.test_half(folder.parent, pattern, PER_KIND)]
    images += [*gate_images.photographs("test"), *gate_images.made_up("test", random)]
    images.append(("blank", np.full((256, 256), 7.0, np.float32)))
    for number, (kind, image) in enumerate(images):
        yield Made(kind, str(number), [image], measure.pixel_mm)
    for path in sorted(more.glob("*/*.png")) if more else ():
        yield Made(path.parent.name, path.stem, [grey(path)], measure.pixel_mm)


def _wrong(
    measure: Measure, folder: Path, random: np.random.Generator
) -> Iterator[tuple[str, str, list[Grey]]]:
    by_patient: dict[str, list[Grey]] = {}
    for one in measure.native(folder, "test"):
        by_patient.setdefault(one.patient, []).append(one.values)
    single = max(map(len, by_patient.values())) == 1
    for patient in list(by_patient)[:: EACH if single else 1]:
        slices = by_patient[patient]
        few = slices[:: -(-len(slices) // MOST)]
        for name, turn in gate_images.TURNS.items():
            yield name, patient, [np.ascontiguousarray(turn(one)) for one in few]
        for name in slice_gate.CONTRASTS:
            yield (
                f"{name}, made from FLAIR",
                patient,
                [slice_gate.as_contrast(one, name, random) for one in few],
            )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.training.common.slice_gate_measure")
    parser.add_argument("name", choices=tuple(MEASURES))
    parser.add_argument("--shared", type=Path, required=True, help="folder with the data sets")
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--package", type=Path)
    parser.add_argument("--more", type=Path, help="folders of further images, named by their kind")
    asked = parser.parse_args()
    measure, folder = MEASURES[asked.name], asked.shared / asked.name
    package = load_package(asked.package or Path("models") / asked.name)
    images = good(measure, folder), bad(measure, folder, asked.more)
    measured(package, *images, asked.run / "gate.json")


if __name__ == "__main__":
    main()
