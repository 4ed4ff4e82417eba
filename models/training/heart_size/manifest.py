"""manifest.json, schema version 1, filled from the measured figures."""

from typing import Any

from models.training.heart_size import gate_words, settings, words

Metrics = dict[str, Any]
CODES = {
    "heart": ("Heart", "80891009", "Heart", None),
    "right_lung": ("Right lung", "39607008", "Lung", "R"),
    "left_lung": ("Left lung", "39607008", "Lung", "L"),
}
"""Label: display, SNOMED CT code, its meaning, laterality."""
FINDING = "enlarged_cardiac_silhouette"
SHAPE = [1, 1, settings.SIZE, settings.SIZE]
MAPS_SHAPE = [1, len(settings.LABELS), settings.SIZE, settings.SIZE]


def filled(metrics: Metrics, files: list[dict[str, object]]) -> dict[str, object]:
    """The whole manifest."""
    return {
        **_identity(files),
        "task": {"kind": "cardiothoracic_ratio", "parameters": metrics["task_parameters"]},
        "applicability": _applicability(),
        **_tensors(),
        "labels": [_label(index, key) for index, key in enumerate(settings.LABELS)],
        "findings": [_finding()],
        "operating_points": _operating_points(metrics["test"]),
        "calibration": {"method": "none"},
        "explanation": _explanation(),
        "training_data": [_training_data(metrics)],
        "performance": [*_internal(metrics["test"]), *_external(metrics["external"])],
        "runtime": _runtime(),
        "golden": [{"file": "golden/phantom.npz", "tolerance": settings.TOLERANCE}],
        "references": list(words.REFERENCES),
        "changelog": list(words.CHANGELOG),
        "contacts": ["The SecondRead founders, through the project's issue tracker"],
        "gate": {
            "output": "distance",
            "highest": 1.0,
            "method": words.GATE_METHOD,
            "measured": list(gate_words.measured(metrics["gate"], metrics["gate fresh"])),
        },
    }


def _identity(files: list[dict[str, object]]) -> dict[str, object]:
    return {
        "schema_version": 1,
        "model_id": settings.MODEL_ID,
        "version": settings.VERSION,
        "name": words.NAME,
        "vendor": "SecondRead project",
        "release_date": settings.RELEASE_DATE,
        "files": files,
        "intended_use": words.INTENDED_USE,
        "not_for": list(words.NOT_FOR),
        "regulatory_status": "research",
        "warnings": list(words.WARNINGS),
        "licences": {
            "code": "MIT",
            "weights": f"MIT; encoder initialised from {words.ENCODER}",
            "data": f"{words.DATA_LICENCE} ({words.DATA})",
        },
    }


def _applicability() -> dict[str, object]:
    return {
        "modality": ["CR", "DX"],
        "body_part": ["CHEST", "THORAX"],
        "view": ["PA"],
        "photometric": ["MONOCHROME1", "MONOCHROME2"],
        "min_age_years": settings.MIN_AGE_YEARS,
        "min_rows": settings.SIZE,
        "min_columns": settings.SIZE,
    }


def _tensors() -> dict[str, object]:
    return {
        "input": {
            "tensor": "image",
            "layout": "NCHW",
            "dtype": "float32",
            "shape": SHAPE,
            "operations": list(settings.OPERATIONS),
        },
        "outputs": [
            {
                "tensor": "probabilities",
                "type": "probabilities",
                "layout": "NCHW",
                "shape": MAPS_SHAPE,
            },
            {"tensor": "distance", "type": "activations", "layout": "NC", "shape": [1, 1]},
        ],
    }


def _label(index: int, key: str) -> dict[str, object]:
    display, value, meaning, laterality = CODES[key]
    code = {"value": value, "scheme": "SCT", "meaning": meaning}
    label = {"index": index, "key": key, "display": {"en": display}, "code": code}
    return label if laterality is None else {**label, "laterality": laterality}


def _finding() -> dict[str, object]:
    return {
        "key": FINDING,
        "display": {"en": "Enlarged cardiac silhouette"},
        "code": {"value": "8186001", "scheme": "SCT", "meaning": "Cardiomegaly"},
        "site": {"value": "80891009", "scheme": "SCT", "meaning": "Heart"},
        "score": {"name": "Cardiothoracic ratio", "unit": "1"},
    }


def _operating_points(test: Metrics) -> list[dict[str, object]]:
    return [
        _operating_point("second_read", settings.RATIO_THRESHOLD, test, test),
        _operating_point("screening", settings.SCREENING_THRESHOLD, test["screening"], test),
    ]


def _operating_point(name: str, threshold: float, rates: Metrics, test: Metrics) -> Metrics:
    return {
        "name": name,
        "default": name == "second_read",
        "thresholds": {FINDING: threshold},
        "performance": {
            "sensitivity": _triple(rates["sensitivity"]),
            "specificity": _triple(rates["specificity"]),
            "n": test["AUROC"]["n"],
            "unit": "films",
            "data": f"{words.DATA}, test patients; against the published ratio > 0.50",
        },
    }


def _triple(figure: Metrics) -> list[float]:
    return [figure["value"], *figure["ci95"]]


def _explanation() -> dict[str, object]:
    return {
        "method": "native_map",
        "output": "probabilities",
        "labels": list(settings.LABELS),
        "name": "Segmentation probability (heart and lungs)",
        "note": words.EXPLANATION_NOTE,
    }


def _training_data(metrics: Metrics) -> dict[str, object]:
    return {
        "name": words.DATA,
        "patients": metrics["split"]["training"],
        "images": metrics["split"]["training"],
        "split_unit": "patient",
        "source": words.SOURCE,
        "licence": words.DATA_LICENCE,
        "labels_by": words.LABELS_BY,
    }


def _internal(test: Metrics) -> list[dict[str, object]]:
    data = f"{words.DATA}, test patients"
    names = {
        "heart Dice": "heart Dice",
        "lungs Dice": "lung Dice, mean of both",
        "ratio absolute error": "cardiothoracic ratio, mean absolute error",
        "AUROC": "AUROC of the ratio for a published ratio > 0.50",
        "sensitivity": "sensitivity at ratio > 0.50 for a published ratio > 0.50",
        "specificity": "specificity at ratio > 0.50 for a published ratio > 0.50",
    }
    return [_entry(data, title, test[key], internal=True) for key, title in names.items()]


def _external(external: Metrics | None) -> list[dict[str, object]]:
    if external is None:
        return []
    data = words.EXTERNAL.format(view="PA")
    keys = ("AUROC", "sensitivity", "specificity")
    title = "{} of the ratio for the report label Cardiomegaly"
    return [_entry(data, title.format(k), external["PA"][k], internal=False) for k in keys]


def _entry(data: str, metric: str, figure: Metrics, internal: bool) -> dict[str, object]:
    measured = {key: figure[key] for key in ("n", "value", "ci95")}
    return {"data": data, "metric": metric, **measured, "internal": internal}


def _runtime() -> dict[str, object]:
    return {
        "opset": settings.OPSET,
        "min_onnxruntime": settings.MIN_ONNXRUNTIME,
        "tolerance": settings.TOLERANCE,
        "cpu_cuda_max_difference": "not measured",
    }
