"""What manifest and card say: the words here, every figure from the run's metrics."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from models.training import heart_size
from models.training.chest_xray_pneumonia import card_tables, settings
from models.training.common import gate_words
from models.training.common.artefact import Identity
from models.training.common.package import Words, bullets, common_fields

Metrics = dict[str, Any]

CARD = Path(__file__).with_name("card.md")
"""The card, with places for figures and for what the manifest says as well."""

NAME = "Chest opacities (weak evidence)"
DATA = "772 films of NIH ChestX-ray14 (github muhammedtalo/COVID-19, labels from torchxrayvision)"
TESTED_ON = (
    "NIH ChestX-ray14 subset, adults, cross-validated by patient, file size and view matched"
)
AMONG = "NIH ChestX-ray14 subset, adults with the label Pneumonia, cross-validated by patient"
LUNG = {"value": "39607008", "scheme": "SCT", "meaning": "Lung"}
PLEURA = {"value": "3120008", "scheme": "SCT", "meaning": "Pleura"}

GATE_SOURCES = {
    "heart": "adult PA films of another source (test films of the heart size package)",
    "nih": "adult PA films (NIH) of patients the gate was not fitted on",
    "nih AP": "adult AP films (NIH) of patients the gate was not fitted on",
}

ORGANS_LICENCE = Path(heart_size.__file__).with_name("LICENSE.txt")
"""Of the heart size network and the films and weights that it was made of."""

FINDINGS: dict[str, tuple[str, str, str, str, str, dict[str, str] | None]] = {
    "Pneumonia": ("pneumonia", "Pneumonia", "233604007", "SCT", "Pneumonia", LUNG),
    "Edema": ("pulmonary_oedema", "Pulmonary oedema", "19242006", "SCT", "Pulmonary edema", LUNG),
    "Atelectasis": ("atelectasis", "Atelectasis", "46621007", "SCT", "Atelectasis", LUNG),
    "Effusion": (
        "pleural_effusion",
        "Pleural effusion",
        "60046008",
        "SCT",
        "Pleural effusion",
        PLEURA,
    ),
    "Infiltration": ("lung_infiltrate", "Lung infiltrate", "112121", "DCM", "Infiltrate", LUNG),
    "Consolidation": (
        "consolidation",
        "Lung consolidation",
        "95436008",
        "SCT",
        "Lung consolidation",
        None,
    ),
}
"""NIH label: key, display, code value, scheme and meaning, site; of resources/codes/findings.csv."""

NOT_FOR = (
    "Ruling anything out: at either operating point it misses films that have the finding.",
    "Diagnosis without a physician, triage, or ordering a worklist.",
    "Patients under 16 years, lateral films, and anything that is not a frontal chest radiograph.",
    "Reading a score as a probability: in training every finding was made as frequent as its absence.",
    "Saying where a finding lies: the map shows what raised the score and is often beside the lesion.",
    "Upright PA films alone: what is known of it rests mostly on AP films.",
)
WARNINGS = (
    "Research use only; not a medical device.",
    "The evidence is weak. It runs in shadow, unseen, until a site has accepted it on its own films.",
    "Labels of training and test were read from reports by a program, not by a radiologist from films.",
    "Tested on films of the one hospital it learned from; another hospital's films may do worse.",
    "Findings overlap: a film with one may score for the others, too.",
)
NOTE = (
    "Shows what raised the score compared with an average film, not the outline of a lesion. On films with "
    "radiologists' boxes its brightest place lay in a box in {share:.0%} of {films}; pointing at the middle of a "
    "lung without looking did so in {dummy:.0%}."
)
WEIGHTS = (
    "MIT; features of EfficientNet-Lite2 trained on ImageNet, weights by ML Illustrated, Apache-2.0, and the "
    "organs of org.secondread.chest_xray_heart_size 1.1.0"
)
DATA_LICENCE = "NIH Clinical Center: free use with attribution (Wang et al., CVPR 2017)"
REFERENCES = (
    "Wang X et al. ChestX-ray8: hospital-scale chest X-ray database and benchmarks. CVPR 2017.",
    "Zhou B et al. Learning deep features for discriminative localization. CVPR 2016.",
    "Zhang J et al. Top-down neural attention by excitation backprop (the pointing game). ECCV 2016.",
    "Iacus SM et al. Causal inference without balance checking: coarsened exact matching. "
    "Political Analysis 2012;20:1-24.",
    "Tan M, Le QV. EfficientNet: rethinking model scaling for convolutional neural networks. ICML 2019.",
)
WORDS = Words(
    NAME,
    "Second read of frontal (PA or AP) chest radiographs of adults for opacities, each with a score for the whole "
    "film, for a physician to confirm or override. Weak evidence: to be tried in shadow and accepted by a "
    "site before any reader sees it.",
    NOT_FOR,
    WARNINGS,
    WEIGHTS,
    DATA_LICENCE,
    REFERENCES,
    "The network was trained on films of the NIH ChestX-ray14 data set, provided by the NIH Clinical Center "
    "(https://nihcc.app.box.com/v/ChestXray-NIHCC), which asks for attribution: Wang X, Peng Y, Lu L, Lu Z, "
    "Bagheri M, Summers RM. ChestX-ray8. IEEE CVPR 2017.\n\nFeatures: EfficientNet-Lite2 with ImageNet weights "
    "by ML Illustrated, Apache License 2.0 (https://www.apache.org/licenses/LICENSE-2.0); they were not "
    "changed but for being stored in 16 bits.\n\nHeart and lungs: the graph of "
    "org.secondread.chest_xray_heart_size, under the licences that follow.\n\n"
    + ORGANS_LICENCE.read_text(encoding="utf-8").rstrip(),
)


def manifest(metrics: Metrics, limits: Sequence[float], maps: Sequence[int]) -> Metrics:
    """manifest.json without `files`."""
    labels = [_label(index, name) for index, name in enumerate(metrics["shipped"])]
    shape = [1, 1, settings.SIZE, settings.SIZE]
    return {
        **common_fields(Identity(settings.MODEL_ID, settings.VERSION), WORDS),
        "release_date": "2026-11-23",
        "default_state": "shadow",
        "task": {"kind": "classification", "parameters": {"map_range": list(limits)}},
        "applicability": _applicability(),
        "input": {
            "tensor": "image",
            "layout": "NCHW",
            "dtype": "float32",
            "shape": shape,
            "operations": list(settings.OPERATIONS),
        },
        "outputs": [
            {
                "tensor": "scores",
                "type": "probabilities",
                "layout": "NC",
                "shape": [1, len(labels)],
            },
            {"tensor": "cam", "type": "activations", "layout": "NCHW", "shape": list(maps)},
            {"tensor": "distance", "type": "activations", "layout": "NC", "shape": [1, 1]},
        ],
        "labels": labels,
        "findings": [
            _finding(label, name) for label, name in zip(labels, metrics["shipped"], strict=True)
        ],
        "operating_points": [_point(metrics, name) for name in metrics["thresholds"]],
        "explanation": {
            "method": "class_activation",
            "output": "cam",
            "labels": [label["key"] for label in labels],
            "name": "Class activation map (influence, not a place)",
            "note": NOTE.format(**pointing(metrics)),
        },
        "training_data": [_training(metrics)],
        "performance": list(_performance(metrics)),
        "gate": {
            "output": "distance",
            "highest": 1.0,
            "method": "The gate of org.secondread.chest_xray_heart_size 1.1.0, whose graph is part of this one, "
            "fitted on PA and AP films; measured anew for this package",
            "measured": list(gate_words.sentences(metrics["gate"], GATE_SOURCES)),
        },
    }


def pointing(metrics: Metrics) -> Metrics:
    """share, films and the best dummy's share, of the finding that has boxes."""
    found = metrics["labels"]["Pneumonia"]["pointing"]
    dummy = max(value["value"] for key, value in found.items() if "centre" in key)
    return {"share": found["network"]["value"], "films": found["films"], "dummy": dummy}


