"""Manifest and card of a trained segmentation; every figure comes from the run's metrics."""

from collections.abc import Iterator

from models.training.common import own_package
from models.training.common.own_doubts import default_state, doubts
from models.training.common.own_package import Json, said
from models.training.common.own_settings import PARTS
from models.training.segment.data import DataSet
from models.training.segment.evaluate import Metrics
from models.training.segment.settings import (
    AXIAL,
    MASK_THRESHOLD,
    MAX_BATCH,
    MAX_FINDINGS,
    MAX_FRAMES,
    POSITION,
    SMALLEST_SHARE,
    Options,
)

OUTPUTS = ("probabilities", "image_score")
NOTE = "The network's own probability of each pixel."
PIXELS = ("Dice", "pooled Dice", "pixel sensitivity", "pixel PPV")
RATES = ("sensitivity", "specificity", "PPV")
UNKNOWN = "Every image of the data shows {title}: how often it is outlined where it is absent is not known."


def manifest(data: DataSet, options: Options, metrics: Metrics, about: Json, gated: bool) -> Json:
    """manifest.json, schema version 1, without `files` and gate."""
    named = enumerate(zip(data.labels, data.titles, strict=True))
    labels = [own_package.label(index, key, title, about) for index, (key, title) in named]
    common = own_package.common_fields(options, about, data.part("train"))
    return {
        **common,
        "warnings": [*own_package.warnings(options, gated), *doubts_of(data, metrics)],
        "default_state": default_state(metrics[key].get("image AUROC") for key in data.labels),
        "applicability": {**common["applicability"], **_slices(options)},
        "task": {"kind": "segmentation", "parameters": _parameters(options)},
        "input": {**own_package.input_tensor(options), "max_batch": MAX_BATCH},
        "outputs": _outputs(len(labels), options.size),
        "labels": labels,
        "findings": [own_package.finding(label, "Score") for label in labels],
        "operating_points": _points(data, metrics, about),
        "calibration": {"method": "none"},
        "explanation": {
            "method": "native_map",
            "output": OUTPUTS[0],
            "labels": list(data.labels),
            "name": "Segmentation probability",
            "note": NOTE,
        },
        "performance": own_package.entries(about, _figures(data, metrics)),
        "references": [
            "Ronneberger O et al. U-Net: convolutional networks for biomedical image segmentation. "
            "MICCAI 2015."
        ],
    }


def card(data: DataSet, options: Options, metrics: Metrics, about: Json, manifest: Json) -> str:
    """MODEL_CARD.md, without what its gate was measured to do; warnings and codes are the manifest's."""
    rows = {part: _counted(data, part) for part in PARTS}
    counts = own_package.counts(" | ".join(("part", "images", "patients", *data.titles)), rows)
    pairs = zip(data.labels, data.titles, strict=True)
    sections = "\n".join(_section(title, metrics[key]) for key, title in pairs)
    return (
        f"# {about['name']} {about['version']}\n\n{about['intended_use']}\n\n"
        f"## Data\n{about['data']}, licence: {about['licence']}. Images that show each structure:\n\n"
        f"{counts}\n\n"
        f"## How well, on the test patients\nIntervals are 95 %, by drawing patients again. Outlines are "
        f"compared at the size of the images, a pixel inside from a probability of {MASK_THRESHOLD:g}. "
        f"Dice is the mean over images that show the structure; pooled Dice, sensitivity (recall) and PPV "
        f"(precision) of pixels are over all pixels of all images together. The scores are no "
        f"probabilities.\n\n{sections}\n"
        f"`figures/` holds the Dice of the images, drawn and true areas, and how the training went.\n\n"
        f"{own_package.codes(manifest['labels'])}\n"
        f"{own_package.made_by(options, manifest['warnings'])}\n"
    )


