"""The averaged network as an ONNX file that says who it is and nothing about who made it."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

from models.training.heart_size import settings
from models.training.heart_size.network import Probabilities
from models.training.heart_size.train import trained


def write(checkpoint: Path, destination: Path) -> Path:
    """Export, strip, label and check; returns the destination."""
    example = torch.zeros(1, 1, settings.SIZE, settings.SIZE)
    torch.onnx.export(
        Probabilities(trained(checkpoint)).eval(),
        (example,),
        destination,
        input_names=["image"],
        output_names=["probabilities"],
        opset_version=settings.OPSET,
        external_data=False,
    )
    model = _labelled(_stripped(onnx.load(destination)))
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, destination)
    return destination


class Network:
    """The shipped file, run as the viewer runs it."""

    def __init__(self, path: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        self._session = onnxruntime.InferenceSession(
            path, options, providers=["CPUExecutionProvider"]
        )

    def __call__(self, tensor: np.ndarray) -> np.ndarray:
        """(SIZE, SIZE) float32 to probabilities (3, SIZE, SIZE) float32."""
        return self._session.run(["probabilities"], {"image": tensor[None, None]})[0][0]

    def distance(self, tensor: np.ndarray) -> np.ndarray:
        """(SIZE, SIZE) float32 to how far it lies from the training films, (1, 1) float32."""
        return self._session.run(["distance"], {"image": tensor[None, None]})[0]


def _stripped(model: onnx.ModelProto) -> onnx.ModelProto:
    """Exporters leave stack traces with paths of the builder's machine in the nodes."""
    model.doc_string = model.graph.doc_string = ""
    values = (*model.graph.value_info, *model.graph.input, *model.graph.output)
    for part in (*model.graph.node, *values, *model.graph.initializer, model.graph):
        part.doc_string = ""
        del part.metadata_props[:]
    return model


def _labelled(model: onnx.ModelProto) -> onnx.ModelProto:
    del model.metadata_props[:]
    identity = {"model_id": settings.MODEL_ID, "version": settings.VERSION}
    onnx.helper.set_model_props(model, identity)
    model.producer_name, model.producer_version = "secondread", settings.VERSION
    return model