def card(metrics: Metrics) -> str:
    """MODEL_CARD.md."""
    tables = (
        card_tables.discrimination,
        card_tables.goals,
        card_tables.views,
        card_tables.points,
        card_tables.errors,
        card_tables.pointing,
    )
    return CARD.read_text(encoding="utf-8").format(
        name=NAME,
        model_id=settings.MODEL_ID,
        version=settings.VERSION,
        intended_use=WORDS.intended_use,
        not_for=bullets(NOT_FOR),
        warnings=bullets(WARNINGS),
        size=settings.SIZE,
        small=settings.SMALL,
        films=metrics["films"],
        patients=metrics["patients"],
        compared=settings.COMPARED,
        gate=gate_words.for_card(metrics["gate"], GATE_SOURCES, "films"),
        **{each.__name__: each(metrics) for each in tables},
    )


def _applicability() -> Metrics:
    return {
        "modality": ["CR", "DX"],
        "body_part": ["CHEST", "THORAX"],
        "view": ["PA", "AP"],
        "photometric": ["MONOCHROME1", "MONOCHROME2"],
        "min_age_years": 16,
        "min_rows": 256,
        "min_columns": 256,
    }


def _label(index: int, name: str) -> Metrics:
    key, display, value, scheme, meaning, _site = FINDINGS[name]
    code = {"value": value, "scheme": scheme, "meaning": meaning}
    return {"index": index, "key": key, "display": {"en": display}, "code": code}


