"""One ONNX graph of two: the shipped heart size network, then the reader; weights are kept in half precision."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, compose, helper, numpy_helper

from models.training.chest_xray_pneumonia import settings
from models.training.heart_size import settings as organ_settings

PREFIX = "organs/"
HALVED_ABOVE = 256
"""Numbers in a tensor; smaller ones save nothing."""


def joined(organs: onnx.ModelProto, reader: onnx.ModelProto) -> onnx.ModelProto:
    """`image` (1, 1, SIZE, SIZE) to `scores`, `cam` and the distance of the organs' gate.

    organs : image of its own size and scale to probabilities and distance
    reader : image, organs and TAPS to scores and cam
    """
    first = compose.add_prefix(organs, PREFIX)
    names = {"probabilities": f"{PREFIX}probabilities", "distance": f"{PREFIX}distance"}
    image = f"{PREFIX}image"
    nodes = [*_shrunk("image", image), *first.graph.node]
    given = {"organs": names["probabilities"]}
    given |= {name: f"{PREFIX}{tap}" for name, tap in settings.TAPS.items()}
    nodes += [_renamed(node, given) for node in reader.graph.node]
    nodes += [helper.make_node("Identity", [names["distance"]], ["distance"])]
    graph = helper.make_graph(
        nodes,
        "opacities",
        [one for one in reader.graph.input if one.name == "image"],
        [
            *reader.graph.output,
            helper.make_tensor_value_info("distance", TensorProto.FLOAT, [1, 1]),
        ],
        [*_constants(), *first.graph.initializer, *reader.graph.initializer],
    )
    model = helper.make_model(graph, opset_imports=_opsets(organs, reader))
    model.ir_version = max(organs.ir_version, reader.ir_version)
    return model


def tapped(organs: onnx.ModelProto, destination: Path) -> Path:
    """Write the heart size network with the TAPS as further outputs."""
    for tap in settings.TAPS.values():
        organs.graph.output.append(helper.make_empty_tensor_value_info(tap))
    onnx.save(organs, destination)
    return destination


def _shrunk(image: str, to: str) -> list[onnx.NodeProto]:
    """The organs' own preprocessing from the reader's tensor: as sharp, as bright."""
    return [
        helper.make_node("Mul", [image, "organs_gain"], ["organs_scaled"]),
        helper.make_node("Add", ["organs_scaled", "organs_offset"], ["organs_full"]),
        helper.make_node(
            "Resize",
            ["organs_full", "", "", "organs_shape"],
            [to],
            mode="linear",
            antialias=1,
            coordinate_transformation_mode="half_pixel",
        ),
    ]


def _constants() -> list[onnx.TensorProto]:
    mean, std = float(settings.MEAN), float(settings.STD)
    side = organ_settings.SIZE
    values = {
        "organs_gain": np.float32(std / organ_settings.STD),
        "organs_offset": np.float32((mean - organ_settings.MEAN) / organ_settings.STD),
        "organs_shape": np.array([1, 1, side, side], np.int64),
    }
    return [numpy_helper.from_array(np.asarray(value), name) for name, value in values.items()]


def _renamed(node: onnx.NodeProto, names: dict[str, str]) -> onnx.NodeProto:
    found = onnx.NodeProto()
    found.CopyFrom(node)
    del found.input[:]
    found.input.extend(names.get(name, name) for name in node.input)
    return found


def _opsets(*models: onnx.ModelProto) -> list[onnx.OperatorSetIdProto]:
    newest: dict[str, int] = {}
    for model in models:
        for one in model.opset_import:
            newest[one.domain] = max(newest.get(one.domain, 0), one.version)
    return [helper.make_opsetid(domain, version) for domain, version in newest.items()]


def halved(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same graph, large weights stored in 16 bits and turned back into 32 when it is loaded."""
    casts = []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype == np.float32 and values.size > HALVED_ABOVE:
            name = tensor.name
            tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}/half"))
            casts.append(helper.make_node("Cast", [f"{name}/half"], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


def load(path: Path) -> onnx.ModelProto:
    """An ONNX file without what its exporter noted on the way."""
    model = onnx.load(path)
    del model.graph.value_info[:]
    return model
