"""Fills a model package: files, hashes, and the parts of manifest and card that all recipes share."""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.training.common.artefact import Identity

LICENCE = Path(__file__).with_name("LICENSE.txt")
PACKAGED = ("model.onnx", "golden/phantom.npz", "MODEL_CARD.md", "LICENSE")

Json = dict[str, object]

RELEASE_DATE = "2026-11-22"

MIN_ONNXRUNTIME = "1.18"
"""The first that reads intermediate representation 10, which the exporter writes."""

TOLERANCE = 1e-3
"""Largest difference of a probability from the golden one; other processors round otherwise."""


@dataclass(frozen=True)
class Words:
    """What manifest and card say in words, the same way."""

    name: str
    intended_use: str
    not_for: tuple[str, ...]
    warnings: tuple[str, ...]
    weights_licence: str
    data_licence: str
    references: tuple[str, ...]
    licence_note: str
    """Added to the package's LICENSE: what the data's own licences ask for."""
    changelog: tuple[str, ...] = ()
    """Newest first, without the first release."""


def fill(
    package: Path,
    network: Path,
    golden: Mapping[str, np.ndarray],
    card: str,
    manifest: Json,
    words: Words,
) -> None:
    """Write the folder `package`; the manifest's own `files`, and the run's reference, are added."""
    (package / "golden").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(network, package / "model.onnx")
    np.savez_compressed(package / "golden/phantom.npz", **golden)
    (package / "MODEL_CARD.md").write_text(card.strip() + "\n", encoding="utf-8")
    licence = LICENCE.read_text(encoding="utf-8").rstrip()
    (package / "LICENSE").write_text(f"{licence}\n\n{words.licence_note}\n", encoding="utf-8")
    files = [described(package, name) for name in PACKAGED]
    filled = {**manifest, "files": files, **kept_reference(network)}
    text = json.dumps(filled, indent=2, ensure_ascii=False)
    (package / "manifest.json").write_text(text + "\n", encoding="utf-8")


def kept_reference(network: Path) -> Json:
    """The block `reference` that models.training.reference left beside this very network; else nothing."""
    kept = network.with_name("reference.json")
    found = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    sha256 = hashlib.sha256(network.read_bytes()).hexdigest()
    return {"reference": found["reference"]} if found.get("network_sha256") == sha256 else {}


def described(package: Path, name: str) -> Json:
    """A file as the manifest lists it."""
    content = (package / name).read_bytes()
    return {"path": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def common_fields(identity: Identity, words: Words) -> Json:
    """The fields of a manifest that depend on nothing measured."""
    return {
        "schema_version": 1,
        "model_id": identity.model_id,
        "version": identity.version,
        "name": words.name,
        "vendor": "SecondRead project",
        "release_date": RELEASE_DATE,
        "intended_use": words.intended_use,
        "not_for": list(words.not_for),
        "regulatory_status": "research",
        "warnings": list(words.warnings),
        "licences": {
            "code": "MIT",
            "weights": words.weights_licence,
            "data": words.data_licence,
        },
        "calibration": {"method": "none"},
        "runtime": {
            "opset": identity.opset,
            "min_onnxruntime": MIN_ONNXRUNTIME,
            "tolerance": TOLERANCE,
            "cpu_cuda_max_difference": "not measured",
        },
        "golden": [{"file": "golden/phantom.npz", "tolerance": TOLERANCE}],
        "references": list(words.references),
        "changelog": [*words.changelog, *_first_release(identity, words)],
        "contacts": ["The SecondRead founders, through the project's issue tracker"],
    }


def _first_release(identity: Identity, words: Words) -> list[str]:
    return [f"{'1.0.0' if words.changelog else identity.version}: first release"]


def gate(method: str, measured: Sequence[str]) -> Json:
    """The manifest's gate: the output of common.gate, whose limit is 1."""
    return {"output": "distance", "highest": 1.0, "method": method, "measured": list(measured)}


def measured_gate(run: Path) -> Json:
    """What gate_measure wrote; empty before the package has been exported once."""
    path = run / "gate.json"
    return json.loads(path.read_text()) if path.exists() else {}


GATE_OUTPUT: Json = {"tensor": "distance", "type": "activations", "layout": "NC", "shape": [1, 1]}


def performance(data: str, figures: Mapping[str, Json], internal: bool = True) -> list[Json]:
    """Entries of the manifest's `performance`; figures by the name of their metric."""
    return [
        {"data": data, "metric": metric, **_measured(figure), "internal": internal}
        for metric, figure in figures.items()
    ]


def _measured(figure: Json) -> Json:
    return {key: figure[key] for key in ("n", "value", "ci95")}


def point(
    name: str,
    default: bool,
    finding: str,
    threshold: float,
    rates: Mapping[str, Json],
    data: str,
    unit: str,
) -> Json:
    """An operating point with its measured sensitivity and specificity; unit: what was counted."""
    return {
        "name": name,
        "default": default,
        "thresholds": {finding: threshold},
        "performance": point_performance(rates, data, unit),
    }


def point_performance(rates: Mapping[str, Json], data: str, unit: str) -> Json:
    """Sensitivity and specificity at an operating point, on how many of what."""
    return {
        **{key: _triple(rates[key]) for key in ("sensitivity", "specificity")},
        "n": sum(int(str(rates[key]["n"])) for key in ("sensitivity", "specificity")),
        "unit": unit,
        "data": data,
    }


def _triple(figure: Json) -> list[object]:
    low, high = figure["ci95"]  # type: ignore[misc]
    return [figure["value"], low, high]


def table(rows: Sequence[tuple[str, Json, float | None]]) -> str:
    """Markdown: figure, value, interval, n, goal ("at least", met or not; None where none is set)."""
    lines = ["| figure | value | 95 % interval | n | goal |", "|---|---|---|---|---|"]
    for title, figure, goal in rows:
        low, high = figure["ci95"]  # type: ignore[misc]
        cells = f"| {title} | {figure['value']:.3f} | {low:.3f} to {high:.3f} | {figure['n']} |"
        lines.append(f"{cells} {_verdict(float(str(figure['value'])), goal)} |")
    return "\n".join(lines)


def _verdict(value: float, goal: float | None) -> str:
    if goal is None:
        return "none set"
    return f"at least {goal}: {'met' if value >= goal else '**not met**'}"


def bullets(sentences: Sequence[str]) -> str:
    """A Markdown list."""
    return "\n".join(f"- {sentence}" for sentence in sentences)
