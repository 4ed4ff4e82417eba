"""The package: network with exact maps, golden test, pictures of its figures, card and manifest; checked."""

import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch

from models.training.classify import words
from models.training.classify.data import DataSet
from models.training.classify.evaluate import Metrics
from models.training.classify.network import Classifier, Shipped
from models.training.classify.settings import OPSET, TOLERANCE, DataError, Options
from viewer.inference.importing.package import picture
from viewer.inference.model_store import check_package
from viewer.inference.preprocessing import preprocess

GOLDEN = "golden/made_picture.npz"
MAP_SHARES = (50.0, 99.5)
"""Percentiles of the validation maps that are shown as 0 and as 1."""


def map_range(network: Classifier, images: torch.Tensor, batch: int) -> list[float]:
    """Logits of a map shown as 0 and as 1, the same for every image."""
    with torch.inference_mode():
        maps = torch.cat([network(some) for some in images.split(batch)]).numpy()
    low, high = np.percentile(maps, MAP_SHARES)
    return [round(float(low), 3), round(max(float(high), float(low) + 0.1), 3)]


def export(
    network: Classifier,
    data: DataSet,
    options: Options,
    metrics: Metrics,
    limits: list[float],
    pictures: Sequence[Path],
) -> Path:
    """Fill `options.out`, which must not exist; raises DataError where the package fails its check."""
    out = options.out
    if out.exists():
        raise DataError(f"{out} exists already; choose another --out, or delete it.")
    (out / "golden").mkdir(parents=True)
    (out / "figures").mkdir()
    for one in pictures:
        shutil.copyfile(one, out / "figures" / one.name)
    about = words.about(options)
    maps_side = _write_network(network, out / "model.onnx", options, about)
    golden = _golden(out / "model.onnx", options)
    np.savez_compressed(out / GOLDEN, **golden)
    (out / "MODEL_CARD.md").write_text(words.card(data, options, metrics, about), encoding="utf-8")
    (out / "LICENSE").write_text(words.licence(options, about), encoding="utf-8")
    names = ["model.onnx", GOLDEN, "MODEL_CARD.md", "LICENSE"]
    names += [f"figures/{one.name}" for one in pictures]
    files = [_described(out, name) for name in names]
    manifest = words.manifest(data, options, metrics, about, limits, maps_side)
    text = json.dumps({**manifest, "files": files}, indent=2, ensure_ascii=False) + "\n"
    (out / "manifest.json").write_text(text, encoding="utf-8")
    problems = check_package(out)
    if problems:
        raise DataError(problems[0])
    return out


def _write_network(
    network: Classifier, path: Path, options: Options, about: dict[str, Any]
) -> tuple[int, int, int, int]:
    """Returns the shape of the maps; raises DataError where torch and onnxruntime differ."""
    shipped = Shipped(network).eval()
    example = torch.from_numpy(_made(options))
    torch.onnx.export(
        shipped,
        (example,),
        path,
        input_names=["image"],
        output_names=["scores", "cam"],
        opset_version=OPSET,
        external_data=False,
        verbose=False,
    )
    model = onnx.load(path)
    model.doc_string = model.graph.doc_string = ""
    for part in (*model.graph.node, *model.graph.value_info, *model.graph.initializer, model.graph):
        part.doc_string = ""
        del part.metadata_props[:]
    del model.metadata_props[:]
    identity = {"model_id": about["model_id"], "version": about["version"]}
    onnx.helper.set_model_props(model, identity)
    onnx.save(model, path)
    with torch.inference_mode():
        expected = shipped(example)
    found = _golden(path, options)
    for name, tensor in zip(("scores", "cam"), expected, strict=True):
        if np.abs(found[name] - tensor.numpy()).max() > TOLERANCE:
            raise DataError(f"The exported network gives other {name} than the trained one.")
    return tuple(expected[1].shape)


def _golden(path: Path, options: Options) -> dict[str, np.ndarray]:
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    image = _made(options)
    names = ["scores", "cam"]
    return {"image": image, **dict(zip(names, session.run(names, {"image": image}), strict=True))}


def _made(options: Options) -> np.ndarray:
    tensor = preprocess(picture(), monochrome1=False, operations=options.operations).tensor
    return tensor[None, None]


def _described(out: Path, name: str) -> dict[str, object]:
    content = (out / name).read_bytes()
    return {"path": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
