"""Every figure of the recipe, on films of patients that the fold's head has not seen."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.training.chest_findings import data, features, matching, pointing, settings
from models.training.chest_findings.data import Film
from models.training.chest_findings.linear import Head, Sample, fitted, folds
from models.training.chest_findings.verdict import reasons_against
from models.training.common import figures

BINS = 10
"""Of the calibration error."""


@dataclass(frozen=True, eq=False)
class Unseen:
    """Scores (n,) of films by heads that never saw their patients; called (n,) above threshold."""

    scores: np.ndarray
    called: np.ndarray


def evaluate(folder: Path, run: Path) -> Path:
    """Write metrics.json into `run`; returns its path."""
    films, pooled = data.films(folder), features.pooled(folder, run)
    seen = np.stack([pooled[film.name] for film in films])
    measured = {label: _label(folder, films, seen, label) for label in settings.LABELS}
    metrics = {
        "films": len(films),
        "patients": len({film.patient for film in films}),
        "labels": measured,
        "shipped": [label for label, figure in measured.items() if not reasons_against(figure)],
    }
    path = run / "metrics.json"
    path.write_text(json.dumps(metrics, indent=1) + "\n")
    return path


Heads = list[tuple[np.ndarray, Head]]
"""Rows of the films a head has not seen, and the head."""


def heads(films: Sequence[Film], seen: np.ndarray, label: str, balanced: bool = True) -> Heads:
    """Outer cross-validation by patient; unbalanced training shows what the trap is worth."""
    truth, patient = matching.truth(films, label), np.array([film.patient for film in films])
    found = []
    for learn, test in folds(patient, settings.FOLDS, settings.SEED):
        known = [films[row] for row in learn]
        weight = matching.weights(known, label) if balanced else np.ones(len(known))
        found.append((test, fitted(Sample(seen[learn], truth[learn], weight, patient[learn]))))
    return found


def unseen(folds_heads: Heads, seen: np.ndarray) -> Unseen:
    """The score of every film, by the head that does not know its patient."""
    scores, called = np.zeros(len(seen)), np.zeros(len(seen), dtype=bool)
    for test, head in folds_heads:
        scores[test] = 1 / (1 + np.exp(-head.logits(seen[test, 0])))
        called[test] = scores[test] > head.threshold
    return Unseen(scores, called)


def _label(folder: Path, films: Sequence[Film], seen: np.ndarray, label: str) -> dict[str, object]:
    pairs = matching.pairs(films, label)
    rows = pairs.ravel()
    trained, header = heads(films, seen, label), _header(films)[:, None]
    found, naive = unseen(trained, seen), unseen(heads(films, seen, label, balanced=False), seen)
    known = unseen(heads(films, header, label), header)
    matched, everyone = _Rows(films, label, rows), _Rows(films, label, np.arange(len(films)))
    without = np.array([r for r in rows if settings.NO_FINDING in films[r].findings], dtype=int)
    print(label, len(pairs), "pairs", flush=True)
    return {
        "films with it": int(matching.truth(films, label).sum()),
        "pairs": len(pairs),
        "file size alone, unmatched": everyone.auroc(_sizes(films)),
        "file size alone, matched": matched.auroc(_sizes(films)),
        "age, sex and view, matched": matched.auroc(known.scores),
        "AUROC, unmatched, trained unbalanced": everyone.auroc(naive.scores),
        "AUROC, unmatched": everyone.auroc(found.scores),
        "AUROC, matched": matched.auroc(found.scores),
        "by view, matched": _views(films, label, pairs, found.scores),
        "pointing": pointing.rates(folder, films, label, trained),
        "calibration error, matched": round(matched.calibration_error(found.scores), 4),
        "called on matched No Finding films": [int(found.called[without].sum()), len(without)],
        **matched.rates(found.called),
    }


@dataclass(frozen=True, eq=False)
class _Rows:
    """Some of the films, by their rows, under one label."""

    films: Sequence[Film]
    label: str
    rows: np.ndarray

    def auroc(self, scores: np.ndarray) -> figures.Figure:
        both = np.stack([self._truth(), scores[self.rows]], axis=1).astype(float)
        return figures.bootstrapped(figures.auroc, both, self._patients())

    def rates(self, called: np.ndarray) -> dict[str, figures.Figure]:
        return figures.rates(self._truth(), called[self.rows], self._patients())

    def calibration_error(self, scores: np.ndarray) -> float:
        """Mean distance of score and share of films with the finding, over BINS bins of score."""
        score, truth = scores[self.rows], self._truth()
        bins = np.minimum((score * BINS).astype(int), BINS - 1)
        each = [truth[bins == b].mean() - score[bins == b].mean() for b in np.unique(bins)]
        share = [(bins == b).mean() for b in np.unique(bins)]
        return float(np.abs(each) @ np.array(share))

    def _truth(self) -> np.ndarray:
        return matching.truth(self.films, self.label)[self.rows]

    def _patients(self) -> list[str]:
        return [self.films[row].patient for row in self.rows]


def _views(
    films: Sequence[Film], label: str, pairs: np.ndarray, scores: np.ndarray
) -> dict[str, figures.Figure]:
    views = np.array([films[row].view for row in pairs[:, 0]])
    chosen = {view: pairs[views == view].ravel() for view in np.unique(views).tolist()}
    return {view: _Rows(films, label, rows).auroc(scores) for view, rows in chosen.items()}


def _sizes(films: Sequence[Film]) -> np.ndarray:
    return np.array([film.size for film in films], dtype=float)


def _header(films: Sequence[Film]) -> np.ndarray:
    """(n, 3) what the header tells: age, sex, view."""
    return np.array([(f.age, f.sex == "M", f.view == "AP") for f in films], dtype=float)
