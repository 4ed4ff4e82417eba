"""The package of a network trained on own images: what manifest, card and files have in common; checked."""

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from models.training.common import artefact
from models.training.common.artefact import Identity
from models.training.common.own_samples import Sample
from models.training.common.own_settings import PARTS, TOLERANCE, DataError, Options
from models.training.common.package import MIN_ONNXRUNTIME, described
from viewer.base.errors import ViewerError
from viewer.inference.importing.labels import slug
from viewer.inference.importing.package import picture
from viewer.inference.importing.words import local_code
from viewer.inference.model_store import check_package
from viewer.inference.preprocessing import preprocess
from viewer.review.codes import concepts

Json = dict[str, Any]

GOLDEN = "golden/made_picture.npz"
PRIVATE_SCHEME = "99TRAINED"
"""Coding scheme designator of labels without a code (PS3.16 section 8.2)."""

WARNINGS = (
    "Research use only; not a medical device.",
    "Measured on patients of the same source as those it was trained on; other hospitals' images may "
    "do worse.",
)
NO_INPUT_CHECK = (
    "No input check: nothing tells it that an image is unlike those it was trained on; it gives a score "
    "to any image that its header admits."
)
EACH_FILE = (
    "Each file was counted as a patient of its own, as whoever trained it said; if that is not so, "
    "its figures are too good."
)
STARTED_FROM = {
    "efficientnet_lite0": "; initialised from EfficientNet-Lite0 on ImageNet, Apache-2.0"
}
BROKEN_OFF = "broken off. The same command goes on after the last epoch that was finished."
INTERRUPTED = 130
"""Exit status of a program that Ctrl+C ended, as shells have it."""

NEXT = (
    "Into the viewer: AI ▸ Import a model…, and choose {made}/manifest.json; or "
    "`secondread models install {made}`. Its card and figures lie in {made}."
)


def told(name: str, run: Callable[[], Path]) -> int:
    """Run a training; says what it made, or why it made nothing. Returns the exit status."""
    try:
        made = run()
    except (DataError, ViewerError) as error:
        print(f"{name}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\n{name}: {BROKEN_OFF}", file=sys.stderr)
        return INTERRUPTED
    print(f"{made}: passes `secondread models check`.\n{NEXT.format(made=made)}")
    return 0


def identity(about: Json) -> Identity:
    """As the network's own file says it."""
    return Identity(about["model_id"], about["version"])


def warnings(options: Options, gated: bool = False) -> list[str]:
    """Of every such package. gated : whether it tells images that are unlike its training images."""
    return [
        *WARNINGS,
        *([] if gated else [NO_INPUT_CHECK]),
        *([EACH_FILE] if options.each_file else []),
    ]


def weights(options: Options, about: Json) -> str:
    """The licence of the weights, with what they started from."""
    return f"{about['licence']}{STARTED_FROM.get(options.network, '')}"


def common_fields(options: Options, about: Json, trained: Sequence[Sample]) -> Json:
    """The fields of a manifest that depend on nothing measured. trained : the training part."""
    return {
        "schema_version": 1,
        **{key: about[key] for key in ("model_id", "version", "name", "vendor", "intended_use")},
        "release_date": date.today().isoformat(),
        "not_for": ["Diagnosis without a physician, triage, or ruling a disease out."],
        "regulatory_status": "research",
        "warnings": warnings(options),
        "licences": {"code": "MIT", "weights": weights(options, about), "data": about["licence"]},
        "applicability": _applicability(options),
        "training_data": [_training(trained, about)],
        "runtime": {
            "opset": identity(about).opset,
            "min_onnxruntime": MIN_ONNXRUNTIME,
            "tolerance": TOLERANCE,
            "cpu_cuda_max_difference": "not measured",
        },
        "golden": [{"file": GOLDEN, "tolerance": TOLERANCE}],
        "changelog": [f"{about['version']}: trained on {date.today().isoformat()}"],
        "contacts": ["whoever trained it"],
    }