def _finding(label: Metrics, name: str) -> Metrics:
    site = FINDINGS[name][5]
    whole = {key: value for key, value in label.items() if key != "index"}
    placed = {} if site is None else {"site": site}
    return {**whole, **placed, "score": {"name": "Score", "unit": "1"}}


def _point(metrics: Metrics, name: str) -> Metrics:
    return {
        "name": name,
        "default": name == "second_read",
        "thresholds": {FINDINGS[n][0]: v for n, v in metrics["thresholds"][name].items()},
        "performance_of": {
            FINDINGS[n][0]: _rates(metrics["labels"][n], name) for n in metrics["shipped"]
        },
    }


def _rates(found: Metrics, point: str) -> Metrics:
    rates = found["points"][point]
    triples = {k: [rates[k]["value"], *rates[k]["ci95"]] for k in ("sensitivity", "specificity")}
    return {**triples, "n": 2 * found["pairs"], "unit": "films", "data": TESTED_ON}


def _training(metrics: Metrics) -> Metrics:
    return {
        "name": DATA,
        "patients": metrics["patients"],
        "images": metrics["films"],
        "split_unit": "patient",
        "source": "https://nihcc.app.box.com/v/ChestXray-NIHCC",
        "licence": DATA_LICENCE,
        "labels_by": "A program that read the reports (Wang et al., CVPR 2017); boxes by radiologists on 36 films",
    }


def _performance(metrics: Metrics) -> Iterator[Metrics]:
    for name in metrics["shipped"]:
        found = metrics["labels"][name]
        yield _entry(f"{name}: AUROC, matched", found["AUROC, matched"], TESTED_ON)
        if found["AUROC among pneumonia"]:
            yield _entry(f"{name}: AUROC", found["AUROC among pneumonia"], AMONG)
        for point, rates in found["points"].items():
            for rate, figure in rates.items():
                yield _entry(f"{name}: {rate} at {point}", figure, TESTED_ON)
    pointed = metrics["labels"]["Pneumonia"]["pointing"]
    for name, figure in pointed.items():
        if name != "films":
            yield _entry(
                f"Pneumonia: pointing game, {name}", figure, "films with radiologists' boxes"
            )


def _entry(metric: str, figure: Metrics, data: str) -> Metrics:
    return {
        "data": data,
        "metric": metric,
        **{key: figure[key] for key in ("n", "value", "ci95")},
        "internal": True,
    }
