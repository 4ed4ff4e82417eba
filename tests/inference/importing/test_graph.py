"""What is read from a bare graph, and which graphs are refused, each in a sentence."""

import numpy as np
import onnx
import pytest
from bare_classifiers import keras_like, torch_like
from onnx import TensorProto, helper

from viewer.base.errors import ModelError
from viewer.inference.importing.graph import examine


def test_layout_size_and_logits_of_a_torch_export_are_read() -> None:
    graph = examine(torch_like().SerializeToString())
    assert (graph.input, graph.layouts, graph.size("NCHW")) == ("input", ("NCHW",), (64, 64))
    assert (graph.channels("NCHW"), graph.ended, graph.opset) == (3, {}, 17)


def test_layout_and_softmax_of_a_keras_export_are_read() -> None:
    graph = examine(keras_like().SerializeToString())
    assert (graph.layouts, graph.size("NHWC")) == (("NHWC",), (48, 64))
    assert graph.ended == {"scores": "softmax"}


def test_a_sigmoid_in_the_middle_is_no_end() -> None:
    network = torch_like(end="Sigmoid")
    last = network.graph.node[-1]
    last.op_type = "Neg"
    assert examine(network.SerializeToString()).ended == {}


def test_free_sizes_are_left_open() -> None:
    graph = examine(torch_like(shape=("N", 3, "H", "W")).SerializeToString())
    assert graph.size("NCHW") == (None, None)
    both = examine(torch_like(shape=("N", "C", "H", "W")).SerializeToString())
    assert both.layouts == ("NCHW", "NHWC")


def _second_input(network: onnx.ModelProto) -> None:
    network.graph.input.append(helper.make_tensor_value_info("age", TensorProto.FLOAT, [1, 3]))
    network.graph.node.append(helper.make_node("Add", ["logits", "age"], ["both"]))
    network.graph.output[0].name = "both"


def _bytes_input(network: onnx.ModelProto) -> None:
    network.graph.input[0].type.tensor_type.elem_type = TensorProto.UINT8
    network.graph.node.insert(
        0, helper.make_node("Cast", ["input"], ["floats"], to=TensorProto.FLOAT)
    )
    network.graph.node[1].input[0] = "floats"


def _map_output(network: onnx.ModelProto) -> None:
    del network.graph.output[:]
    shape = [1, 4, 31, 31]
    network.graph.output.append(helper.make_tensor_value_info("maps", TensorProto.FLOAT, shape))


def _weights_elsewhere(network: onnx.ModelProto) -> None:
    tensor = network.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="weights.bin")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_second_input, "wants 2 inputs (input, age)"),
        (_bytes_input, "must be float32"),
        (_map_output, "Only classifiers can be imported"),
        (_weights_elsewhere, "second file"),
    ],
)
def test_a_graph_that_is_no_classifier_is_refused_in_words(change, said: str) -> None:
    network = torch_like()
    change(network)
    with pytest.raises(ModelError, match=r"\.$") as refusal:
        examine(network.SerializeToString())
    assert said in str(refusal.value)


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ((1, 5, 64, 64), "neither one nor three"),
        ((8, 3, 64, 64), "takes 8 pictures at once"),
    ],
)
def test_an_input_that_is_no_picture_is_refused(shape: tuple[int, ...], said: str) -> None:
    network = torch_like(shape=shape, channels=shape[1])
    with pytest.raises(ModelError) as refusal:
        examine(network.SerializeToString())
    assert said in str(refusal.value)


def test_an_operator_set_from_the_future_is_named() -> None:
    with pytest.raises(ModelError) as refusal:
        examine(torch_like(opset=99).SerializeToString())
    assert "operator set 99" in str(refusal.value)


@pytest.mark.parametrize("content", [b"", b"no network at all", bytes(range(256)), b"\x3a\xff\x01"])
def test_bytes_that_are_no_network_are_refused(content: bytes) -> None:
    with pytest.raises(ModelError):
        examine(content)


def test_a_file_cut_off_anywhere_is_refused_not_half_read() -> None:
    whole = torch_like().SerializeToString()
    random = np.random.default_rng(0)
    for end in random.integers(1, len(whole) - 1, 25):
        with pytest.raises(ModelError):
            examine(whole[:end])
