"""Builds a tiny real classifier package: two findings, each the mean of grey values, with exact maps."""

import json
from pathlib import Path

import numpy as np
import onnx
from model_packages import SIDE, Change, declared, described, phantom
from onnx import TensorProto, helper, numpy_helper

GRID = 4
"""Rows and columns of the maps."""

GAIN, BIAS = (3.0, -2.0), (-1.0, 0.5)
"""Logit of a place: gain x grey + bias, for each finding."""

KEYS = ("brightness", "darkness")


def build_classifier(folder: Path, change: Change = lambda manifest: None) -> Path:
    """Write a package that passes all checks, unless `change` (of the manifest) breaks it."""
    (folder / "golden").mkdir(parents=True)
    manifest = declared_classifier()
    change(manifest)
    metadata = {"model_id": manifest["model_id"], "version": manifest["version"]}
    onnx.save(grey_network(metadata), folder / "model.onnx")
    (folder / "MODEL_CARD.md").write_text("A phantom reader for tests.\n", encoding="utf-8")
    (folder / "LICENSE").write_text("MIT\n", encoding="utf-8")
    image = phantom(SIDE, SIDE)[None, None]
    np.savez(folder / "golden" / "phantom.npz", image=image, **expected(image))
    names = ("model.onnx", "golden/phantom.npz", "MODEL_CARD.md", "LICENSE")
    manifest.setdefault("files", [described(folder, name) for name in names])
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def grey_network(metadata: dict[str, str]) -> onnx.ModelProto:
    """`image` to `cam` (1, 2, GRID, GRID), logits, and `scores` (1, 2), the sigmoid of their mean."""
    step = SIDE // GRID
    constants = {"gain": np.array(GAIN, np.float32).reshape(1, 2, 1, 1)}
    constants["bias"] = np.array(BIAS, np.float32).reshape(1, 2, 1, 1)
    nodes = [
        helper.make_node(
            "AveragePool", ["image"], ["grey"], kernel_shape=[step, step], strides=[step, step]
        ),
        helper.make_node("Mul", ["grey", "gain"], ["steep"]),
        helper.make_node("Add", ["steep", "bias"], ["cam"]),
        helper.make_node("GlobalAveragePool", ["cam"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["logits"]),
        helper.make_node("Sigmoid", ["logits"], ["scores"]),
    ]
    shapes = {"image": [1, 1, SIDE, SIDE], "scores": [1, 2], "cam": [1, 2, GRID, GRID]}
    values = [
        helper.make_tensor_value_info(n, TensorProto.FLOAT, shape) for n, shape in shapes.items()
    ]
    weights = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "grey_reader", values[:1], values[1:], weights)
    built = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    helper.set_model_props(built, metadata)
    return built


def expected(image: np.ndarray) -> dict[str, np.ndarray]:
    """Maps and scores by numpy."""
    step = SIDE // GRID
    grey = image.reshape(GRID, step, GRID, step).mean(axis=(1, 3))
    cam = np.stack([gain * grey + bias for gain, bias in zip(GAIN, BIAS, strict=True)])[None]
    scores = 1 / (1 + np.exp(-cam.mean(axis=(2, 3))))
    return {"cam": cam.astype(np.float32), "scores": scores.astype(np.float32)}


def declared_classifier() -> dict:
    """The manifest, without `files`."""
    whole = {"value": "80891009", "scheme": "SCT", "meaning": "Heart"}
    labels = [
        {"index": i, "key": key, "display": {"en": key.title()}, "code": whole}
        for i, key in enumerate(KEYS)
    ]
    findings = [
        {
            **{k: v for k, v in label.items() if k != "index"},
            "score": {"name": "Score", "unit": "1"},
        }
        for label in labels
    ]
    outputs = [
        {"tensor": "scores", "type": "probabilities", "layout": "NC", "shape": [1, 2]},
        {"tensor": "cam", "type": "activations", "layout": "NCHW", "shape": [1, 2, GRID, GRID]},
    ]
    return {
        **declared(),
        "model_id": "org.secondread.phantom_classifier",
        "name": "Brightness of a phantom",
        "task": {"kind": "classification", "parameters": {"map_range": [-1.0, 2.0]}},
        "outputs": outputs,
        "labels": labels,
        "findings": findings,
        "operating_points": [
            {"name": "second_read", "default": True, "thresholds": dict.fromkeys(KEYS, 0.5)}
        ],
        "explanation": {
            "method": "class_activation",
            "output": "cam",
            "labels": list(KEYS),
            "name": "Class activation map",
            "note": "Shows influence, not a lesion outline.",
        },
    }
