"""What the packages differ in: calibration images, figures on unseen patients, the test of the gate."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from models.training.brain_mr_infarct.__main__ import RECIPE as INFARCT
from models.training.brain_mr_tumour.__main__ import RECIPE as TUMOUR
from models.training.chest_ct_nodule import data as nodule_data
from models.training.chest_ct_nodule import evaluate as nodule
from models.training.chest_ct_nodule import gate_measure as nodule_gate
from models.training.chest_ct_nodule.words import GATE_SOURCES
from models.training.common import (
    figures,
    gate_series,
    gate_words,
    slice_gate_measure,
    slice_measures,
)
from models.training.common.artefact import Shipped
from models.training.common.slice_recipe import Recipe
from models.training.heart_size import (
    data as heart_data,
)
from models.training.heart_size import (
    evaluate as heart,
)
from models.training.heart_size import (
    gate_fresh,
    gate_measure,
    gate_pictures,
)
from models.training.heart_size import (
    gate_words as heart_words,
)
from models.training.heart_size.artefact import Network
from models.training.int8.quantize import CALIBRATION_IMAGES
from viewer.inference.ctr_geometry import Limits
from viewer.inference.manifest import Manifest
from viewer.inference.model_store import load_package
from viewer.inference.preprocessing import preprocess

Json = dict[str, Any]
Rates = Mapping[str, Json]
"""sensitivity and specificity, as figures.rates gives them."""

DEFAULT, SCREENING = "second_read", "screening"


@dataclass(frozen=True)
class Found:
    """A network's figures, by metric; and its rates, by operating point, of the package's one finding."""

    figures: Mapping[str, Json]
    points: Mapping[str, Rates]

    @property
    def compared(self) -> dict[str, Json]:
        """All that may not fall: the figures, and the rates at the default point."""
        rates = {f"{key} at {DEFAULT}": one for key, one in self.points[DEFAULT].items()}
        return {**self.figures, **rates}


@dataclass(frozen=True)
class Gate:
    """The gate's test. native: sources of unseen images of the kind that is read. sources: in words."""

    passed: Json
    refused: Json
    native: Sequence[str]
    sources: Mapping[str, str]

    @property
    def least_passed(self) -> float:
        """Of the native sources."""
        return min(float(self.passed[name]["value"]) for name in self.native)

    @property
    def sentences(self) -> list[str]:
        """For the manifest."""
        return list(
            gate_words.sentences({"passed": self.passed, "refused": self.refused}, self.sources)
        )


@dataclass(frozen=True)
class Asked:
    """Where things are. shared: folder of the data sets. work: to write to. others: DICOM files of other parts."""

    shared: Path
    work: Path
    others: Sequence[Path] = field(default=())


@dataclass(frozen=True)
class Case:
    """One package. calibration: tensors (1, 1, rows, columns) of training images; batch: as the viewer asks.

    figures : of a network's file, by the package's manifest, on the patients of a part of the data
    gate : of a package's folder, by the viewer's own path
    """

    calibration: Callable[[Path], Iterator[np.ndarray]]
    figures: Callable[[Path, Manifest, Path, str], Found]
    gate: Callable[[Path, Asked], Gate]
    batch: int
    data: str


def _thresholds(manifest: Manifest) -> dict[str, float]:
    return {
        point.name: next(iter(point.thresholds.values())) for point in manifest.operating_points
    }