def _applicability(options: Options) -> Json:
    return {
        "modality": list(options.modality),
        "body_part": list(options.body_part),
        "view": list(options.view),
        "photometric": ["MONOCHROME1", "MONOCHROME2"],
        "min_rows": 32,
        "min_columns": 32,
    }


def _training(trained: Sequence[Sample], about: Json) -> Json:
    return {
        "name": about["data"],
        "patients": len({sample.patient for sample in trained}),
        "images": len(trained),
        "split_unit": "patient",
        "source": about["data"],
        "licence": about["licence"],
        "labels_by": "not stated",
    }


def input_tensor(options: Options) -> Json:
    """One image, as the operations make it."""
    return {
        "tensor": "image",
        "layout": "NCHW",
        "dtype": "float32",
        "shape": [1, 1, options.size, options.size],
        "operations": options.operations,
    }


def label(index: int, key: str, title: str, about: Json) -> Json:
    """With the words and the code that --about gives it; else the viewer's own code, where that is called
    just so, or one of a private scheme.
    """
    told = about["labels"].get(key, about["labels"].get(title, {}))
    display = told.get("display", title.replace("_", " ").capitalize())
    return {
        "index": index,
        "key": key,
        "display": {"en": display},
        "code": told.get("code") or _reviewed_code(key) or _private_code(key, display),
    }


def _reviewed_code(key: str) -> Json | None:
    """Of resources/codes/findings.csv; codes that say too little without a comment are left out."""
    for one in concepts():
        if not one.needs_comment and key in (one.key, slug(one.label)):
            return {
                "value": one.code.value,
                "scheme": one.code.scheme,
                "meaning": one.code.meaning,
            }
    return None


def _private_code(key: str, display: str) -> Json:
    return {"value": local_code(key), "scheme": PRIVATE_SCHEME, "meaning": display[:64]}


def codes(labels: Sequence[Json]) -> str:
    """A paragraph of the card: as what the labels stand in reports and exports."""
    coded = [
        f"{one['display']['en']}: {one['code']['value']} ({one['code']['scheme']})"
        for one in labels
    ]
    private = [one for one in labels if one["code"]["scheme"] == PRIVATE_SCHEME]
    meant = (
        f" {PRIVATE_SCHEME} is a private scheme; `--about` gives a public code." if private else ""
    )
    return f"Codes in reports: {'; '.join(coded)}.{meant}\n"


def finding(label: Json, score: str) -> Json:
    """What is proposed by a label's score, called as said."""
    kept = {key: value for key, value in label.items() if key != "index"}
    return {**kept, "score": {"name": score, "unit": "1"}}


def tested_on(about: Json) -> str:
    """What the figures are of."""
    return f"{about['data']}, test patients"


def entries(about: Json, figures: Mapping[str, Json]) -> list[Json]:
    """The manifest's `performance`: figures by the name of their metric, those that are numbers."""
    return [
        {
            "data": tested_on(about),
            "metric": metric,
            **{key: figure[key] for key in ("n", "value", "ci95")},
            "internal": True,
        }
        for metric, figure in figures.items()
        if all(number == number for number in (figure["value"], *figure["ci95"]))
    ]


def point_performance(point: Json, n: int, about: Json) -> Json:
    """Of an operating point of a single finding. point : sensitivity and specificity."""
    rates = ("sensitivity", "specificity")
    return {
        **{key: [point[key]["value"], *point[key]["ci95"]] for key in rates},
        "n": n,
        "unit": "images",
        "data": tested_on(about),
    }


def said(figure: Json) -> str:
    """A figure with its interval; "none" where there is nothing to count."""
    if not known(figure):
        return "none"
    low, high = figure["ci95"]
    within = f"{low:.3f} to {high:.3f}" if low == low and high == high else "no interval"
    return f"{figure['value']:.3f} ({within})"


def known(figure: Json) -> bool:
    """Whether there was something to count."""
    return bool(figure["value"] == figure["value"])


