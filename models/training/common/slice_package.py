"""A package of a slice network: the parts of manifest and card that are alike."""

from typing import Any

import numpy as np

from models.training.common import package
from models.training.common.artefact import Identity
from models.training.common.package import Json, Words
from models.training.common.slice_measures import OUTPUTS, Operations


def manifest(
    identity: Identity,
    words: Words,
    finding: Json,
    shape: tuple[int, int],
    operations: Operations,
    applicability: Json,
    parameters: Json,
    gate: Json,
) -> Json:
    """All that is alike. finding : key, display and code. gate : as of package.gate."""
    rows, columns = shape
    probabilities, score = OUTPUTS
    brain = {"value": "12738006", "scheme": "SCT", "meaning": "Brain"}
    kept = {
        "tensor": "image",
        "layout": "NCHW",
        "dtype": "float32",
        "shape": [1, 1, rows, columns],
        "operations": list(operations),
        "max_batch": 8,
    }
    return {
        **package.common_fields(identity, words),
        "task": {"kind": "segmentation", "parameters": parameters},
        "applicability": applicability,
        "input": kept,
        "outputs": [
            {
                "tensor": probabilities,
                "type": "probabilities",
                "layout": "NCHW",
                "shape": [1, 1, rows, columns],
            },
            {"tensor": score, "type": "probabilities", "layout": "NC", "shape": [1, 1]},
            package.GATE_OUTPUT,
        ],
        "gate": gate,
        "labels": [{"index": 0, **finding}],
        "findings": [{**finding, "site": brain, "score": {"name": "Score", "unit": "1"}}],
        "explanation": {
            "method": "native_map",
            "output": probabilities,
            "labels": [finding["key"]],
            "name": "Segmentation probability",
            "note": "The network's own probability of each pixel.",
        },
    }


def points(finding: str, metrics: dict[str, Any], data: str) -> list[Json]:
    """Operating points with the test's figures; `second_read` is the default."""
    return [
        package.point(
            name,
            name == "second_read",
            finding,
            limit,
            metrics["test"]["points"][name],
            data,
            unit="slices",
        )
        for name, limit in metrics["thresholds"].items()
    ]


def point_rows(metrics: dict[str, Any]) -> list[tuple[str, Json, float | None]]:
    """Rows of the card's table."""
    return [
        (f"slice {key}, {name} (score > {limit})", metrics["test"]["points"][name][key], None)
        for name, limit in metrics["thresholds"].items()
        for key in ("sensitivity", "specificity")
    ]


def head_phantom(rows: int, columns: int, scalp: bool) -> np.ndarray:
    """A head of ellipses with a bright place, no patient: (rows, columns) float32."""
    down, across = np.indices((rows, columns)).astype(np.float64)
    down, across = (down + 0.5) / rows - 0.5, (across + 0.5) / columns - 0.5

    def disc(x: float, y: float, width: float, height: float) -> np.ndarray:
        distance = np.hypot((across - x) / width, (down - y) / height)
        return 1 / (1 + np.exp((distance - 1) * 40))

    values = 420 * disc(0, 0, 0.36, 0.42) - 260 * disc(-0.05, 0.02, 0.04, 0.14)
    values += 380 * disc(0.16, -0.12, 0.08, 0.07)
    if scalp:
        values += 700 * (disc(0, 0, 0.46, 0.48) - disc(0, 0, 0.43, 0.455))
    return np.maximum(values, 0).round().astype(np.float32)
