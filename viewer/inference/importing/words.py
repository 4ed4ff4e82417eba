"""The manifest, card and licence note of an imported classifier: all it says is what was answered."""

import hashlib
from typing import Any

from viewer.inference.importing.answers import Answers
from viewer.inference.importing.graph import Graph
from viewer.inference.importing.labels import Label, slug

GOLDEN = "golden/made_picture.npz"
TOLERANCE = 1e-3
LOCAL_SCHEME = "99IMPORTED"
"""Coding scheme designator of labels without a code (private: DICOM PS3.3 section 8.2)."""

LONGEST_CODE = 16
"""Characters of a Code Value (PS3.5, value representation SH)."""

IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
"""Mean and standard deviation of ImageNet's channels, of values 0 to 1."""

SCALES = {"minus_one_to_one": (0.5, 0.5), "eight_bit": (0.0, 1 / 255)}
"""Mean and standard deviation that bring 0 to 1 to the range."""

READS = {
    "unit": "grey values from 0 to 1",
    "minus_one_to_one": "grey values from -1 to 1",
    "eight_bit": "grey values from 0 to 255",
    "imagenet": "grey values normalised like ImageNet's colours",
}

Json = dict[str, Any]


def manifest_of(graph: Graph, answers: Answers, day: str) -> Json:
    """manifest.json, schema version 1, without `files`."""
    points = {"name": "second_read", "default": True, "thresholds": dict(answers.thresholds)}
    return {
        "schema_version": 1,
        "model_id": f"local.imported.{slug(answers.name)}",
        "version": answers.text("version"),
        "name": answers.name,
        "vendor": answers.text("vendor"),
        "release_date": day,
        "intended_use": _use(answers),
        "not_for": ["Anything but trying it out: how well it does was not measured here."],
        "regulatory_status": "research",
        "warnings": list(WARNINGS),
        "licences": {
            "code": answers.text("licence"),
            "weights": answers.text("licence"),
            "data": "not stated",
        },
        "task": {"kind": "scores_only", "parameters": {"activation": answers.activation}},
        "applicability": _applicability(answers),
        **_tensors(graph, answers),
        "labels": [_label(index, label) for index, label in enumerate(answers.labels)],
        "findings": [_finding(label) for label in answers.labels if label.finding],
        "operating_points": [points],
        "calibration": {"method": "none"},
        "explanation": {"method": "none"},
        "training_data": [_training(answers)],
        "performance": [],
        "runtime": {
            "opset": max(graph.opset, 7),
            "min_onnxruntime": "1.17",
            "tolerance": TOLERANCE,
            "cpu_cuda_max_difference": "not measured",
        },
        "golden": [{"file": GOLDEN, "tolerance": TOLERANCE}],
        "references": [],
        "changelog": [f"{answers.text('version')}: imported on {day}"],
        "contacts": ["whoever imported it"],
    }


WARNINGS = (
    "No input check: it answers whatever image its header rules let through.",
    "Imported, not measured here: sensitivity and specificity at its threshold are not known.",
    "It brings no map: what it looked at cannot be shown.",
    "Nothing tells it that an image is unlike those it was trained on; it gives a score to any.",
    "Its grey values are made from the DICOM image by the answers given at import; whether it was "
    "trained on such values only a measurement shows.",
)


def card(graph: Graph, answers: Answers, day: str) -> str:
    """MODEL_CARD.md."""
    rows, columns = answers.size
    labels = "\n".join(f"{i}. {_said(label, answers)}" for i, label in enumerate(answers.labels))
    return (
        f"# {answers.name} {answers.text('version')}\n\n"
        f"**Imported on {day}, not measured here.**\n\n{_use(answers)}\n\n"
        f"## What it reads\n{READS[answers.normalisation]}, {rows} x {columns}, "
        f"{answers.channels} channel(s), {answers.layout}; contrast: {answers.text('contrast')}; "
        f"shape: {answers.text('aspect')}.\n\n"
        f"## What it says\nOutput `{answers.output}`, activation {answers.activation}:\n\n{labels}\n\n"
        "## How well\nNot measured. Measure it before anything is concluded from it: "
        "`secondread models evaluate PACKAGE --labels labels.csv --json figures.json`.\n\n"
        "## Limits\n" + "\n".join(f"- {warning}" for warning in WARNINGS) + "\n\n"
        f"## Provenance\nMade by: {answers.text('vendor')}. Data: {answers.text('data')}. "
        f"Licence: {answers.text('licence')}. ONNX operator set {graph.opset}.\n"
    )


