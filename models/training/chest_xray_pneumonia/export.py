"""The package: one graph, golden film, card and manifest; every figure taken from the run's metrics."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch

from models.training.chest_findings import data
from models.training.chest_xray_pneumonia import graph, settings, words
from models.training.chest_xray_pneumonia.features import INPUTS, ORGANS, example, film_tensor
from models.training.chest_xray_pneumonia.network import CHANNELS, Reader
from models.training.common import package
from models.training.common.artefact import Identity, Shipped, write
from models.training.heart_size import phantom
from viewer.inference.model_store import check_package
from viewer.inference.preprocessing import preprocess

OUTPUTS = ("scores", "cam", "distance")
IDENTITY = Identity(settings.MODEL_ID, settings.VERSION)


def model(run: Path) -> Path:
    """Write the graph of the findings that may be shipped; returns its path."""
    shipped = json.loads((run / "metrics.json").read_text())["shipped"]
    with np.load(run / "heads.npz") as heads, np.load(run / "features.npz") as seen:
        rows = [heads["labels"].tolist().index(name) for name in shipped]
        weights = heads["weights"][rows].reshape(len(rows), len(settings.REGIONS), CHANNELS)
        numbers = [weights, heads["biases"][rows], seen["usual"]]
    reader = Reader(*(torch.from_numpy(each.astype(np.float32)) for each in numbers))
    path = write(reader, example(), run / "reader.onnx", OUTPUTS[:2], IDENTITY, inputs=INPUTS)
    joined = graph.halved(graph.joined(graph.load(ORGANS), graph.load(path)))
    identity = {"model_id": IDENTITY.model_id, "version": IDENTITY.version}
    onnx.helper.set_model_props(joined, identity)
    joined.producer_name, joined.producer_version = "secondread", IDENTITY.version
    onnx.checker.check_model(joined, full_check=True)
    onnx.save(joined, run / "model.onnx")
    return run / "model.onnx"


def map_range(folder: Path, run: Path) -> list[float]:
    """Logits of a map shown as 0 and as 1, the same for every film: percentiles over every few films."""
    network = Shipped(run / "model.onnx", ["cam"])
    some = data.films(folder)[:: settings.MAP_EVERY]
    maps = np.stack([network(film_tensor(folder, film))[0][0] for film in some])
    low, high = np.percentile(maps, settings.MAP_SHARES)
    return [round(float(low), 2), round(float(high), 2)]


def export(folder: Path, run: Path, out: Path) -> None:
    """Fill the folder `out`; raises ValueError where the package fails its own check."""
    metrics = _read(run / "metrics.json")
    metrics["baseline"] = _read(run.parent / "chest_findings" / "metrics.json").get("labels", {})
    metrics["gate"] = _read(run / "gate.json")
    network = model(run)
    limits = map_range(folder, run)
    with np.load(run / "heads.npz") as heads:
        names = heads["labels"].tolist()
        metrics["thresholds"] = {
            point: {n: _score(heads[point][names.index(n)]) for n in metrics["shipped"]}
            for point in ("second_read", "screening")
        }
    golden = _golden(network)
    shape = list(golden["cam"].shape)
    manifest = words.manifest(metrics, limits, shape)
    package.fill(out, network, golden, words.card(metrics), manifest, words.WORDS)
    problems = check_package(out)
    if problems:
        raise ValueError(problems[0])


def _golden(network: Path) -> dict[str, np.ndarray]:
    image = preprocess(phantom.film(), monochrome1=False, operations=settings.OPERATIONS).tensor[
        None, None
    ]
    return {"image": image, **dict(zip(OUTPUTS, Shipped(network, OUTPUTS)(image), strict=True))}


def _score(logit: float) -> float:
    return round(float(1 / (1 + np.exp(-logit))), 4)


def _read(path: Path) -> dict[str, Any]:
    """Empty where there is none."""
    return json.loads(path.read_text()) if path.exists() else {}
