"""The package: model, golden phantom, card and manifest, all figures taken from metrics.json."""

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np

from models.training.heart_size import card, manifest, phantom
from models.training.heart_size.artefact import Network

LICENCE = Path(__file__).with_name("LICENSE.txt")
PACKAGED = ("model.onnx", "golden/phantom.npz", "MODEL_CARD.md", "LICENSE")


def export(run: Path, package: Path) -> None:
    """Fill the folder `package` from the run's model.onnx and metrics.json."""
    metrics = json.loads((run / "metrics.json").read_text())
    (package / "golden").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(run / "model.onnx", package / "model.onnx")
    shutil.copyfile(LICENCE, package / "LICENSE")
    _write_golden(package)
    (package / "MODEL_CARD.md").write_text(card.text(metrics))
    filled = manifest.filled(metrics, [_file(package, name) for name in PACKAGED])
    (package / "manifest.json").write_text(json.dumps(filled, indent=2, ensure_ascii=False) + "\n")


def _write_golden(package: Path) -> None:
    image = phantom.tensor()
    probabilities = Network(package / "model.onnx")(image)
    np.savez_compressed(
        package / "golden/phantom.npz", image=image[None, None], probabilities=probabilities[None]
    )


def _file(package: Path, name: str) -> dict[str, object]:
    content = (package / name).read_bytes()
    return {"path": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
