"""BareModel: an ONNX network before it is a package, and what is known of it."""

from dataclasses import dataclass
from pathlib import Path

from viewer.base.errors import ModelError
from viewer.inference.importing.answers import Given
from viewer.inference.importing.graph import Graph, examine
from viewer.inference.importing.metadata import from_metadata
from viewer.inference.importing.package import read_json, read_network

METADATA = "metadata.json"


@dataclass(frozen=True)
class BareModel:
    """A network that was examined, and what is known beside it: from a metadata.json that lies near."""

    file: Path
    network: bytes
    graph: Graph
    known: Given


def bare_model(file: Path) -> BareModel:
    """Read and examine; raises ModelError for what cannot be imported."""
    network = read_network(file)
    return BareModel(file, network, examine(network), {"name": file.stem, **_metadata(file)})


def _metadata(file: Path) -> Given:
    """MONAI keeps it in configs/ beside models/; also looked for right beside the network."""
    places = (file.with_name(METADATA), file.parent.parent / "configs" / METADATA)
    found = next((place for place in places if place.is_file()), None)
    try:
        return {} if found is None else from_metadata(read_json(found))
    except ModelError:
        return {}
