"""A trained network as an ONNX file that says who it is and nothing about who made it."""

import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn


@dataclass(frozen=True)
class Identity:
    """What the file says of itself, and the ONNX operator set it is written in."""

    model_id: str
    version: str
    opset: int = 18


def write(
    network: nn.Module,
    example: torch.Tensor | tuple[torch.Tensor, ...],
    destination: Path,
    outputs: Sequence[str],
    identity: Identity,
    any_batch: bool = False,
    inputs: Sequence[str] = ("image",),
) -> Path:
    """Export, strip, label and check; returns the destination.

    example : one tensor for each input
    any_batch : the first axis may have any length
    """
    batch = {0: torch.export.Dim("batch", min=1, max=1024)}
    given = example if isinstance(example, tuple) else (example,)
    with _quiet():
        torch.onnx.export(
            network.eval(),
            tuple(each.repeat(2, *[1] * (each.ndim - 1)) for each in given) if any_batch else given,
            destination,
            input_names=list(inputs),
            output_names=list(outputs),
            opset_version=identity.opset,
            external_data=False,
            dynamic_shapes=(batch,) if any_batch else None,
            verbose=False,
        )
    model = _labelled(_stripped(onnx.load(destination)), identity)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, destination)
    return destination


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the exporter's remarks on itself, which only frighten whoever trains; errors still show."""
    log = logging.getLogger("torch.onnx")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            yield
    finally:
        log.setLevel(level)


class Shipped:
    """The shipped file, run as the viewer runs it."""

    def __init__(self, path: Path, outputs: Sequence[str], threads: int = 2) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self._outputs = list(outputs)
        self._session = onnxruntime.InferenceSession(
            path, options, providers=["CPUExecutionProvider"]
        )

    def __call__(self, batch: np.ndarray) -> list[np.ndarray]:
        """(n, 1, rows, columns) float32 to all outputs."""
        return self.given({"image": batch})

    def given(self, inputs: Mapping[str, np.ndarray]) -> list[np.ndarray]:
        """All outputs, for a network of several inputs."""
        return list(self._session.run(self._outputs, dict(inputs)))

    def in_batches(self, batch: np.ndarray, most: int = 32) -> list[np.ndarray]:
        """As called, a part at a time."""
        parts = [self(batch[i : i + most]) for i in range(0, len(batch), most)]
        return [np.concatenate(column) for column in zip(*parts, strict=True)]


def _stripped(model: onnx.ModelProto) -> onnx.ModelProto:
    """Exporters leave stack traces with paths of the builder's machine in the nodes."""
    model.doc_string = model.graph.doc_string = ""
    values = (*model.graph.value_info, *model.graph.input, *model.graph.output)
    for part in (*model.graph.node, *values, *model.graph.initializer, model.graph):
        part.doc_string = ""
        del part.metadata_props[:]
    return model


def _labelled(model: onnx.ModelProto, identity: Identity) -> onnx.ModelProto:
    del model.metadata_props[:]
    said = {"model_id": identity.model_id, "version": identity.version}
    onnx.helper.set_model_props(model, said)
    model.producer_name, model.producer_version = "secondread", identity.version
    return model
