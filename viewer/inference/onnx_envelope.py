"""What an ONNX file says outside of its weights: operator set, nodes, metadata; without the onnx library.

The file is one protobuf message (onnx.proto, ModelProto); only lengths are read, weights are skipped.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from viewer.base.errors import ModelError
from viewer.base.i18n import _

MODEL_GRAPH, MODEL_OPSET, MODEL_METADATA = 7, 8, 14
GRAPH_NODE, GRAPH_WEIGHTS = 1, 5
NODE_INPUT, NODE_OUTPUT, NODE_KIND = 1, 2, 4
OPSET_DOMAIN, OPSET_VERSION = 1, 2
PAIR_KEY, PAIR_VALUE = 1, 2
WEIGHTS_PLACE, EXTERNAL = 14, 1
"""Field numbers of onnx.proto, and the value of TensorProto.DataLocation that means another file."""

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
"""Wire types of protobuf."""

Field = tuple[int, int | memoryview]


@dataclass(frozen=True)
class Node:
    """One operation of the graph, by the names of its tensors."""

    kind: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True)
class Envelope:
    """opset: of the standard operators, 0 where none is named. external: weights lie in another file."""

    opset: int
    nodes: tuple[Node, ...]
    metadata: Mapping[str, str]
    external: bool

    def maker(self, tensor: str) -> Node | None:
        """The node that gives a tensor; None for an input or a constant."""
        return next((node for node in self.nodes if tensor in node.outputs), None)


def read_envelope(network: bytes) -> Envelope:
    """Raises ModelError for bytes that are no ONNX file."""
    try:
        fields = tuple(_fields(memoryview(network)))
        graphs = [tuple(_fields(_part(value))) for key, value in fields if key == MODEL_GRAPH]
        graph = [field for fields_of in graphs for field in fields_of]
        if not graph:
            raise ValueError("no graph")
        return Envelope(
            _opset(fields),
            tuple(_node(_part(value)) for key, value in graph if key == GRAPH_NODE),
            dict(_pair(_part(value)) for key, value in fields if key == MODEL_METADATA),
            any(_is_external(_part(value)) for key, value in graph if key == GRAPH_WEIGHTS),
        )
    except (ValueError, IndexError) as error:
        raise ModelError(_("The file is no ONNX network.")) from error


def labelled(network: bytes, pairs: Mapping[str, str]) -> bytes:
    """The network with metadata added; protobuf reads what is appended as part of the message."""
    return network + b"".join(
        _tagged(
            MODEL_METADATA, _tagged(PAIR_KEY, key.encode()) + _tagged(PAIR_VALUE, word.encode())
        )
        for key, word in pairs.items()
    )


def _opset(fields: tuple[Field, ...]) -> int:
    for key, value in fields:
        if key == MODEL_OPSET:
            parts = dict(_fields(_part(value)))
            if _text(parts.get(OPSET_DOMAIN, b"")) in ("", "ai.onnx"):
                version = parts.get(OPSET_VERSION, 0)
                return version if isinstance(version, int) else 0
    return 0


def _node(message: memoryview) -> Node:
    parts = tuple(_fields(message))
    texts = {
        wanted: tuple(_text(value) for key, value in parts if key == wanted)
        for wanted in (NODE_INPUT, NODE_OUTPUT, NODE_KIND)
    }
    return Node("".join(texts[NODE_KIND]), texts[NODE_INPUT], texts[NODE_OUTPUT])


def _pair(message: memoryview) -> tuple[str, str]:
    parts = dict(_fields(message))
    return _text(parts.get(PAIR_KEY, b"")), _text(parts.get(PAIR_VALUE, b""))


def _is_external(message: memoryview) -> bool:
    return any((key, value) == (WEIGHTS_PLACE, EXTERNAL) for key, value in _fields(message))


def _fields(message: memoryview) -> Iterator[Field]:
    """(number, value) of each field; of fixed numbers, the bytes."""
    place = 0
    while place < len(message):
        tag, place = _varint(message, place)
        number, wire = tag >> 3, tag & 7
        if wire == VARINT:
            value, place = _varint(message, place)
            yield number, value
            continue
        length, place = _length(message, place, wire)
        if place + length > len(message):
            raise ValueError("cut off")
        yield number, message[place : place + length]
        place += length


def _length(message: memoryview, place: int, wire: int) -> tuple[int, int]:
    if wire == BYTES:
        return _varint(message, place)
    fixed = {FIXED64: 8, FIXED32: 4}
    if wire not in fixed:
        raise ValueError("unknown wire type")
    return fixed[wire], place


def _varint(message: memoryview, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return value, place
        if shift > 63:
            raise ValueError("number too long")


def _part(value: int | memoryview) -> memoryview:
    if isinstance(value, int):
        raise ValueError("a number where a message belongs")
    return value


def _text(value: int | memoryview | bytes) -> str:
    if isinstance(value, int):
        raise ValueError("a number where text belongs")
    return bytes(value).decode("utf-8", "replace")


def _tagged(number: int, content: bytes) -> bytes:
    return _number(number << 3 | BYTES) + _number(len(content)) + content


def _number(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*found, value))
