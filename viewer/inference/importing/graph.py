"""What the ONNX graph of a classifier says of itself; what is no such graph is refused in a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from viewer.base.errors import ModelError
from viewer.base.i18n import _
from viewer.inference.onnx_envelope import Envelope, read_envelope
from viewer.inference.session import GraphSignature, TensorShape, read_signature, runtime_version

FLOAT = "tensor(float)"
COLOURS = (1, 3)
"""Channels a picture may have: grey, or red, green and blue."""

LAYOUTS = {"NCHW": (1, 2, 3), "NHWC": (3, 1, 2)}
"""Places of channels, rows and columns."""

ENDS = {"Sigmoid": "sigmoid", "HardSigmoid": "sigmoid", "Softmax": "softmax"}
"""Operations that give numbers from 0 to 1, and what an answer calls them."""

PASSED_BY = ("Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Cast", "Concat", "Dropout")
"""Operations that leave a probability what it is."""


@dataclass(frozen=True)
class Graph:
    """One input picture, one or more rows of scores.

    layouts: those the shape allows, more than one where it leaves it open. shape: of the input, None
    where it is free. outputs: that may be scores. ended: those that a sigmoid or softmax gives, by name,
    with which of the two; they are scores already.
    """

    input: str
    shape: tuple[int | None, ...]
    layouts: tuple[str, ...]
    outputs: tuple[TensorShape, ...]
    ended: Mapping[str, str]
    opset: int

    def channels(self, layout: str) -> int | None:
        """Of the input in that layout; None where it is free."""
        return self.shape[LAYOUTS[layout][0]]

    def size(self, layout: str) -> tuple[int | None, int | None]:
        """Rows and columns of the input in that layout."""
        _channel, row, column = LAYOUTS[layout]
        return self.shape[row], self.shape[column]


def examine(network: bytes) -> Graph:
    """The graph, if it is a classifier's.

    Raises
    ------
    ModelError : several inputs, a type or shape no picture has, no row of scores, weights in another
        file, an operator set this program's onnxruntime does not know
    """
    envelope = read_envelope(network)
    if envelope.external:
        raise ModelError(
            _(
                "The weights of this network lie in a second file; save it as one file "
                "(in torch.onnx.export: external_data=False)."
            )
        )
    found = _signature(network, envelope)
    tensor = _only_input(found.inputs)
    layouts = _layouts(tensor)
    outputs = tuple(output for output in found.outputs if _are_scores(output))
    if not outputs:
        raise ModelError(
            _(
                "The network gives no row of scores (shape 1 x labels, float32): {names}. "
                "Only classifiers can be imported."
            ).format(names=", ".join(_words(one) for one in found.outputs))
        )
    ends = {one.name: _end(envelope, one.name) for one in outputs}
    ended = {name: end for name, end in ends.items() if end}
    return Graph(tensor.name, tensor.shape, layouts, outputs, ended, envelope.opset)


def _signature(network: bytes, envelope: Envelope) -> GraphSignature:
    try:
        return read_signature(network)
    except ModelError as error:
        if "opset" not in str(error).lower():
            raise
        raise ModelError(
            _(
                "The network uses ONNX operator set {opset}, which onnxruntime {version} of this program "
                "does not know; export it again with an older one (17 is safe)."
            ).format(opset=envelope.opset, version=runtime_version())
        ) from error


def _only_input(inputs: Sequence[TensorShape]) -> TensorShape:
    if len(inputs) != 1:
        raise ModelError(
            _("The network wants {n} inputs ({names}); it must want one, the picture.").format(
                n=len(inputs), names=", ".join(one.name for one in inputs)
            )
        )
    tensor = inputs[0]
    if tensor.type != FLOAT:
        raise ModelError(
            _(
                "The input {name} is {type}; it must be float32. Bring the network to float32 (in torch: "
                "model.float()) and export it again."
            ).format(name=tensor.name, type=tensor.type.removeprefix("tensor(").removesuffix(")"))
        )
    return tensor


def _layouts(tensor: TensorShape) -> tuple[str, ...]:
    shape = tensor.shape
    if len(shape) == 4 and shape[0] not in (None, 1):
        raise ModelError(
            _(
                "The network takes {n} pictures at once, the viewer gives one: export it with a first axis "
                "of 1, or a free one."
            ).format(n=shape[0])
        )
    if len(shape) != 4:
        raise ModelError(
            _(
                "The input {tensor} is no picture: it must be one of channels, rows and columns."
            ).format(tensor=_words(tensor))
        )
    sure = tuple(layout for layout, places in LAYOUTS.items() if shape[places[0]] in COLOURS)
    free = tuple(layout for layout, places in LAYOUTS.items() if shape[places[0]] is None)
    if not sure and not free:
        raise ModelError(
            _("The input {tensor} has neither one nor three channels.").format(
                tensor=_words(tensor)
            )
        )
    return sure or free


def _are_scores(output: TensorShape) -> bool:
    return output.type == FLOAT and len(output.shape) == 2 and output.shape[0] in (None, 1)


def _end(envelope: Envelope, tensor: str) -> str:
    """The activation that gives the tensor, "" for none."""
    node = envelope.maker(tensor)
    while node is not None and node.kind in PASSED_BY and node.inputs:
        node = envelope.maker(node.inputs[0])
    return "" if node is None else ENDS.get(node.kind, "")


def _words(tensor: TensorShape) -> str:
    sizes = " x ".join("?" if size is None else str(size) for size in tensor.shape)
    return f"{tensor.name} ({sizes})"
