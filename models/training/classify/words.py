"""Manifest and card of a trained classifier; every figure comes from the run's metrics."""

from models.training.classify.data import DataSet
from models.training.classify.evaluate import Metrics
from models.training.classify.settings import Options
from models.training.common import own_package
from models.training.common.own_doubts import default_state, doubts
from models.training.common.own_package import Json, said
from models.training.common.own_settings import PARTS

NOTE = "Shows what raised the score, not the outline of a lesion."
FIGURES = ("accuracy", "sensitivity", "specificity", "PPV", "F1")


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
    titles = enumerate(zip(data.labels, data.titles, strict=True))
    labels = [own_package.label(index, key, title, about) for index, (key, title) in titles]
    score = "Probability" if metrics["calibrated"] else "Score"
    common = own_package.common_fields(options, about, data.part("train"))
    return {
        **common,
        "warnings": [*common["warnings"], *doubts_of(data, metrics)],
        "default_state": default_state(one["AUROC"] for one in metrics["labels"].values()),
        "task": {"kind": "classification", "parameters": {"map_range": limits}},
        "input": own_package.input_tensor(options),
        "outputs": _outputs(len(labels), maps),
        "labels": labels,
        "findings": [own_package.finding(label, score) for label in labels],
        "operating_points": _points(data, metrics, about),
        "calibration": method if metrics["calibrated"] else {"method": "none"},
        "explanation": {
            "method": "class_activation",
            "output": "cam",
            "labels": list(data.labels),
            "name": "Class activation map",
            "note": NOTE,
        },
        "performance": list(_performance(data, metrics, about)),
        "references": [
            "Zhou B et al. Learning deep features for discriminative localization. CVPR 2016."
        ],
    }


def card(data: DataSet, options: Options, metrics: Metrics, about: Json, manifest: Json) -> str:
    """MODEL_CARD.md, without what its gate was measured to do; warnings and codes are the manifest's."""
    rows = {part: _counted(data, part) for part in PARTS}
    counts = own_package.counts(" | ".join(("part", "images", "patients", *data.titles)), rows)
    pairs = zip(data.labels, data.titles, strict=True)
    sections = "\n".join(_section(title, metrics["labels"][label]) for label, title in pairs)
    heat = f"probabilities (temperature {metrics['temperature']})"
    if not metrics["calibrated"]:
        heat = "scores, not probabilities: no temperature calibrated them on the test patients"
    return (
        f"# {about['name']} {about['version']}\n\n{about['intended_use']}\n\n"
        f"## Data\n{about['data']}, licence: {about['licence']}.\n\n{counts}\n\n"
        f"## How well, on the test patients\nIntervals are 95 %, by drawing patients again. The numbers "
        f"are {heat}. Where every image is told right, an AUROC has no interval to speak of.\n\n"
        f"{sections}\n"
        f"`figures/` holds the ROC curve, the reliability diagram, the confusion matrices and how the "
        f"training went.\n\n{own_package.codes(manifest['labels'])}\n"
        f"{own_package.made_by(options, manifest['warnings'])}"
    )


def doubts_of(data: DataSet, metrics: Metrics) -> list[str]:
    """What the test patients do not prove."""
    found = []
    for label, title in zip(data.labels, data.titles, strict=True):
        figures = metrics["labels"][label]
        point = figures["points"]["second_read"]
        counts = (point["sensitivity"]["n"], point["specificity"]["n"])
        found += doubts(title, *counts, figures["AUROC"])
    return found


def told(data: DataSet, metrics: Metrics) -> str:
    """The figures that count, for whoever waited for them."""
    lines = ["On the test patients (95 % intervals):"]
    for label, title in zip(data.labels, data.titles, strict=True):
        figures = metrics["labels"][label]
        lines.append(f"  {title}: AUROC {said(figures['AUROC'])}")
        for name, point in figures["points"].items():
            rates = ", ".join(
                f"{rate} {said(point[rate])}" for rate in ("sensitivity", "specificity")
            )
            lines.append(f"    {name}: {rates}")
    return "\n".join([*lines, *doubts_of(data, metrics)])


def _counted(data: DataSet, part: str) -> list[int]:
    """Images, patients, and images with each label."""
    found = data.part(part)
    positive = [sum(s.truth[i] for s in found) for i in range(len(data.labels))]
    return [len(found), len({s.patient for s in found}), *positive]


def _section(label: str, found: Metrics) -> str:
    errors = found["calibration_error"]
    lines = [
        f"### {label}",
        f"AUROC {said(found['AUROC'])}; calibration error {errors['before']} ",
    ]
    lines[-1] += f"as it is, {errors['after']} with the temperature of the validation patients.\n"
    lines += [f"| operating point | threshold | {' | '.join(FIGURES)} |", "|---" * 7 + "|"]
    for name, point in found["points"].items():
        cells = " | ".join(said(point[figure]) for figure in FIGURES)
        lines.append(f"| {name} | {point['threshold']:.4f} | {cells} |")
    return "\n".join(lines) + "\n"


def _outputs(labels: int, maps: tuple[int, ...]) -> list[Json]:
    scores = {"tensor": "scores", "type": "probabilities", "layout": "NC", "shape": [1, labels]}
    cam = {"tensor": "cam", "type": "activations", "layout": "NCHW", "shape": list(maps)}
    return [scores, cam]


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
            n = one["accuracy"]["n"]
            point["performance"] = own_package.point_performance(one, n, about)
        found.append(point)
    return found


def _performance(data: DataSet, metrics: Metrics, about: Json) -> list[Json]:
    found: dict[str, Json] = {}
    for label in data.labels:
        figures = metrics["labels"][label]
        point = figures["points"]["second_read"]
        named = {"AUROC": figures["AUROC"], **{f"{n} at second_read": point[n] for n in FIGURES}}
        found |= {f"{label}: {name}": figure for name, figure in named.items()}
    return own_package.entries(about, found)
