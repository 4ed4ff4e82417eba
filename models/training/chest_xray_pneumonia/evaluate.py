"""Every figure of the recipe, on films of patients the fold's layers have not seen; and the layers to ship."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.training.chest_findings import data, matching
from models.training.chest_findings.data import Film
from models.training.chest_findings.linear import folds
from models.training.chest_findings.pointing import of_finding
from models.training.chest_xray_pneumonia import boxes, features, settings
from models.training.chest_xray_pneumonia.features import Seen
from models.training.chest_xray_pneumonia.learn import Head, Sample, fitted, nuisance
from models.training.chest_xray_pneumonia.network import shares
from models.training.common import figures

Json = dict[str, object]
POINTS = ("second_read", "screening")


@dataclass(frozen=True, eq=False)
class Unseen:
    """Of n films: logits by layers that never saw their patients, and whether they lie above the
    thresholds of those layers, by operating point."""

    logits: np.ndarray
    called: dict[str, np.ndarray]


def evaluate(folder: Path, run: Path) -> Path:
    """Write metrics.json and heads.npz into `run`; returns the path of the first."""
    films, seen = data.films(folder), features.seen(folder, run)
    measured, heads = {}, {}
    for label in settings.LABELS:
        measured[label], heads[label] = _label(folder, films, seen, label)
        print(label, json.dumps(measured[label]), flush=True)
    path = run / "metrics.json"
    patients = len({film.patient for film in films})
    content = {"films": len(films), "patients": patients, "labels": measured}
    content["shipped"] = [name for name, one in measured.items() if above_chance(one)]
    path.write_text(json.dumps(content, indent=1) + "\n")
    _keep(run / "heads.npz", heads)
    return path


def above_chance(measured: Mapping[str, object]) -> bool:
    """Whether the interval of the matched AUROC leaves out one half."""
    figure = measured["AUROC, matched"]
    assert isinstance(figure, dict)
    return bool(figure["ci95"][0] > settings.CHANCE)


def _keep(path: Path, heads: Mapping[str, Head]) -> None:
    ordered = list(heads.values())
    np.savez(
        path,
        labels=np.array(list(heads)),
        weights=np.stack([head.weight for head in ordered]),
        biases=np.array([head.bias for head in ordered]),
        penalties=np.array([head.penalty for head in ordered]),
        **{p: np.array([head.thresholds[p] for head in ordered]) for p in POINTS},
    )


def sample(folder: Path, films: Sequence[Film], seen: Seen, label: str) -> Sample:
    """All films with what is known of them for one finding."""
    rows, whose = boxes.contrasts(seen, films, of_finding(folder, label))
    return Sample(
        seen.pooled.mean(axis=1).astype(np.float64),
        seen.pooled[:, 0].astype(np.float64),
        matching.truth(films, label),
        matching.weights(films, label),
        nuisance(films),
        np.array([film.patient for film in films]),
        np.tile(shares().numpy() / len(settings.REGIONS), len(settings.REGIONS)),
        rows.astype(np.float64),
        whose,
    )


def _label(folder: Path, films: Sequence[Film], seen: Seen, label: str) -> tuple[Json, Head]:
    known = sample(folder, films, seen, label)
    trained = [
        (test, fitted(known.of(learn)))
        for learn, test in folds(known.patient, settings.FOLDS, settings.SEED)
    ]
    found = _unseen(known, trained)
    rows = matching.pairs(films, label).ravel()
    return {
        "films with it": int(known.truth.sum()),
        "pairs": len(rows) // 2,
        "file size alone, matched": _auroc(known, rows, _sizes(films)),
        "AUROC, matched": _auroc(known, rows, found.logits),
        "AUROC, all films": _auroc(known, np.arange(len(films)), found.logits),
        "AUROC among pneumonia": _among_pneumonia(films, known, found, label),
        "by view, matched": _views(films, known, rows, found),
        "calibration error, matched": calibration_error(known.truth[rows], found.logits[rows]),
        "points": {name: _rates(known, rows, found.called[name]) for name in POINTS},
        "called on matched No Finding films": _called(films, rows, found),
        "pointing": _pointing(folder, films, seen, label, trained),
        "penalties": [head.penalty for _test, head in trained],
    }, fitted(known)


def _unseen(known: Sample, trained: Sequence[tuple[np.ndarray, Head]]) -> Unseen:
    logits = np.zeros(len(known.truth))
    called = {name: np.zeros(len(known.truth), bool) for name in POINTS}
    for test, head in trained:
        logits[test] = head.logits(known.plain[test])
        for name in POINTS:
            called[name][test] = logits[test] > head.thresholds[name]
    return Unseen(logits, called)


def _auroc(known: Sample, rows: np.ndarray, scores: np.ndarray) -> figures.Figure:
    both = np.stack([known.truth[rows], scores[rows]], axis=1).astype(float)
    return figures.bootstrapped(figures.auroc, both, known.patient[rows].tolist())


def _among_pneumonia(
    films: Sequence[Film], known: Sample, found: Unseen, label: str
) -> figures.Figure | None:
    """Other findings among the films with pneumonia, none of which was picked by size."""
    ill = np.flatnonzero(matching.truth(films, settings.LABELS[0]))
    return None if label == settings.LABELS[0] else _auroc(known, ill, found.logits)


def _views(
    films: Sequence[Film], known: Sample, rows: np.ndarray, found: Unseen
) -> dict[str, figures.Figure]:
    views = np.array([films[row].view for row in rows])
    return {v: _auroc(known, rows[views == v], found.logits) for v in sorted(set(views.tolist()))}


def _rates(known: Sample, rows: np.ndarray, called: np.ndarray) -> dict[str, figures.Figure]:
    return figures.rates(known.truth[rows], called[rows], known.patient[rows].tolist())


def _called(films: Sequence[Film], rows: np.ndarray, found: Unseen) -> list[int]:
    none = [row for row in rows if settings.NO_FINDING in films[row].findings]
    return [int(found.called["second_read"][none].sum()), len(none)]


def calibration_error(truth: np.ndarray, logits: np.ndarray) -> float:
    """Mean distance of score and share with the finding, over even bins of the score."""
    score = 1 / (1 + np.exp(-logits))
    bins = np.minimum((score * settings.BINS).astype(int), settings.BINS - 1)
    each = [abs(truth[bins == b].mean() - score[bins == b].mean()) for b in np.unique(bins)]
    share = [(bins == b).mean() for b in np.unique(bins)]
    return round(float(np.dot(each, share)), 4)


def _pointing(
    folder: Path,
    films: Sequence[Film],
    seen: Seen,
    label: str,
    trained: Sequence[tuple[np.ndarray, Head]],
) -> Json:
    weights = {films[row].name: head.weight for test, head in trained for row in test}
    found = boxes.hits(seen, of_finding(folder, label), weights)
    patients = {film.name: film.patient for film in films}
    whose = [patients[name] for name in found.names]
    return {
        "films": len(found.names),
        "network": _share(found.network, whose),
        **{name: _share(hit, whose) for name, hit in found.dummies.items()},
    }


def _share(hit: Sequence[bool], whose: Sequence[str]) -> figures.Figure:
    return figures.bootstrapped(figures.mean, np.array(hit, float), whose)


def _sizes(films: Sequence[Film]) -> np.ndarray:
    return np.array([film.size for film in films], dtype=float)
