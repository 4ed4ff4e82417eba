"""The package: model, golden phantom, card and manifest, all figures taken from metrics.json."""

import json
from pathlib import Path
from typing import Any

from models.training.brain_mr_tumour import settings
from models.training.brain_mr_tumour.words import (
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
KEY = "brain_tumour"
FINDING: package.Json = {
    "key": KEY,
    "display": {"en": "Brain tumour"},
    "code": {"value": "126952004", "scheme": "SCT", "meaning": "Neoplasm of brain"},
}
TESTED = f"{DATA}, test patients"
DICE_GOAL, AUROC_GOAL = 0.80, 0.95
CARD = Path(__file__).with_name("card.md")


def export(run: Path, folder: Path) -> None:
    """Fill the folder from the run's model.onnx and metrics.json."""
    metrics = json.loads((run / "metrics.json").read_text())
    metrics["gate"] = package.measured_gate(run)
    film = slice_package.head_phantom(256, 232, scalp=True)
    image = preprocess(
        film, monochrome1=False, operations=settings.OPERATIONS, pixel_mm=(0.9, 0.9)
    ).tensor[None, None]
    names = (*OUTPUTS, "distance")
    found = Shipped(run / "model.onnx", names)(image)
    golden = {"image": image, **dict(zip(names, found, strict=True))}
    package.fill(folder, run / "model.onnx", golden, _card(metrics), _manifest(metrics), WORDS)


def _manifest(metrics: dict[str, Any]) -> package.Json:
    test = metrics["test"]
    figures = {
        "Dice, pooled over slices with a tumour": test["pooled Dice"],
        "Dice, mean of slices with a tumour": test["mean Dice"],
        "slice AUROC": test["slice AUROC"],
        "slice AUROC, without slices near vertex and skull base": metrics[
            "slice AUROC, middle slices"
        ],
    }
    applicability: package.Json = {
        "modality": ["MR"],
        "body_part": ["BRAIN", "HEAD"],
        "photometric": ["MONOCHROME2"],
        "sequence": ["FLAIR"],
        "orientation": ["AXIAL"],
        "min_age_years": 18,
        "min_rows": 128,
        "min_columns": 128,
        "max_frames": 400,
        "max_slice_thickness_mm": 8,
    }
    parameters: package.Json = {
        "mask_threshold": settings.MASK_THRESHOLD,
        "smallest_share": settings.SMALLEST_SHARE,
        "max_findings": settings.MAX_FINDINGS,
    }
    shape = (settings.SIZE, settings.SIZE)
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
        "performance": [
            *package.performance(TESTED, figures),
            *(one for code in metrics["left out"] for one in _left_out(metrics, code)),
        ],
    }


def _left_out(metrics: dict[str, Any], code: str) -> list[package.Json]:
    found = metrics["left out"][code]
    data = (
        f"{DATA}, institution {code}, by a network trained on half of the other institutions' "
        "slices for one epoch only"
    )
    figures = {
        "Dice, mean of slices with a tumour": found["mean Dice"],
        "slice AUROC": found["slice AUROC"],
    }
    return package.performance(data, figures, internal=False)


def _card(metrics: dict[str, Any]) -> str:
    test = metrics["test"]
    rows = [
        ("Dice, all pixels of the slices with a tumour pooled", test["pooled Dice"], DICE_GOAL),
        ("Dice, mean of the slices with a tumour", test["mean Dice"], DICE_GOAL),
        ("slice AUROC", test["slice AUROC"], AUROC_GOAL),
        ("slice AUROC, middle slices", metrics["slice AUROC, middle slices"], None),
        ("slice AUROC of the head's area alone", metrics["position alone"], None),
        *slice_package.point_rows(metrics),
    ]
    left_out = [
        (f"{code} ({found['patients']} patients): {title}", found[key], None)
        for code, found in metrics["left out"].items()
        for key, title in (("mean Dice", "mean Dice"), ("slice AUROC", "slice AUROC"))
    ]
    return CARD.read_text(encoding="utf-8").format(
        words=WORDS,
        settings=settings,
        data=DATA,
        source=SOURCE,
        labels_by=LABELS_BY,
        not_for=package.bullets(WORDS.not_for),
        warnings=package.bullets(WORDS.warnings),
        metrics=metrics,
        short=settings.LEFT_OUT_PLANS[0].epochs,
        full=sum(plan.epochs for plan in settings.PLANS),
        table=package.table(rows),
        gate=gate_words.for_card(metrics["gate"], GATE_SOURCES, "series"),
        gate_method=GATE_METHOD,
        left_out=package.table(left_out) if left_out else "Not run.",
    )
