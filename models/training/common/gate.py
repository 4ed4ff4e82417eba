"""The gate: one more output of a trained graph, how far an input lies from those it was made for.

Two distances on features of the network, averaged over a grid so that places count where they
matter, and the larger of them is the output; 1 is the limit, an ordinary image lies near 0.5 or below:

- how far from the cloud of good images: Mahalanobis in its main directions, and what is left over
  (Lee et al., NeurIPS 2018, with one class; Hoffmann, Pattern Recognition 2007). It needs no example
  of what is wrong;
- where there are examples, a linear head that learned good images against wrong ones; an image that
  is only turned may lie well within the cloud, the head tells it.

Weights of the trained network are read, never changed.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression

from models.training.common.artefact import Identity

FLOOR = 0.05
"""Least spread of a feature, as share of the mean spread: what never varies must not rule."""

HEAD_C = 1e-3
"""Inverse strength of the head's regularisation."""

HEAD_KEPT, CLOUD_KEPT = 0.99, 0.998
"""Share of the good images, also stored otherwise, that each distance lets through when fitted."""

OUTPUT = "distance"
SEED = 7


@dataclass(frozen=True)
class Tap:
    """Where in a graph the gate looks, and how finely.

    tensor : features (n, channels, rows, columns)
    pooled : rows and columns of them averaged into one
    directions : kept of the cloud of good images
    """

    tensor: str
    pooled: tuple[int, int]
    directions: int = 48


@dataclass(frozen=True)
class Gate:
    """All numbers of the gate, float32; rows of `directions` are orthonormal."""

    mean: np.ndarray
    spread: np.ndarray
    directions: np.ndarray
    whiten: np.ndarray
    within: float
    beside: float
    head: np.ndarray
    offset: float


def fit(good: np.ndarray, bad: np.ndarray | None, directions: int) -> Gate:
    """From features of good and of wrong images, each (n, features); without wrong ones, no head."""
    mean, spread = good.mean(axis=0), good.std(axis=0)
    spread = spread + FLOOR * spread.mean()
    inside = (good - mean) / spread
    cloud = PCA(directions, random_state=SEED).fit(inside)
    projected = inside @ cloud.components_.T
    whiten = 1 / np.sqrt(cloud.explained_variance_)
    left = np.sqrt(((inside**2).sum(1) - (projected**2).sum(1)).clip(0))
    within = np.sqrt(((projected * whiten) ** 2).sum(1))
    head, offset = (np.zeros(good.shape[1]), 0.0)
    if bad is not None:
        head, offset = _head(inside, (bad - mean) / spread)
    return Gate(
        mean,
        spread,
        cloud.components_,
        whiten,
        float(np.quantile(within, CLOUD_KEPT)),
        float(np.quantile(left, CLOUD_KEPT)),
        head,
        offset,
    )


