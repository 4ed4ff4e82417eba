"""Builds bare ONNX classifiers as torch and Keras export them: convolution, pooling, dense layer."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from viewer.inference.importing.package import write_package

NORMAL_AND_TWO = ("Normal", "Pneumonia", "Effusion")


def torch_like(
    *,
    labels: int = 3,
    channels: int = 3,
    end: str = "",
    shape: tuple[object, ...] | None = None,
    opset: int = 17,
    seed: int = 1,
) -> onnx.ModelProto:
    """`input` NCHW to `logits` or, with `end` (Sigmoid, Softmax), to `scores`."""
    random = np.random.default_rng(seed)
    weights = {
        "kernel": random.normal(0, 0.5, (4, channels, 3, 3)).astype(np.float32),
        "dense": random.normal(0, 2.0, (4, labels)).astype(np.float32),
        "bias": random.normal(0, 0.5, labels).astype(np.float32),
    }
    nodes = [
        helper.make_node("Conv", ["input", "kernel"], ["maps"], strides=[2, 2]),
        helper.make_node("Relu", ["maps"], ["positive"]),
        helper.make_node("GlobalAveragePool", ["positive"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["features"]),
        helper.make_node("Gemm", ["features", "dense", "bias"], ["logits"]),
    ]
    return built(nodes, weights, shape or (1, channels, 64, 64), labels, end, opset)


def keras_like(*, labels: int = 3, end: str = "Softmax", batch: object = "N") -> onnx.ModelProto:
    """`input` NHWC, 48 x 64 with three channels: what tf2onnx makes of a Keras model."""
    random = np.random.default_rng(2)
    weights = {
        "kernel": random.normal(0, 0.5, (4, 3, 3, 3)).astype(np.float32),
        "dense": random.normal(0, 0.01, (4, labels)).astype(np.float32),
        "bias": random.normal(0, 0.5, labels).astype(np.float32),
    }
    nodes = [
        helper.make_node("Transpose", ["input"], ["planes"], perm=[0, 3, 1, 2]),
        helper.make_node("Conv", ["planes", "kernel"], ["maps"], strides=[2, 2]),
        helper.make_node("Relu", ["maps"], ["positive"]),
        helper.make_node("GlobalAveragePool", ["positive"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["features"]),
        helper.make_node("Gemm", ["features", "dense", "bias"], ["logits"]),
    ]
    return built(nodes, weights, (batch, 48, 64, 3), labels, end, 17)


def built(
    nodes: list,
    weights: dict[str, np.ndarray],
    shape: tuple[object, ...],
    labels: int,
    end: str,
    opset: int,
) -> onnx.ModelProto:
    """One graph; with an `end`, its output is called scores and comes by way of Identity."""
    name = "logits"
    if end:
        name = "scores"
        nodes = [
            *nodes,
            helper.make_node(end, ["logits"], ["ended"]),
            helper.make_node("Identity", ["ended"], ["scores"]),
        ]
    graph = helper.make_graph(
        nodes,
        "bare_classifier",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, list(shape))],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [shape[0], labels])],
        [numpy_helper.from_array(value, key) for key, value in weights.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=9)


def answers(**more: object) -> dict[str, object]:
    """All that a torch-like network of three labels does not say."""
    return {
        "name": "Borrowed lungs",
        "labels": list(NORMAL_AND_TWO),
        "modality": ["CR", "DX"],
        "body_part": ["CHEST"],
        "view": [],
        "normalisation": "imagenet",
        "threshold": 0.5,
        "activation": "softmax",
        **more,
    }


def build_imported(folder: Path) -> Path:
    """A package imported from a torch-like network."""
    return write_package(torch_like().SerializeToString(), answers(), folder, "2026-11-22")
