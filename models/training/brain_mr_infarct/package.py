"""The package: model, golden phantom, card and manifest, all figures taken from metrics.json."""

import json
from pathlib import Path
from typing import Any

from models.training.brain_mr_infarct import settings
from models.training.brain_mr_infarct.words import (
    DATA,
    GATE_METHOD,
    GATE_SOURCES,
    LABELS_BY,
    SOURCE,
    WORDS,
)
from models.training.common import gate_words, package, slice_package
from models.training.common.artefact import Identity, Shipped
from models.training.common.slice_measures import OUTPUTS
from viewer.inference.preprocessing import preprocess

IDENTITY = Identity(settings.MODEL_ID, settings.VERSION)
KEY = "cerebral_infarction"
FINDING: package.Json = {
    "key": KEY,
    "display": {"en": "Acute infarct"},
    "code": {"value": "432504007", "scheme": "SCT", "meaning": "Cerebral infarction"},
}
TESTED = f"{DATA}, test patients, one slice each"
DICE_GOAL, AUROC_GOAL = 0.70, 0.88
CARD = Path(__file__).with_name("card.md")
NATIVE = Path(__file__).with_name("native.md")
"""What was measured of the alignment, by hand; it does not depend on the network's weights."""


def export(run: Path, folder: Path) -> None:
    """Fill the folder from the run's model.onnx and metrics.json."""
    metrics = json.loads((run / "metrics.json").read_text())
    metrics["gate"] = package.measured_gate(run)
    film = slice_package.head_phantom(189, 156, scalp=False)
    image = preprocess(
        film, monochrome1=False, operations=settings.OPERATIONS, pixel_mm=(1.0, 1.0)
    ).tensor[None, None]
    names = (*OUTPUTS, "distance")
    found = Shipped(run / "model.onnx", names)(image)
    golden = {"image": image, **dict(zip(names, found, strict=True))}
    package.fill(folder, run / "model.onnx", golden, _card(metrics), _manifest(metrics), WORDS)


def _manifest(metrics: dict[str, Any]) -> package.Json:
    test = metrics["test"]
    figures = {
        "Dice, pooled over slices with an infarct": test["pooled Dice"],
        "Dice, mean of slices with an infarct": test["mean Dice"],
        "slice AUROC": test["slice AUROC"],
        "share of slices that pass the gate": metrics["gate, test slices that pass"],
    }
    applicability: package.Json = {
        "modality": ["MR"],
        "body_part": ["BRAIN", "HEAD"],
        "photometric": ["MONOCHROME2"],
        "sequence": ["FLAIR"],
        "orientation": ["AXIAL"],
        "min_age_years": 18,
        "max_frames": 400,
    }
    parameters: package.Json = {
        "mask_threshold": settings.MASK_THRESHOLD,
        "smallest_share": settings.SMALLEST_SHARE,
        "max_findings": settings.MAX_FINDINGS,
        "brain_only": {
            "width_mm": list(settings.BRAIN_WIDTH_MM),
            "length_mm": list(settings.BRAIN_LENGTH_MM),
        },
        "brain_space": settings.BRAIN_SPACE,
    }
    shape = (settings.ROWS, settings.COLUMNS)
    return {
        **slice_package.manifest(
            IDENTITY,
            WORDS,
            FINDING,
            shape,
            settings.OPERATIONS,
            applicability,
            parameters,
            package.gate(GATE_METHOD, tuple(gate_words.sentences(metrics["gate"], GATE_SOURCES))),
        ),
        "default_state": "shadow",
        "operating_points": slice_package.points(KEY, metrics, TESTED),
        "training_data": [
            {
                "name": DATA,
                "patients": metrics["training"]["patients"],
                "images": metrics["training"]["slices"],
                "split_unit": "patient",
                "source": SOURCE,
                "licence": WORDS.data_licence,
                "labels_by": LABELS_BY,
            }
        ],
        "performance": package.performance(TESTED, figures),
    }


def _card(metrics: dict[str, Any]) -> str:
    test = metrics["test"]
    rows = [
        ("Dice, all pixels of the slices with an infarct pooled", test["pooled Dice"], DICE_GOAL),
        ("Dice, mean of the slices with an infarct", test["mean Dice"], DICE_GOAL),
        ("Dice, all pixels of all slices pooled", test["pooled Dice of all slices"], None),
        ("slice AUROC", test["slice AUROC"], AUROC_GOAL),
        *slice_package.point_rows(metrics),
        ("test slices that pass the gate", metrics["gate, test slices that pass"], None),
    ]
    if "gate, whole heads that pass" in metrics:
        rows.append(
            ("whole heads that pass the gate", metrics["gate, whole heads that pass"], None)
        )
    return CARD.read_text(encoding="utf-8").format(
        words=WORDS,
        settings=settings,
        data=DATA,
        source=SOURCE,
        labels_by=LABELS_BY,
        not_for=package.bullets(WORDS.not_for),
        warnings=package.bullets(WORDS.warnings),
        metrics=metrics,
        native=NATIVE.read_text(encoding="utf-8").rstrip(),
        table=package.table(rows),
        gate=gate_words.for_card(metrics["gate"], GATE_SOURCES, "series"),
        gate_method=GATE_METHOD,
    )