def _slices(recipe: Recipe, folder: str, data: str) -> Case:
    def tensors(shared: Path) -> Iterator[np.ndarray]:
        every = list(recipe.native(shared / folder, "training"))
        for one in every[:: max(1, len(every) // CALIBRATION_IMAGES)][:CALIBRATION_IMAGES]:
            yield preprocess(
                one.values,
                monochrome1=False,
                operations=recipe.operations,
                pixel_mm=recipe.pixel_mm,
            ).tensor[None, None]

    def found(network: Path, manifest: Manifest, shared: Path, part: str) -> Found:
        compared = slice_measures.compare(
            Shipped(network, slice_measures.OUTPUTS),
            recipe.native(shared / folder, part),
            recipe.operations,
            recipe.threshold,
            recipe.pixel_mm,
        )
        measured: Json = slice_measures.measured(compared, _thresholds(manifest))
        names = ("mean Dice", "pooled Dice", "slice AUROC")
        return Found({name: measured[name] for name in names}, measured["points"])

    def gate(package: Path, asked: Asked) -> Gate:
        measure, place = slice_gate_measure.MEASURES[folder], asked.shared / folder
        series = (
            slice_gate_measure.good(measure, place),
            slice_gate_measure.bad(measure, place, None),
        )
        told: Json = gate_series.measured(
            load_package(package), *series, asked.work / f"{package.name}.json"
        )
        words = {"series": "unseen patients as series", "slices": "unseen slices by themselves"}
        return Gate(told["passed"], told["refused"], list(told["passed"]), words)

    return Case(tensors, found, gate, 8, data)


def _films(shared: Path) -> Iterator[np.ndarray]:
    films = heart_data.load(shared / "chest_xray_heart", "training")
    yield from (film.tensor[None, None] for film in films[:CALIBRATION_IMAGES])


def _film_figures(network: Path, manifest: Manifest, shared: Path, part: str) -> Found:
    films = heart_data.load(shared / "chest_xray_heart", part)
    limits = Limits.from_parameters(manifest.task.parameters)
    told: Json = heart.measured(Network(network), films, limits)
    names = [f"{organ} Dice" for organ in ("heart", "right_lung", "left_lung")]
    default = {key: told[key] for key in ("sensitivity", "specificity")}
    kept = {name.replace("_", " "): told[name] for name in names}
    return Found(
        {**kept, "AUROC of the ratio": told["AUROC"]},
        {DEFAULT: default, SCREENING: told["screening"]},
    )


def _film_gate(package: Path, asked: Asked) -> Gate:
    """On the pictures of both earlier tests."""
    seen, fresh = asked.work / "gate_pictures", asked.work / "gate_fresh"
    if not seen.exists():
        gate_pictures.write(asked.shared, seen)
        gate_measure.from_dicom(asked.shared, asked.others, seen / "refuse")
        gate_fresh.write(asked.shared, fresh)
    first: Json = gate_measure.measured(package, seen, asked.work / f"{package.name}.json")
    second: Json = gate_measure.measured(package, fresh, asked.work / f"{package.name}.fresh.json")
    others = {f"{kind}, others": one for kind, one in second["refused"].items()}
    return Gate(
        {**first["passed"], **second["passed"]},
        {**first["refused"], **others},
        ("heart", "nih", "validation"),
        {**heart_words.SOURCES, **heart_words.FRESH_SOURCES},
    )


def _patches(shared: Path) -> Iterator[np.ndarray]:
    tensors = nodule.tensors(nodule_data.load(shared / "chest_ct_nodule")["training"])
    chosen = np.random.default_rng(0).permutation(len(tensors))[:CALIBRATION_IMAGES]
    yield from (tensors[one][None] for one in chosen)


def _patch_figures(network: Path, manifest: Manifest, shared: Path, part: str) -> Found:
    patches = nodule_data.load(shared / "chest_ct_nodule")[part]
    scores = Shipped(network, ["scores"]).in_batches(nodule.tensors(patches))[0][:, 0]
    scans = patches.scans.tolist()
    rows = np.stack([patches.nodule, scores], axis=1).astype(float)
    return Found(
        {"patch AUROC": figures.bootstrapped(figures.auroc, rows, scans)},
        {
            name: figures.rates(patches.nodule, scores > limit, scans)
            for name, limit in _thresholds(manifest).items()
        },
    )


def _patch_gate(package: Path, asked: Asked) -> Gate:
    dicom = asked.shared / "dicom"
    series = nodule_gate.good(dicom), nodule_gate.bad(dicom, None, asked.shared)
    told: Json = gate_series.measured(
        load_package(package), *series, asked.work / f"{package.name}.json"
    )
    patches = nodule_gate.patches_passed(package, asked.shared / "chest_ct_nodule")
    passed = {**told["passed"], "patches": patches}
    return Gate(passed, told["refused"], list(passed), GATE_SOURCES)


CASES = {
    "chest_xray_heart_size": Case(
        _films, _film_figures, _film_gate, 1, "test films of the training source"
    ),
    "chest_ct_nodule": Case(
        _patches, _patch_figures, _patch_gate, 32, "test patches of the training source"
    ),
    "brain_mr_tumour": _slices(TUMOUR, "brain_mr_tumour", "test slices of the training source"),
    "brain_mr_infarct": _slices(INFARCT, "brain_mr_infarct", "test slices of the training source"),
}
