"""Manifest, card and licence of a trained classifier; every figure comes from the run's metrics."""

import json
from datetime import date
from typing import Any

from models.training.classify.data import DataSet
from models.training.classify.evaluate import Metrics
from models.training.classify.settings import (
    MIN_ONNXRUNTIME,
    OPSET,
    TOLERANCE,
    DataError,
    Options,
)
from viewer.inference.importing.labels import slug
from viewer.inference.importing.words import LOCAL_SCHEME, local_code

Json = dict[str, Any]

WARNINGS = (
    "Research use only; not a medical device.",
    "Measured on patients of the same source as those it was trained on; other hospitals' images may "
    "do worse.",
    "Nothing tells it that an image is unlike those it was trained on; it gives a score to any image "
    "that its header admits.",
)
NOTE = "Shows what raised the score, not the outline of a lesion."
KNOWN = ("name", "model_id", "version", "vendor", "intended_use", "licence", "data", "labels")
FIGURES = ("accuracy", "sensitivity", "specificity", "PPV", "F1")


def about(options: Options) -> Json:
    """What --about says, with plain defaults; raises DataError for a field it cannot have."""
    given: Json = {}
    if options.about is not None:
        given = json.loads(options.about.read_text(encoding="utf-8"))
    unknown = sorted(set(given) - set(KNOWN))
    if unknown:
        raise DataError(f"{options.about} has unknown fields: {', '.join(unknown)}.")
    name = given.get("name", options.out.name.replace("_", " "))
    return {
        "name": name,
        "model_id": f"local.trained.{slug(name)}",
        "version": "1.0.0",
        "vendor": "not stated",
        "intended_use": f"Second read by {name}; research only.",
        "licence": "not stated",
        "data": options.data.name,
        "labels": {},
        **given,
    }


def manifest(
    data: DataSet,
    options: Options,
    metrics: Metrics,
    about: Json,
    limits: list[float],
    maps: tuple[int, ...],
) -> Json:
    """manifest.json, schema version 1, without `files`."""
    method = {"method": "temperature", "temperature": metrics["temperature"]}
    labels = [_label(data, about, index) for index in range(len(data.labels))]
    return {
        "schema_version": 1,
        **{key: about[key] for key in ("model_id", "version", "name", "vendor", "intended_use")},
        "release_date": date.today().isoformat(),
        "not_for": ["Diagnosis without a physician, triage, or ruling a disease out."],
        "regulatory_status": "research",
        "warnings": [*WARNINGS, *_own_warnings(options)],
        "licences": {"code": "MIT", "weights": _weights(options, about), "data": about["licence"]},
        "task": {"kind": "classification", "parameters": {"map_range": limits}},
        "applicability": {
            "modality": list(options.modality),
            "body_part": list(options.body_part),
            "view": list(options.view),
            "photometric": ["MONOCHROME1", "MONOCHROME2"],
            "min_rows": 32,
            "min_columns": 32,
        },
        **_tensors(len(labels), options, maps),
        "labels": labels,
        "findings": [_finding(label, metrics) for label in labels],
        "operating_points": _points(data, metrics, about),
        "calibration": method if metrics["calibrated"] else {"method": "none"},
        "explanation": {
            "method": "class_activation",
            "output": "cam",
            "labels": list(data.labels),
            "name": "Class activation map",
            "note": NOTE,
        },
        "training_data": [_training(data, about)],
        "performance": list(_performance(data, metrics, about)),
        "runtime": {
            "opset": OPSET,
            "min_onnxruntime": MIN_ONNXRUNTIME,
            "tolerance": TOLERANCE,
            "cpu_cuda_max_difference": "not measured",
        },
        "golden": [{"file": "golden/made_picture.npz", "tolerance": TOLERANCE}],
        "references": [
            "Zhou B et al. Learning deep features for discriminative localization. CVPR 2016."
        ],
        "changelog": [f"{about['version']}: trained on {date.today().isoformat()}"],
        "contacts": ["whoever trained it"],
    }


def card(data: DataSet, options: Options, metrics: Metrics, about: Json) -> str:
    """MODEL_CARD.md."""
    counts = "\n".join(
        f"| {part} | {len(found)} | {len({s.patient for s in found})} | "
        + " | ".join(str(sum(s.truth[i] for s in found)) for i in range(len(data.labels)))
        + " |"
        for part in ("train", "val", "test")
        for found in (data.part(part),)
    )
    sections = "\n".join(_section(label, metrics["labels"][label]) for label in data.labels)
    heat = f"probabilities (temperature {metrics['temperature']})"
    if not metrics["calibrated"]:
        heat = "scores, not probabilities: no temperature calibrated them on the test patients"
    warnings = "\n".join(f"- {one}" for one in (*WARNINGS, *_own_warnings(options)))
    return (
        f"# {about['name']} {about['version']}\n\n{about['intended_use']}\n\n"
        f"## Data\n{about['data']}, licence: {about['licence']}.\n\n"
        f"| part | images | patients | {' | '.join(data.titles)} |\n"
        f"|---|---|---|{'---|' * len(data.titles)}\n{counts}\n\n"
        f"## How well, on the test patients\nIntervals are 95 %, by drawing patients again. The numbers "
        f"are {heat}. Where every image is told right, an AUROC has no interval to speak of.\n\n"
        f"{sections}\n"
        f"`figures/` holds the ROC curve, the reliability diagram and the confusion matrices.\n\n"
        f"## Made by\n`{options.network}`, {options.size} x {options.size}, augmentation "
        f"{options.augment:g}, {'mirrored' if options.flip else 'never mirrored'}, seed {options.seed}; "
        f"the epoch that was best on the validation patients.\n\n## Limits\n{warnings}\n"
    )