def counts(title: str, rows: Mapping[str, Sequence[object]]) -> str:
    """Markdown of the parts: images, patients, and what else their columns hold."""
    lines = [f"| {title} |", "|---" * len(title.split(" | ")) + "|"]
    lines += [f"| {part} | {' | '.join(map(str, cells))} |" for part, cells in rows.items()]
    return "\n".join(lines)


def made_by(options: Options, warned: Sequence[str]) -> str:
    """The last paragraphs of the card. warned : the manifest's warnings."""
    limits = "\n".join(f"- {one}" for one in warned)
    return (
        f"## Made by\n`{options.network}`, {options.size} x {options.size}, augmentation "
        f"{options.augment:g}, {'mirrored' if options.flip else 'never mirrored'}, seed {options.seed}; "
        f"the epoch that was best on the validation patients.\n\n## Limits\n{limits}\n"
    )


def refuse_existing(out: Path) -> None:
    """Raise DataError where the package is there already."""
    if out.exists():
        raise DataError(f"{out} exists already; choose another --out, or delete it.")


def tell_parts(samples: Mapping[str, Sequence[Sample]]) -> None:
    """How many images and patients each part has."""
    for part in PARTS:
        patients = {sample.patient for sample in samples[part]}
        print(f"{part}: {len(samples[part])} images of {len(patients)} patients")


def write_network(
    shipped: nn.Module,
    path: Path,
    outputs: Sequence[str],
    options: Options,
    about: Json,
    any_batch: bool = False,
) -> dict[str, np.ndarray]:
    """The network as ONNX; returns its golden test. Raises DataError where torch and onnxruntime differ."""
    image = preprocess(picture(), monochrome1=False, operations=options.operations).tensor
    example = torch.from_numpy(image[None, None])
    artefact.write(shipped, example, path, outputs, identity(about), any_batch)
    with torch.inference_mode():
        expected = dict(zip(outputs, shipped.eval()(example), strict=True))
    found = dict(zip(outputs, artefact.Shipped(path, outputs)(image[None, None]), strict=True))
    for name in outputs:
        if np.abs(found[name] - expected[name].numpy()).max() > TOLERANCE:
            raise DataError(f"The exported network gives other {name} than the trained one.")
    return {"image": image[None, None], **found}


def fill(
    options: Options,
    network: Path,
    golden: Mapping[str, np.ndarray],
    card: str,
    manifest: Json,
    pictures: Sequence[Path],
) -> Path:
    """Write `options.out`; raises DataError where it exists, or the package fails its check, and then
    leaves nothing there that could be taken for a package.
    """
    refuse_existing(options.out)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.out.parent, prefix=".training_") as scratch:
        draft = Path(scratch) / options.out.name
        _write(draft, network, golden, card, manifest, pictures)
        problems = check_package(draft)
        if problems:
            raise DataError(problems[0])
        draft.rename(options.out)
    return options.out


def _write(
    out: Path,
    network: Path,
    golden: Mapping[str, np.ndarray],
    card: str,
    manifest: Json,
    pictures: Sequence[Path],
) -> None:
    for folder in ("golden", "figures"):
        (out / folder).mkdir(parents=True)
    for one in pictures:
        shutil.copyfile(one, out / "figures" / one.name)
    shutil.copyfile(network, out / "model.onnx")
    np.savez_compressed(out / GOLDEN, **golden)
    (out / "MODEL_CARD.md").write_text(card, encoding="utf-8")
    licence = f"Code: MIT (SecondRead).\nWeights: {manifest['licences']['weights']}\n"
    (out / "LICENSE").write_text(licence, encoding="utf-8")
    names = ["model.onnx", GOLDEN, "MODEL_CARD.md", "LICENSE"]
    names += [f"figures/{one.name}" for one in pictures]
    whole = {**manifest, "files": [described(out, name) for name in names]}
    text = json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
    (out / "manifest.json").write_text(text, encoding="utf-8")