def _head(inside: np.ndarray, outside: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights and offset; the median of the good lies at 0.5, HEAD_KEPT of them at 1 or below."""
    learner = LogisticRegression(C=HEAD_C, max_iter=2000, class_weight="balanced")
    learner.fit(np.concatenate([inside, outside]), np.repeat([0, 1], [len(inside), len(outside)]))
    scores = learner.decision_function(inside)
    middle, limit = np.median(scores), np.quantile(scores, HEAD_KEPT)
    scale = 0.5 / (limit - middle)
    return learner.coef_[0] * scale, float((learner.intercept_[0] - limit) * scale + 1.0)


def distances(gate: Gate, features: np.ndarray) -> np.ndarray:
    """(n, features) to (n): what the graph's output will say."""
    inside = (features - gate.mean) / gate.spread
    projected = inside @ gate.directions.T
    left = np.sqrt(((inside**2).sum(1) - (projected**2).sum(1)).clip(0)) / gate.beside
    within = np.sqrt(((projected * gate.whiten) ** 2).sum(1)) / gate.within
    return np.max([left, within, inside @ gate.head + gate.offset], axis=0)


class Features:
    """The averaged features of inputs that are prepared as the viewer prepares them."""

    def __init__(self, model: Path, tap: Tap) -> None:
        graph = onnx.load(model)
        del graph.graph.output[:]
        graph.graph.output.append(helper.make_empty_tensor_value_info(tap.tensor))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._tap = tap
        self._session = onnxruntime.InferenceSession(
            graph.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )

    def __call__(self, batch: np.ndarray, most: int = 16) -> np.ndarray:
        """(n, 1, rows, columns) float32 to (n, features); most: rows that the graph takes at once.

        What is left over at the end of the map is left out, as the graph's own pooling leaves it out.
        """
        parts = (batch[first : first + most] for first in range(0, len(batch), most))
        return np.concatenate([self._averaged(part) for part in parts])

    def _averaged(self, part: np.ndarray) -> np.ndarray:
        (found,) = self._session.run([self._tap.tensor], {"image": part})
        count, channels, rows, columns = found.shape
        down, across = self._tap.pooled
        cells = (count, channels, rows // down, down, columns // across, across)
        found = found[:, :, : rows // down * down, : columns // across * across]
        return found.reshape(cells).mean((3, 5)).reshape(count, -1)


def attached(model: onnx.ModelProto, gate: Gate, tap: Tap, identity: Identity) -> onnx.ModelProto:
    """The same graph with the output `distance` (rows, 1) beside those it has."""
    graph = model.graph
    for name, value in _constants(gate).items():
        graph.initializer.append(numpy_helper.from_array(np.asarray(value, np.float32), name))
    graph.initializer.append(numpy_helper.from_array(np.array([1], np.int64), "gate_axis"))
    graph.node.extend(_nodes(tap))
    rows = graph.input[0].type.tensor_type.shape.dim[0]
    shape = [rows.dim_param or rows.dim_value, 1]
    graph.output.append(helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, shape))
    said = {"model_id": identity.model_id, "version": identity.version}
    helper.set_model_props(model, said)
    model.producer_version = identity.version
    onnx.checker.check_model(model, full_check=True)
    return model


def add(trained: Path, gate: Gate, tap: Tap, identity: Identity, destination: Path) -> Path:
    """Write the trained file with the gate; the old outputs stay as they are."""
    onnx.save(attached(onnx.load(trained), gate, tap, identity), destination)
    return destination


def largest_change(trained: Path, gated: Path, batch: np.ndarray) -> float:
    """Of any output that both files have, on the same input: must be nothing but rounding."""
    before, after = (
        onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        for path in (trained, gated)
    )
    names = [output.name for output in before.get_outputs()]
    pairs = zip(
        before.run(names, {"image": batch}), after.run(names, {"image": batch}), strict=True
    )
    return max(float(np.abs(one - other).max()) for one, other in pairs)


def _constants(gate: Gate) -> dict[str, np.ndarray]:
    """The smallest weights that say it: spread and scales are multiplied in beforehand."""
    return {
        "gate_mean": gate.mean[None],
        "gate_scale": 1 / gate.spread[None],
        "gate_directions": gate.directions.T,
        "gate_within": gate.whiten[None] / gate.within,
        "gate_beside": np.array([[1 / gate.beside]]),
        "gate_head": gate.head[:, None],
        "gate_offset": np.array([[gate.offset]]),
        "gate_zero": np.zeros((1, 1)),
    }


def _nodes(tap: Tap) -> list[onnx.NodeProto]:
    pool = {"kernel_shape": list(tap.pooled), "strides": list(tap.pooled)}
    keep = {"keepdims": 1}
    node = helper.make_node
    return [
        node("AveragePool", [tap.tensor], ["gate_pooled"], **pool),
        node("Flatten", ["gate_pooled"], ["gate_flat"]),
        node("Sub", ["gate_flat", "gate_mean"], ["gate_centred"]),
        node("Mul", ["gate_centred", "gate_scale"], ["gate_scaled"]),
        node("MatMul", ["gate_scaled", "gate_directions"], ["gate_projected"]),
        node("Mul", ["gate_projected", "gate_within"], ["gate_whitened"]),
        node("ReduceL2", ["gate_whitened", "gate_axis"], ["gate_cloud"], **keep),
        node("ReduceSumSquare", ["gate_scaled", "gate_axis"], ["gate_all"], **keep),
        node("ReduceSumSquare", ["gate_projected", "gate_axis"], ["gate_seen"], **keep),
        node("Sub", ["gate_all", "gate_seen"], ["gate_unseen"]),
        node("Max", ["gate_unseen", "gate_zero"], ["gate_left"]),
        node("Sqrt", ["gate_left"], ["gate_root"]),
        node("Mul", ["gate_root", "gate_beside"], ["gate_residual"]),
        node("MatMul", ["gate_scaled", "gate_head"], ["gate_learned"]),
        node("Add", ["gate_learned", "gate_offset"], ["gate_told"]),
        node("Max", ["gate_cloud", "gate_residual", "gate_told"], [OUTPUT]),
    ]