def licence(answers: Answers) -> str:
    """What is known of the licence."""
    return f"Licence of the imported network, as answered at import: {answers.text('licence')}\n"


def operations(answers: Answers) -> list[Json]:
    """input.operations: MONOCHROME1 turned, 0 to 1, resized, brought to the network's range."""
    cut = {"op": "clip_percentiles", "low": 1.0, "high": 99.0}
    rows, columns = answers.size
    size = {"op": "resize", "rows": rows, "columns": columns, "aspect": answers.text("aspect")}
    scale = SCALES.get(answers.normalisation)
    return [
        {"op": "invert_monochrome1"},
        *([cut] if answers.text("contrast") == "percentiles" else []),
        {"op": "scale_to_unit"},
        size,
        *([{"op": "standardise", "mean": scale[0], "std": scale[1]}] if scale else []),
    ]


def _use(answers: Answers) -> str:
    return answers.text("intended_use") or f"Second read by {answers.name}; research only."


def _said(label: Label, answers: Answers) -> str:
    if not label.finding:
        return f"{label.display}: never proposed"
    return f"{label.display}: proposed above {answers.thresholds[label.key]:g}"


def _applicability(answers: Answers) -> Json:
    return {
        "modality": list(answers.modality),
        "body_part": list(answers.body_part),
        "view": list(answers.view),
        "photometric": ["MONOCHROME1", "MONOCHROME2"],
        "min_rows": 64,
        "min_columns": 64,
    }


def _tensors(graph: Graph, answers: Answers) -> Json:
    sizes = {
        "NCHW": [1, answers.channels, *answers.size],
        "NHWC": [1, *answers.size, answers.channels],
    }
    mean, std = IMAGENET
    colours = {"channel_mean": list(mean), "channel_std": list(std)}
    kind = "probabilities" if answers.activation == "none" else "activations"
    return {
        "input": {
            "tensor": graph.input,
            "layout": answers.layout,
            "dtype": "float32",
            "shape": sizes[answers.layout],
            "operations": operations(answers),
            **(colours if answers.normalisation == "imagenet" else {}),
        },
        "outputs": [
            {
                "tensor": answers.output,
                "type": kind,
                "layout": "NC",
                "shape": [1, len(answers.labels)],
            }
        ],
    }


def _label(index: int, label: Label) -> Json:
    value, scheme, meaning = label.code or (local_code(label.key), LOCAL_SCHEME, label.display[:64])
    code = {"value": value, "scheme": scheme, "meaning": meaning}
    return {"index": index, "key": label.key, "display": {"en": label.display}, "code": code}


def _finding(label: Label) -> Json:
    whole = {name: part for name, part in _label(0, label).items() if name != "index"}
    return {**whole, "score": {"name": "Score", "unit": "1"}}


def local_code(key: str) -> str:
    """A Code Value of at most 16 characters; long keys end in digits of their hash, so that they differ."""
    if len(key) <= LONGEST_CODE:
        return key.upper()
    return key[:9].upper() + "_" + hashlib.sha256(key.encode()).hexdigest()[:6].upper()


def _training(answers: Answers) -> Json:
    return {
        "name": answers.text("data"),
        "patients": 0,
        "images": 0,
        "split_unit": "not stated",
        "source": "not stated",
        "licence": "not stated",
        "labels_by": "not stated",
    }
