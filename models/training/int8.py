"""Would a static INT8 network do as well, and faster? Measured for each shipped package, on its test patients.

    python -m models.training.int8 --data ../shared/data [PACKAGE ...]

onnxruntime's static quantization (QDQ, per channel), calibrated on training images, is compared with the
shipped network by the recipe's own evaluation, and in time: the median of runs of both in turn, of
one input, on one and on two threads. Prints a line of the table for each package and way; a fall of
at most `MOST` and less time is what would be shipped.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import onnx
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process

from models.training.brain_mr_infarct.__main__ import RECIPE as INFARCT
from models.training.brain_mr_tumour.__main__ import RECIPE as TUMOUR
from models.training.chest_ct_nodule import data as nodule_data
from models.training.chest_ct_nodule import evaluate as nodule
from models.training.common import slice_measures
from models.training.common.artefact import Shipped
from models.training.common.figures import auroc, mean
from models.training.common.slice_recipe import Recipe
from models.training.heart_size import data as heart_data
from models.training.heart_size import evaluate as heart
from viewer.inference.preprocessing import preprocess

MOST = 0.005
"""Fall of AUROC or Dice that would be borne."""

CALIBRATION_IMAGES = 64
ROUNDS = 15
KEPT_FLOAT = 2
"""Convolutions next to the input and to each output that one of the ways leaves in float32."""


@dataclass(frozen=True)
class Case:
    """One package. calibration: tensors (1, 1, rows, columns) of training images; batch: as the viewer asks.

    figures : of a network's file, by name, on the data's test patients, each so-many-th image
    """

    calibration: Callable[[Path], Iterator[np.ndarray]]
    figures: Callable[[Path, Path, int], Mapping[str, float]]
    batch: int


class Reader(CalibrationDataReader):
    """Calibration images one by one."""

    def __init__(self, images: Iterator[np.ndarray]) -> None:
        self._images = images

    def get_next(self) -> dict[str, np.ndarray] | None:
        image = next(self._images, None)
        return None if image is None else {"image": image}


def _slices(recipe: Recipe, folder: str) -> Case:
    def tensors(data: Path) -> Iterator[np.ndarray]:
        every = list(recipe.native(data / folder, "training"))
        for one in every[:: max(1, len(every) // CALIBRATION_IMAGES)][:CALIBRATION_IMAGES]:
            yield preprocess(
                one.values,
                monochrome1=False,
                operations=recipe.operations,
                pixel_mm=recipe.pixel_mm,
            ).tensor[None, None]

    def figures(network: Path, data: Path, every: int) -> Mapping[str, float]:
        test = slice_measures.compare(
            Shipped(network, slice_measures.OUTPUTS),
            islice(recipe.native(data / folder, "test"), 0, None, every),
            recipe.operations,
            recipe.threshold,
            recipe.pixel_mm,
        )
        pairs = np.stack([test.overlap, test.sizes], axis=1)[test.present].astype(float)
        rows = np.stack([test.present, test.score], axis=1).astype(float)
        return {
            "mean Dice": slice_measures.mean_dice(pairs),
            "pooled Dice": slice_measures.pooled_dice(pairs),
            "slice AUROC": auroc(rows),
        }

    return Case(tensors, figures, 8)


def _films(data: Path) -> Iterator[np.ndarray]:
    films = heart_data.load(data / "chest_xray_heart", "training")
    yield from (film.tensor[None, None] for film in films[:CALIBRATION_IMAGES])


def _film_figures(network: Path, data: Path, every: int) -> Mapping[str, float]:
    films = heart_data.load(data / "chest_xray_heart", "test")[::every]
    asked = Shipped(network, ["probabilities"])
    each = np.array([heart.dice(asked(film.tensor[None, None])[0][0], film) for film in films])
    return {f"Dice {name}": mean(column) for name, column in zip(ORGANS, each.T, strict=True)}


ORGANS = ("heart", "right lung", "left lung")


def _patches(data: Path) -> Iterator[np.ndarray]:
    tensors = nodule.tensors(nodule_data.load(data / "chest_ct_nodule")["training"])
    chosen = np.random.default_rng(0).permutation(len(tensors))[:CALIBRATION_IMAGES]
    yield from (tensors[one][None] for one in chosen)


def _patch_figures(network: Path, data: Path, every: int) -> Mapping[str, float]:
    test = nodule_data.load(data / "chest_ct_nodule")["test"]
    scores = Shipped(network, ["scores"]).in_batches(nodule.tensors(test)[::every])[0][:, 0]
    return {"patch AUROC": auroc(np.stack([test.nodule[::every], scores], axis=1).astype(float))}


CASES = {
    "chest_xray_heart_size": Case(_films, _film_figures, 1),
    "chest_ct_nodule": Case(_patches, _patch_figures, 32),
    "brain_mr_tumour": _slices(TUMOUR, "brain_mr_tumour"),
    "brain_mr_infarct": _slices(INFARCT, "brain_mr_infarct"),
}

WAYS = {
    "MinMax": {"calibrate_method": CalibrationMethod.MinMax},
    "MinMax, ends in float32": {"calibrate_method": CalibrationMethod.MinMax, "ends": True},
}
"""Ways to calibrate, tried in this order."""


def quantized(network: Path, case: Case, data: Path, way: Mapping[str, object], out: Path) -> Path:
    """The INT8 network of one way: convolutions and products only, weights per channel."""
    ready = out.with_suffix(".ready.onnx")
    quant_pre_process(network, ready, skip_symbolic_shape=True)
    options = {key: value for key, value in way.items() if key != "ends"}
    quantize_static(
        ready,
        out,
        Reader(islice(case.calibration(data), CALIBRATION_IMAGES)),
        quant_format=QuantFormat.QDQ,
        op_types_to_quantize=["Conv", "MatMul", "Gemm"],
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=_ends(ready) if "ends" in way else [],
        **options,
    )
    return out


def _ends(network: Path) -> list[str]:
    names = [node.name for node in onnx.load(network).graph.node if node.op_type == "Conv"]
    return names[:KEPT_FLOAT] + names[-KEPT_FLOAT:]


def seconds(networks: Mapping[str, Path], image: np.ndarray, threads: int) -> dict[str, float]:
    """Median of runs in turn, so that a busy machine slows all alike."""
    sessions = {name: Shipped(path, _outputs(path), threads) for name, path in networks.items()}
    times: dict[str, list[float]] = {name: [] for name in networks}
    for _round in range(ROUNDS):
        for name, session in sessions.items():
            start = time.perf_counter()
            session(image)
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(each) for name, each in times.items()}


def _outputs(network: Path) -> list[str]:
    return [output.name for output in onnx.load(network).graph.output]


def measure(name: str, data: Path, folder: Path, every: int) -> None:
    """Print the rows of one package."""
    case, shipped = CASES[name], Path("models") / name / "model.onnx"
    networks = {"float32": shipped}
    for title, way in WAYS.items():
        networks[title] = quantized(shipped, case, data, way, folder / f"{len(networks)}.onnx")
    example = next(case.calibration(data))
    image = np.repeat(example, case.batch, axis=0)
    fast = {threads: seconds(networks, image, threads) for threads in (1, 2)}
    whole: Mapping[str, float] = {}
    for title, path in networks.items():
        found = case.figures(path, data, every)
        whole = whole or found
        fall = max(whole[key] - found[key] for key in found)
        told = ", ".join(f"{key} {value:.4f}" for key, value in found.items())
        times = " | ".join(f"{1000 * fast[threads][title]:.0f} ms" for threads in (1, 2))
        verdict = "yes" if fall <= MOST else "no"
        size = path.stat().st_size / 1e6
        print(
            f"| {name} | {title} | {told} | {fall:.4f} | {verdict} | {times} | {size:.1f} MB |",
            flush=True,
        )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m models.training.int8", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder shared/data")
    parser.add_argument("--every", type=int, default=1, help="only each so-many-th test image")
    parser.add_argument("packages", nargs="*", default=list(CASES), choices=list(CASES))
    asked = parser.parse_args()
    for name in asked.packages:
        with tempfile.TemporaryDirectory() as folder:
            measure(name, asked.data, Path(folder), asked.every)


if __name__ == "__main__":
    main()
