"""onnxruntime's static quantization of a shipped network, and how fast the outcome is.

QDQ, weights per channel, calibrated on training images. Weights keep 7 bits (reduce_range): 255 * 64 * 2 fits
into 16 bits, so that no CPU's instructions saturate and every machine adds up the same integers.
"""

import statistics
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
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

from models.training.common.artefact import Shipped
from models.training.common.gate import OUTPUT

CALIBRATION_IMAGES = 64
ROUNDS = 15


@dataclass(frozen=True)
class Way:
    """How to quantize, in words for the manifest; what stays in float32.

    stems : the first convolution of each branch. depthwise : convolutions of single channels
    member : of an ensemble, by the beginning of the names of its weights
    but : an output; all convolutions it is made of
    """

    words: str
    stems: bool = False
    depthwise: bool = False
    member: str = ""
    but: str = ""


EVERY = "all convolutions and products"
WAYS = (
    Way(EVERY),
    Way(f"{EVERY} but the first convolution of each branch", True),
    Way(
        f"{EVERY} but the first convolution of each branch and those of single channels", True, True
    ),
    Way(f"{EVERY} but those of the second network of an ensemble", member="members.1."),
)
KEEPING_GATE = (Way(f"{EVERY} but those the gate hangs on", but=OUTPUT),)
"""For a network whose gate does not hold in 8 bits."""


class Reader(CalibrationDataReader):
    """Calibration images one by one."""

    def __init__(self, images: Iterator[np.ndarray]) -> None:
        self._images = images

    def get_next(self) -> dict[str, np.ndarray] | None:
        image = next(self._images, None)
        return None if image is None else {"image": image}


def quantized(network: Path, images: Iterable[np.ndarray], way: Way, out: Path) -> Path:
    """The INT8 network of one way, which says who it is as the full one does. images: (1, 1, rows, columns)."""
    ready = out.with_suffix(".ready")
    quant_pre_process(network, ready, skip_symbolic_shape=True)
    prepared = _named(onnx.load(ready))
    onnx.save(prepared, ready)
    quantize_static(
        ready,
        out,
        Reader(iter(images)),
        quant_format=QuantFormat.QDQ,
        op_types_to_quantize=["Conv", "MatMul", "Gemm"],
        per_channel=True,
        reduce_range=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=_kept(prepared.graph, way),
        calibrate_method=CalibrationMethod.MinMax,
    )
    model = onnx.load(out)
    _share(model)
    _sign(model, onnx.load(network))
    onnx.save(model, out)
    return out


def _named(model: onnx.ModelProto) -> onnx.ModelProto:
    """With a name for every node, by which it can be kept."""
    for number, node in enumerate(model.graph.node):
        node.name = f"{node.op_type}_{number}"
    return model


def _kept(graph: onnx.GraphProto, way: Way) -> list[str]:
    """Names of the nodes that stay in float32."""
    convolutions = {node.name: node for node in graph.node if node.op_type == "Conv"}
    kept = _made_of(graph, way.but) if way.but else []
    for name, node in convolutions.items():
        reasons = (
            way.stems and _is_first(graph, node),
            way.depthwise and _groups(node) > 1,
            way.member and way.member in node.input[1],
        )
        if any(reasons):
            kept.append(name)
    return kept


def _is_first(graph: onnx.GraphProto, node: onnx.NodeProto) -> bool:
    upstream = {name for tensor in node.input for name in _made_of(graph, tensor)}
    return not any(one.op_type == "Conv" and one.name in upstream for one in graph.node)


def _groups(node: onnx.NodeProto) -> int:
    return next((one.i for one in node.attribute if one.name == "group"), 1)


def _made_of(graph: onnx.GraphProto, output: str) -> list[str]:
    """Names of the nodes that a tensor is computed by."""
    makers = {name: node for node in graph.node for name in node.output}
    found: dict[str, None] = {}
    waiting = [output]
    while waiting:
        node = makers.get(waiting.pop())
        if node is not None and node.name not in found:
            found[node.name] = None
            waiting += node.input
    return list(found)


def _share(model: onnx.ModelProto) -> None:
    """Weights that several convolutions share (mirrored inputs) are written once, not once for each."""
    first: dict[bytes, str] = {}
    same: dict[str, str] = {}
    for one in list(model.graph.initializer):
        content = onnx.TensorProto()
        content.CopyFrom(one)
        content.name = ""
        kept = first.setdefault(content.SerializeToString(deterministic=True), one.name)
        if kept != one.name:
            same[one.name] = kept
            model.graph.initializer.remove(one)
    for node in model.graph.node:
        node.input[:] = [same.get(name, name) for name in node.input]


def _sign(model: onnx.ModelProto, full: onnx.ModelProto) -> None:
    del model.metadata_props[:]
    onnx.helper.set_model_props(model, {one.key: one.value for one in full.metadata_props})
    model.producer_name, model.producer_version = full.producer_name, full.producer_version


def seconds(networks: Mapping[str, Path], image: np.ndarray, threads: int) -> dict[str, float]:
    """Median of runs in turn, so that a busy machine slows all alike."""
    sessions = {name: Shipped(path, outputs(path), threads) for name, path in networks.items()}
    times: dict[str, list[float]] = {name: [] for name in networks}
    for _round in range(ROUNDS):
        for name, session in sessions.items():
            start = time.perf_counter()
            session(image)
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(each) for name, each in times.items()}


def outputs(network: Path) -> list[str]:
    """Names of all outputs."""
    return [output.name for output in onnx.load(network).graph.output]


def instructions() -> str:
    """What the CPU has for 8-bit products, in words."""
    info = Path("/proc/cpuinfo")
    flags = info.read_text().split() if info.exists() else []
    known = {"avx512_vnni": "AVX512-VNNI", "avx_vnni": "AVX-VNNI", "avx2": "AVX2"}
    return next((words for flag, words in known.items() if flag in flags), "unknown instructions")