def licence(options: Options, about: Json) -> str:
    """What is known of the licences."""
    return f"Code: MIT (SecondRead).\nWeights: {_weights(options, about)}\n"


def _section(label: str, found: Metrics) -> str:
    errors = found["calibration_error"]
    lines = [
        f"### {label}",
        f"AUROC {_said(found['AUROC'])}; calibration error {errors['before']} ",
    ]
    lines[-1] += f"as it is, {errors['after']} with the temperature of the validation patients.\n"
    lines += [f"| operating point | threshold | {' | '.join(FIGURES)} |", "|---" * 7 + "|"]
    for name, point in found["points"].items():
        cells = " | ".join(_said(point[figure]) for figure in FIGURES)
        lines.append(f"| {name} | {point['threshold']:.4f} | {cells} |")
    return "\n".join(lines) + "\n"


def _said(figure: Metrics) -> str:
    low, high = figure["ci95"]
    return f"{figure['value']:.3f} ({low:.3f} to {high:.3f})"


def _own_warnings(options: Options) -> list[str]:
    if not options.each_file:
        return []
    return [
        "Each file was counted as a patient of its own, as whoever trained it said; if that is not so, "
        "its figures are too good."
    ]


def _weights(options: Options, about: Json) -> str:
    start = {"efficientnet_lite0": "; initialised from EfficientNet-Lite0 on ImageNet, Apache-2.0"}
    return f"{about['licence']}{start.get(options.network, '')}"


def _tensors(labels: int, options: Options, maps: tuple[int, ...]) -> Json:
    scores = {"tensor": "scores", "type": "probabilities", "layout": "NC", "shape": [1, labels]}
    cam = {"tensor": "cam", "type": "activations", "layout": "NCHW", "shape": list(maps)}
    return {
        "input": {
            "tensor": "image",
            "layout": "NCHW",
            "dtype": "float32",
            "shape": [1, 1, options.size, options.size],
            "operations": options.operations,
        },
        "outputs": [scores, cam],
    }


def _label(data: DataSet, about: Json, index: int) -> Json:
    key, title = data.labels[index], data.titles[index]
    told = about["labels"].get(key, about["labels"].get(title, {}))
    display = told.get("display", title.replace("_", " ").capitalize())
    code = {"value": local_code(key), "scheme": LOCAL_SCHEME.replace("IMPORTED", "TRAINED")}
    return {
        "index": index,
        "key": key,
        "display": {"en": display},
        "code": told.get("code", {**code, "meaning": display[:64]}),
    }


def _finding(label: Json, metrics: Metrics) -> Json:
    name = "Probability" if metrics["calibrated"] else "Score"
    whole = {key: value for key, value in label.items() if key != "index"}
    return {**whole, "score": {"name": name, "unit": "1"}}


def _points(data: DataSet, metrics: Metrics, about: Json) -> list[Json]:
    """Performance is given where there is one finding; of several, it stands in `performance`."""
    found = []
    for name in ("second_read", "screening"):
        each = {label: metrics["labels"][label]["points"][name] for label in data.labels}
        point: Json = {
            "name": name,
            "default": name == "second_read",
            "thresholds": {label: one["threshold"] for label, one in each.items()},
        }
        if len(each) == 1:
            (one,) = each.values()
            point["performance"] = {
                **{
                    key: [one[key]["value"], *one[key]["ci95"]]
                    for key in ("sensitivity", "specificity")
                },
                "n": one["accuracy"]["n"],
                "data": f"{about['data']}, test patients",
            }
        found.append(point)
    return found


def _performance(data: DataSet, metrics: Metrics, about: Json) -> list[Json]:
    entries = []
    for label in data.labels:
        found = metrics["labels"][label]
        point = found["points"]["second_read"]
        named = {"AUROC": found["AUROC"], **{f"{n} at second_read": point[n] for n in FIGURES}}
        entries += [
            {
                "data": f"{about['data']}, test patients",
                "metric": f"{label}: {name}",
                **{key: figure[key] for key in ("n", "value", "ci95")},
                "internal": True,
            }
            for name, figure in named.items()
        ]
    return [one for one in entries if _is_number(one["value"], *one["ci95"])]


def _is_number(*numbers: float) -> bool:
    return all(number == number for number in numbers)


def _training(data: DataSet, about: Json) -> Json:
    trained = data.part("train")
    return {
        "name": about["data"],
        "patients": len({sample.patient for sample in trained}),
        "images": len(trained),
        "split_unit": "patient",
        "source": about["data"],
        "licence": about["licence"],
        "labels_by": "not stated",
    }
