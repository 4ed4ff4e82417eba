"""The phantom package with an INT8 variant: the same graph behind a real 8-bit quantization of its input."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
from model_packages import SIDE, Change, band_network, build_package, described, expected, phantom
from numpy.typing import NDArray
from onnx import helper, numpy_helper

STEP = 1 / 31
"""Of the quantized input, coarse on purpose: the two networks must be told apart by their outputs."""

NETWORK, GOLDEN = "model.int8.onnx", "golden/phantom.int8.npz"
FINDING = "enlarged_cardiac_silhouette"


def build_with_int8(
    folder: Path,
    change: Change = lambda variant: None,
    package: Change = lambda manifest: None,
    network: Callable[[dict[str, str]], onnx.ModelProto] | None = None,
) -> Path:
    """A package that passes all checks, unless `change` (of the variant's block) breaks it."""
    build_package(folder, package)
    manifest = json.loads((folder / "manifest.json").read_text())
    metadata = {"model_id": manifest["model_id"], "version": manifest["version"]}
    onnx.save((network or quantized_network)(metadata), folder / NETWORK)
    image = phantom(SIDE, SIDE)[None, None]
    np.savez(folder / GOLDEN, image=image, probabilities=expected(_rounded(image)))
    manifest["files"] += [described(folder, name) for name in (NETWORK, GOLDEN)]
    variant = declared_variant(manifest["files"][0]["sha256"])
    change(variant)
    manifest["variants"] = {"int8": variant}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def declared_variant(made_from: str) -> dict:
    """The block of the manifest."""
    return {
        "file": NETWORK,
        "made_from": made_from,
        "method": "rounded on purpose",
        "time": "as fast as the full one",
        "tolerance": 0.01,
        "golden": [{"file": GOLDEN, "tolerance": 0.001}],
        "performance": [
            {"data": "tests", "n": 10, "metric": "heart Dice", "full": 0.95, "value": 0.945}
        ],
        "points": {
            "second_read": {
                FINDING: {
                    "sensitivity": [0.91, 0.80, 0.99],
                    "specificity": [0.81, 0.70, 0.90],
                    "n": 10,
                    "data": "tests",
                }
            }
        },
    }


def quantized_network(metadata: dict[str, str]) -> onnx.ModelProto:
    """`band_network` behind QuantizeLinear and DequantizeLinear."""
    built = band_network(metadata)
    for node in built.graph.node:
        node.input[:] = ["seen" if name == "image" else name for name in node.input]
    constants = {"step": np.float32(STEP), "nothing": np.uint8(0)}
    built.graph.initializer.extend(
        numpy_helper.from_array(np.asarray(v), k) for k, v in constants.items()
    )
    first = [
        helper.make_node("QuantizeLinear", ["image", "step", "nothing"], ["eighth"]),
        helper.make_node("DequantizeLinear", ["eighth", "step", "nothing"], ["seen"]),
    ]
    nodes = [*first, *built.graph.node]
    del built.graph.node[:]
    built.graph.node.extend(nodes)
    return built


def _rounded(image: NDArray) -> NDArray:
    return (np.round(image / np.float32(STEP)) * np.float32(STEP)).astype(np.float32)
