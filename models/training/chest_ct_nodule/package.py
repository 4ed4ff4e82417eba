"""The package: model, golden phantom, card and manifest, all figures taken from metrics.json."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from models.training.chest_ct_nodule import settings
from models.training.chest_ct_nodule.words import (
    DATA,
    GATE_METHOD,
    GATE_SOURCES,
    LABELS_BY,
    SOURCE,
    WORDS,
)
from models.training.common import gate_words, package
from models.training.common.artefact import Identity, Shipped
from viewer.inference.preprocessing import preprocess

IDENTITY = Identity(settings.MODEL_ID, settings.VERSION)
FINDING = "lung_nodule"
TESTED = f"{DATA}, stretches of scans not trained on; patches, not scans"
GOAL = 0.985


def export(run: Path, folder: Path) -> None:
    """Fill the folder from the run's model.onnx, metrics.json and, where there, series.json."""
    metrics = json.loads((run / "metrics.json").read_text())
    metrics["gate"] = package.measured_gate(run)
    image = phantom()
    names = ("scores", "distance")
    found = Shipped(run / "model.onnx", names)(image)
    golden = {"image": image, **dict(zip(names, found, strict=True))}
    looked = run / "series.json"
    series = json.loads(looked.read_text()) if looked.exists() else {}
    package.fill(
        folder, run / "model.onnx", golden, _card(metrics, series), _manifest(metrics), WORDS
    )


def phantom() -> np.ndarray:
    """A ball of soft tissue in lung, 12 mm wide: no patient; (1, 1, PIXELS, PIXELS) float32."""
    down, across = np.indices((settings.PIXELS, settings.PIXELS)) - (settings.PIXELS - 1) / 2
    distance_mm = np.hypot(down, across) * settings.PATCH_SPACING_MM
    values = -870 + 900 / (1 + np.exp((distance_mm - 6) / 0.5))
    prepared = preprocess(
        values.astype(np.float32), monochrome1=False, operations=settings.OPERATIONS
    )
    return prepared.tensor[None, None]


def _manifest(metrics: dict[str, Any]) -> package.Json:
    code = {"value": "27925004", "scheme": "SCT", "meaning": "Nodule"}
    lung = {"value": "39607008", "scheme": "SCT", "meaning": "Lung"}
    split, test = metrics["split"], metrics["test"]
    return {
        **package.common_fields(IDENTITY, WORDS),
        "task": {
            "kind": "detection",
            "parameters": {
                "patch_spacing_mm": settings.PATCH_SPACING_MM,
                "largest_in_patch_mm": settings.LARGEST_IN_PATCH_MM,
                "max_candidates": settings.MAX_CANDIDATES,
                "max_findings": settings.MAX_FINDINGS,
                "smallest_diameter_mm": settings.SMALLEST_DIAMETER_MM,
                "lung": dict(settings.LUNG),
            },
        },
        "applicability": {
            "modality": ["CT"],
            "body_part": ["CHEST", "THORAX", "LUNG"],
            "photometric": ["MONOCHROME2"],
            "orientation": ["AXIAL"],
            "min_age_years": 16,
            "min_rows": 256,
            "min_columns": 256,
            "min_frames": 5,
            "max_frames": 2000,
            "max_slice_thickness_mm": 10,
        },
        "input": {
            "tensor": "image",
            "layout": "NCHW",
            "dtype": "float32",
            "shape": [1, 1, settings.PIXELS, settings.PIXELS],
            "operations": list(settings.OPERATIONS),
            "max_batch": 32,
        },
        "outputs": [
            {"tensor": "scores", "type": "probabilities", "layout": "NC", "shape": [1, 1]},
            package.GATE_OUTPUT,
        ],
        "quality": {"values": list(settings.VALUES)},
        "gate": package.gate(
            GATE_METHOD, tuple(gate_words.sentences(metrics["gate"], GATE_SOURCES))
        ),
        "labels": [{"index": 0, "key": FINDING, "display": {"en": "Lung nodule"}, "code": code}],
        "findings": [
            {
                "key": FINDING,
                "display": {"en": "Lung nodule"},
                "code": code,
                "site": lung,
                "score": {"name": "Score", "unit": "1"},
            }
        ],
        "operating_points": [
            package.point(
                name,
                name == "second_read",
                FINDING,
                metrics["thresholds"][name],
                test["points"][name],
                TESTED,
                unit="patches",
            )
            for name in settings.THRESHOLD_SPECIFICITY
        ],
        "explanation": {
            "method": "native_map",
            "output": "scores",
            "labels": [FINDING],
            "name": "Dense region around the place, shaded by its score",
            "note": "Shows where the network was asked and how it scored; not what it looked at.",
        },
        "training_data": [
            {
                "name": DATA,
                "patients": split["training"]["stretches"],
                "images": split["training"]["patches"],
                "split_unit": "contiguous stretch of the list of candidates, which is ordered by "
                "scan; the patches name no patient",
                "source": SOURCE,
                "licence": WORDS.data_licence,
                "labels_by": LABELS_BY,
            }
        ],
        "performance": package.performance(
            TESTED, {"AUROC, nodule against look-alike patch": test["AUROC"]}
        ),
    }


CARD = Path(__file__).with_name("card.md")


def _card(metrics: dict[str, Any], series: dict[str, Any]) -> str:
    split, test = metrics["split"], metrics["test"]
    points = [
        (f"{key}, {name} (score > {metrics['thresholds'][name]})", test["points"][name][key], None)
        for name in settings.THRESHOLD_SPECIFICITY
        for key in ("sensitivity", "specificity")
    ]
    return CARD.read_text(encoding="utf-8").format(
        words=WORDS,
        settings=settings,
        data=DATA,
        source=SOURCE,
        labels_by=LABELS_BY,
        not_for=package.bullets(WORDS.not_for),
        warnings=package.bullets(WORDS.warnings),
        split=split,
        members=_members_words(),
        used=sum(part["patches"] for part in split.values()),
        mirrorings=len(settings.MIRRORINGS),
        validation=metrics["validation"]["AUROC"]["value"],
        table=package.table([("AUROC, nodule against look-alike", test["AUROC"], GOAL), *points]),
        series=_series_words(series),
        gate=gate_words.for_card(metrics["gate"], GATE_SOURCES, "series"),
        gate_method=GATE_METHOD,
    )


KINDS = {
    "small": ("small residual network", "small residual networks"),
    "pretrained": (
        "network of the first eleven blocks of EfficientNet-Lite0 (ImageNet weights, Apache-2.0)",
        "networks of the first eleven blocks of EfficientNet-Lite0 (ImageNet weights, Apache-2.0)",
    ),
}
"""One and several members of a kind, in the card's words."""


def _members_words() -> str:
    counts = Counter(plan.kind for plan in settings.MEMBERS)
    return " and ".join(f"{n} {KINDS[kind][n > 1]}" for kind, n in counts.items()) + ","


def _series_words(series: dict[str, Any]) -> str:
    if not series:
        return "Not run."
    rows = [
        f"| {name} | {found['slices']} | {found['findings']} | {found['said']} | {found['seconds']:.0f} s |"
        for name, found in series["series"].items()
    ]
    return "\n".join(
        [
            "No labelled scans were at hand, so sensitivity and false positives per scan are NOT",
            "known. Two public series of other hospitals were run through the viewer and looked at:",
            "",
            "| series | slices | findings | what they are | time, two cores |",
            "|---|---|---|---|---|",
            *rows,
            "",
            series["note"],
        ]
    )
