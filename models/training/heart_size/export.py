"""The package: model, golden phantom, card and manifest, all figures taken from metrics.json."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from models.training.common.package import kept_reference
from models.training.heart_size import card, manifest, phantom
from models.training.heart_size.artefact import Network

LICENCE = Path(__file__).with_name("LICENSE.txt")
PACKAGED = ("model.onnx", "golden/phantom.npz", "MODEL_CARD.md", "LICENSE")


def export(run: Path, package: Path) -> None:
    """Fill the folder `package` from the run's model.onnx and metrics.json."""
    gates = {"gate": _read(run / "gate.json"), "gate fresh": _read(run / "gate_fresh.json")}
    metrics = {**_read(run / "metrics.json"), **gates}
    (package / "golden").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(run / "model.onnx", package / "model.onnx")
    shutil.copyfile(LICENCE, package / "LICENSE")
    _write_golden(package)
    (package / "MODEL_CARD.md").write_text(card.text(metrics))
    filled = manifest.filled(metrics, [_file(package, name) for name in PACKAGED])
    filled |= kept_reference(run / "model.onnx")
    (package / "manifest.json").write_text(json.dumps(filled, indent=2, ensure_ascii=False) + "\n")


def _read(path: Path) -> dict[str, Any]:
    """Empty where there is none: the gate is measured on a package that has been exported once."""
    return json.loads(path.read_text()) if path.exists() else {}


def _write_golden(package: Path) -> None:
    image = phantom.tensor()
    network = Network(package / "model.onnx")
    np.savez_compressed(
        package / "golden/phantom.npz",
        image=image[None, None],
        probabilities=network(image)[None],
        distance=network.distance(image),
    )


def _file(package: Path, name: str) -> dict[str, object]:
    content = (package / name).read_bytes()
    return {"path": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
