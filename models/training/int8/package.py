"""The INT8 network as a variant in a package's manifest; or taken out of it again."""

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from models.training.common.package import described, point_performance
from models.training.int8.cases import Found, Gate

Json = dict[str, Any]
NAME = "int8"
NETWORK = "model.int8.onnx"
GOLDEN = "golden/phantom.int8.npz"
MANIFEST = "manifest.json"

DECIMALS = 4
"""Of figures, and of golden outputs: the file stays small, and the tolerance is ten times that at least."""

LEAST_TOLERANCE, MOST_TOLERANCE = 0.005, 0.2
"""Of golden outputs; of a map the worst pixel, at an edge, decides."""

MARGIN = 2.0
"""The tolerance beside the difference that two ways to run the same graph show."""

SCORE_TOLERANCE = 0.01
"""Largest difference of a score between machines: of a ratio of diameters, a pixel of 256 and a little more."""


@dataclass(frozen=True)
class Measured:
    """What is known of an INT8 network. full, found: the two networks on the same patients."""

    network: Path
    made_from: str
    method: str
    time: str
    full: Found
    found: Found
    gate: Gate | None
    data: str

    @property
    def falls(self) -> dict[str, float]:
        """By figure, as the manifest will have them."""
        return {one["metric"]: one["full"] - one["value"] for one in self.performance()}

    def performance(self) -> list[Json]:
        """Entries of the variant's `performance`."""
        return list(_beside(self.full.compared, self.found.compared, self.data))


def _beside(full: Mapping[str, Json], found: Mapping[str, Json], data: str) -> Iterator[Json]:
    for metric, one in full.items():
        values = (round(float(each["value"]), DECIMALS) for each in (one, found[metric]))
        yield {"data": data, "n": one["n"], "metric": metric} | dict(
            zip(("full", "value"), values, strict=True)
        )


def without(folder: Path) -> None:
    """Take an INT8 variant out of a package, its files and all; nothing where there is none."""
    manifest = _read(folder)
    manifest.pop("variants", None)
    manifest["files"] = [one for one in manifest["files"] if one["path"] not in (NETWORK, GOLDEN)]
    for name in (NETWORK, GOLDEN):
        (folder / name).unlink(missing_ok=True)
    _write(folder, manifest)


def add(folder: Path, measured: Measured) -> None:
    """Put network, golden outputs and figures into the package; it must hold no variant yet."""
    manifest = _read(folder)
    shutil.copyfile(measured.network, folder / NETWORK)
    tolerance = write_golden(folder, manifest)
    manifest["files"] += [described(folder, name) for name in (NETWORK, GOLDEN)]
    manifest["variants"] = {NAME: _variant(manifest, measured, tolerance)}
    _write(folder, manifest)


def stand_in(folder: Path, network: Path, out: Path) -> Path:
    """A package like the one in `folder`, whose full network is `network`: for the gate's own test."""
    shutil.copytree(folder, out)
    without(out)
    manifest = _read(out)
    shutil.copyfile(network, out / "model.onnx")
    manifest["files"] = [described(out, one["path"]) for one in manifest["files"]]
    _write(out, manifest)
    return out


def _variant(manifest: Json, measured: Measured, tolerance: float) -> Json:
    (finding,) = manifest["findings"]
    unit = manifest["operating_points"][0].get("performance", {}).get("unit", "")
    made = {
        "file": NETWORK,
        "made_from": measured.made_from,
        "method": measured.method,
        "time": measured.time,
        "tolerance": SCORE_TOLERANCE,
        "golden": [{"file": GOLDEN, "tolerance": tolerance}],
        "performance": measured.performance(),
        "points": {
            name: {finding["key"]: point_performance(rates, measured.data, unit)}
            for name, rates in measured.found.points.items()
        },
    }
    if measured.gate is None:
        return made
    gate = {
        "passed": round(measured.gate.least_passed, DECIMALS),
        "measured": measured.gate.sentences,
    }
    return {**made, "gate": gate}


def write_golden(folder: Path, manifest: Json) -> float:
    """The package's golden input with what the INT8 network makes of it; the tolerance that it needs.

    The graph is run with onnxruntime's 8-bit kernels and, step by step, as it is written: machines that
    round otherwise differ in like manner.
    """
    source = folder / manifest["golden"][0]["file"]
    with np.load(source, allow_pickle=False) as archive:
        image = archive[manifest["input"]["tensor"]]
    names = [one["tensor"] for one in manifest["outputs"]]
    feeds = {
        manifest["input"]["tensor"]: image.reshape(manifest["input"]["shape"]).astype(np.float32)
    }
    level = onnxruntime.GraphOptimizationLevel
    fast, plain = (
        _run(folder / NETWORK, feeds, names, one)
        for one in (level.ORT_ENABLE_ALL, level.ORT_DISABLE_ALL)
    )
    stored = {name: one.round(DECIMALS) for name, one in zip(names, fast, strict=True)}
    np.savez_compressed(folder / GOLDEN, **feeds, **stored)
    apart = max(float(np.abs(a - b).max()) for a, b in zip(fast, plain, strict=True))
    return min(max(round(MARGIN * apart, 3), LEAST_TOLERANCE), MOST_TOLERANCE)


def _run(
    network: Path,
    feeds: Mapping[str, np.ndarray],
    names: list[str],
    level: onnxruntime.GraphOptimizationLevel,
) -> list[np.ndarray]:
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = level
    session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
    found: list[np.ndarray] = session.run(names, dict(feeds))
    return found


def _read(folder: Path) -> Json:
    found: Json = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return found


def _write(folder: Path, manifest: Json) -> None:
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
