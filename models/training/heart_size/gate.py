"""The gate: one more output of the trained graph, how far a film lies from those it was made for.

Two distances on the deepest features of the encoder, pooled over a grid so that places count, and
the larger of them is the output; 1 is the limit, an ordinary film lies near 0.5 or below:

- how far from the cloud of good films: Mahalanobis in its main directions, and what is left over
  (Lee et al., NeurIPS 2018, with one class; Hoffmann, Pattern Recognition 2007). It needs no example
  of what is wrong;
- a linear head that learned good films against films stored wrongly (mirrored, turned, inverted) and
  against other images; a mirrored film lies well within the cloud, the head tells it.

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

from models.training.heart_size import gate_data, settings
from viewer.inference.preprocessing import preprocess

FEATURES = "add_5"
"""Tensor of the trained graph: end of the encoder, 112 channels at a sixteenth of the film."""

POOLED = 4
"""Places pooled into one, each way: a grid of 4 x 4 remains."""

DIRECTIONS = 48
"""Of the cloud of good films."""

FLOOR = 0.05
"""Least spread of a feature, as share of the mean spread: what never varies must not rule."""

HEAD_C = 1e-3
"""Inverse strength of the head's regularisation."""

HEAD_KEPT, CLOUD_KEPT = 0.99, 0.998
"""Share of the good films, also stored otherwise, that each distance lets through when fitted."""

OUTPUT = "distance"
SEED = 7


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


def fitted(model: Path, shared: Path) -> Gate:
    """From films for fitting and images that are none; no test film, no named test file."""
    random = np.random.default_rng(SEED)
    films = gate_data.good_films(shared)
    good = [film for each in films for film in (each, *gate_data.otherwise_stored(each, random))]
    bad = [image for _name, image in gate_data.bad_images(shared, random)]
    look = Features(model)
    return _fit(np.stack([look(i) for i in good]), np.stack([look(i) for i in bad]))


def _fit(good: np.ndarray, bad: np.ndarray) -> Gate:
    mean, spread = good.mean(axis=0), good.std(axis=0)
    spread = spread + FLOOR * spread.mean()
    inside, outside = (good - mean) / spread, (bad - mean) / spread
    cloud = PCA(DIRECTIONS, random_state=SEED).fit(inside)
    projected = inside @ cloud.components_.T
    whiten = 1 / np.sqrt(cloud.explained_variance_)
    left = np.sqrt(((inside**2).sum(1) - (projected**2).sum(1)).clip(0))
    within = np.sqrt(((projected * whiten) ** 2).sum(1))
    learner = LogisticRegression(C=HEAD_C, max_iter=2000, class_weight="balanced")
    learner.fit(np.concatenate([inside, outside]), np.repeat([0, 1], [len(good), len(bad)]))
    scores = learner.decision_function(inside)
    middle, limit = np.median(scores), np.quantile(scores, HEAD_KEPT)
    scale = 0.5 / (limit - middle)
    return Gate(
        mean,
        spread,
        cloud.components_,
        whiten,
        float(np.quantile(within, CLOUD_KEPT)),
        float(np.quantile(left, CLOUD_KEPT)),
        learner.coef_[0] * scale,
        float((learner.intercept_[0] - limit) * scale + 1.0),
    )


class Features:
    """The pooled features of an image, prepared as the viewer prepares it."""

    def __init__(self, model: Path) -> None:
        graph = onnx.load(model)
        graph.graph.output.append(helper.make_empty_tensor_value_info(FEATURES))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            graph.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )

    def __call__(self, grey: np.ndarray) -> np.ndarray:
        values = np.ascontiguousarray(grey, dtype=np.float32)
        tensor = preprocess(values, monochrome1=False, operations=settings.OPERATIONS).tensor
        found = self._session.run([FEATURES], {"image": tensor[None, None]})[0][0]
        channels, rows, columns = found.shape
        cells = (channels, rows // POOLED, POOLED, columns // POOLED, POOLED)
        return found.reshape(cells).mean((2, 4)).ravel()


def attached(model: onnx.ModelProto, gate: Gate) -> onnx.ModelProto:
    """The same graph with the output `distance` (1, 1) beside those it has."""
    graph = model.graph
    for name, value in _constants(gate).items():
        graph.initializer.append(numpy_helper.from_array(np.asarray(value, np.float32), name))
    graph.initializer.append(numpy_helper.from_array(np.array([1], np.int64), "gate_axis"))
    graph.node.extend(_nodes())
    graph.output.append(helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, [1, 1]))
    helper.set_model_props(model, {"model_id": settings.MODEL_ID, "version": settings.VERSION})
    model.producer_version = settings.VERSION
    onnx.checker.check_model(model, full_check=True)
    return model


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


def _nodes() -> list[onnx.NodeProto]:
    pool = {"kernel_shape": [POOLED, POOLED], "strides": [POOLED, POOLED]}
    keep = {"keepdims": 1}
    node = helper.make_node
    return [
        node("AveragePool", [FEATURES], ["gate_pooled"], **pool),
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


def add(trained: Path, shared: Path, destination: Path) -> Path:
    """Fit on the trained file and write it with the gate; the old outputs stay as they are."""
    onnx.save(attached(onnx.load(trained), fitted(trained, shared)), destination)
    return destination