def _counted(data: DataSet, part: str) -> list[int]:
    """Images, patients, and images with a mask of each structure."""
    found = data.part(part)
    drawn = [sum(s.masks[i] is not None for s in found) for i in range(len(data.labels))]
    return [len(found), len({s.patient for s in found}), *drawn]


def _section(title: str, found: Metrics) -> str:
    lines = [f"### {title}", "| figure | value (95 % interval) | n |", "|---|---|---|"]
    lines += [f"| {name} | {said(found[name])} | {found[name]['n']} |" for name in PIXELS]
    if "image AUROC" in found:
        lines.append(
            f"| image AUROC | {said(found['image AUROC'])} | {found['image AUROC']['n']} |"
        )
    lines += ["", f"Whole images, {found['images']} with it and {found['images without']} without:"]
    lines += ["", f"| operating point | threshold | {' | '.join(RATES)} |", "|---" * 5 + "|"]
    for name, point in found["points"].items():
        cells = " | ".join(said(point[rate]) if rate in point else "none" for rate in RATES)
        lines.append(f"| {name} | {point['threshold']:.4f} | {cells} |")
    return "\n".join(lines) + "\n"


def doubts_of(data: DataSet, metrics: Metrics) -> list[str]:
    """What the test patients do not prove."""
    found = []
    for key, title in zip(data.labels, data.titles, strict=True):
        figures = metrics[key]
        counts = figures["images"], figures["images without"]
        found += doubts(title, *counts, figures.get("image AUROC"))
        found += [] if figures["images without"] else [UNKNOWN.format(title=title)]
    return found


def told(data: DataSet, metrics: Metrics) -> str:
    """The figures that count, for whoever waited for them."""
    lines = ["On the test patients (95 % intervals):"]
    for key, title in zip(data.labels, data.titles, strict=True):
        each = ", ".join(f"{name} {said(metrics[key][name])}" for name in PIXELS)
        lines.append(f"  {title}: {each}")
    return "\n".join([*lines, *doubts_of(data, metrics)])


def _slices(options: Options) -> Json:
    axial = ["AXIAL"] if options.position == AXIAL else []
    return {
        "max_frames": MAX_FRAMES,
        "sequence": list(options.sequence),
        "orientation": axial,
    }


def _parameters(options: Options) -> Json:
    return {
        "mask_threshold": MASK_THRESHOLD,
        "smallest_share": SMALLEST_SHARE,
        "max_findings": MAX_FINDINGS,
        "position": POSITION[options.position],
    }


def _outputs(labels: int, size: int) -> list[Json]:
    maps, score = OUTPUTS
    kind = {"type": "probabilities"}
    return [
        {"tensor": maps, **kind, "layout": "NCHW", "shape": [1, labels, size, size]},
        {"tensor": score, **kind, "layout": "NC", "shape": [1, labels]},
    ]


def _points(data: DataSet, metrics: Metrics, about: Json) -> list[Json]:
    """Performance is given where there is one structure; of several, it stands in `performance`."""
    found = []
    for name in ("second_read", "screening"):
        each = {label: metrics[label]["points"][name] for label in data.labels}
        point: Json = {
            "name": name,
            "default": name == "second_read",
            "thresholds": {label: one["threshold"] for label, one in each.items()},
        }
        own = metrics[data.labels[0]]
        if len(each) == 1 and own["images without"]:
            n = own["images"] + own["images without"]
            point["performance"] = own_package.point_performance(each[data.labels[0]], n, about)
        found.append(point)
    return found


def _figures(data: DataSet, metrics: Metrics) -> Json:
    """By the name of the metric."""
    return {f"{label}: {name}": f for label in data.labels for name, f in _named(metrics[label])}


def _named(found: Metrics) -> Iterator[tuple[str, Json]]:
    yield from ((name, found[name]) for name in PIXELS)
    if "image AUROC" in found:
        yield "image AUROC", found["image AUROC"]
    point = found["points"]["second_read"]
    yield from ((f"image {rate} at second_read", point[rate]) for rate in RATES if rate in point)
