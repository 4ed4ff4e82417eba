"""One linear layer per finding on features of films, with file size and view taken out of it.

Ridge regression in which view and file size are regressed out: they are unpenalised variables beside
the features, and are left away when a film is scored (Frisch and Waugh, Econometrica 1933;1:387).
Where radiologists drew boxes, the layer also learns that a place in the box says more than one in the
lungs beside it. Penalty, scale and thresholds are chosen on inner folds by patient.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from models.training.chest_findings.data import Film
from models.training.chest_findings.linear import folds
from models.training.chest_xray_pneumonia import settings


@dataclass(frozen=True, eq=False)
class Sample:
    """Films to learn one finding from.

    features (n, d): mean of each film and its mirror image, to learn from; plain (n, d): of the film as it
    is, to be scored as in the viewer; truth (n,) bool; weight (n,) how much each counts where files are
    matched; nuisance (n, k) functions of view and file size; patient (n,)
    share (d,): variance that each feature may have, of sum 1
    contrasts (m, d): features in a box less those of the lungs beside it; contrasted (m,) whose they are
    """

    features: np.ndarray
    plain: np.ndarray
    truth: np.ndarray
    weight: np.ndarray
    nuisance: np.ndarray
    patient: np.ndarray
    share: np.ndarray
    contrasts: np.ndarray
    contrasted: np.ndarray

    def of(self, rows: np.ndarray) -> "Sample":
        """These films, and the boxes of their patients alone."""
        own = np.isin(self.contrasted, self.patient[rows])
        return Sample(
            self.features[rows],
            self.plain[rows],
            self.truth[rows],
            self.weight[rows],
            self.nuisance[rows],
            self.patient[rows],
            self.share,
            self.contrasts[own],
            self.contrasted[own],
        )


@dataclass(frozen=True, eq=False)
class Head:
    """logit = features @ weight + bias; thresholds: of the logit, by operating point."""

    weight: np.ndarray
    bias: float
    penalty: float
    thresholds: dict[str, float]

    def logits(self, features: np.ndarray) -> np.ndarray:
        """(n, d) to (n,)."""
        return features @ self.weight + self.bias


def nuisance(films: Sequence[Film]) -> np.ndarray:
    """(n, k) view, file size with bends, and their products."""
    view = np.array([film.view == "AP" for film in films], float)[:, None]
    size = (np.array([film.size for film in films], float) - settings.SIZE_MEAN) / settings.SIZE_STD
    bends = [np.maximum(size - knot, 0.0) for knot in settings.SIZE_KNOTS]
    curve = np.stack([size, size**2, *bends], axis=1)
    return np.concatenate([np.ones_like(view), view, curve, curve * view], axis=1)


def fitted(sample: Sample) -> Head:
    """The whole procedure on these films alone."""
    tried = np.zeros((len(sample.truth), len(settings.PENALTIES)))
    for learn, test in folds(sample.patient, settings.INNER_FOLDS, settings.SEED + 1):
        tried[test] = _unscaled(sample.of(learn), settings.PENALTIES).scores(sample.plain[test])
    orders = [ordering(sample, column) for column in tried.T]
    best = int(np.argmax(orders))
    scale, offset = _platt(sample, tried[:, best])
    direction = _unscaled(sample, settings.PENALTIES[best : best + 1])
    return Head(
        direction.weights[0] * scale,
        float(direction.biases[0] * scale + offset),
        settings.PENALTIES[best],
        _thresholds(sample, scale * tried[:, best] + offset),
    )


def ordering(sample: Sample, scores: np.ndarray) -> float:
    """AUROC with the weights of matching, so that size and view tell nothing."""
    known = sample.weight > 0
    return float(
        roc_auc_score(sample.truth[known], scores[known], sample_weight=sample.weight[known])
    )


@dataclass(frozen=True, eq=False)
class _Directions:
    """weights (p, d), biases (p,): one row for each penalty."""

    weights: np.ndarray
    biases: np.ndarray

    def scores(self, features: np.ndarray) -> np.ndarray:
        return features @ self.weights.T + self.biases


def _unscaled(sample: Sample, penalties: Sequence[float]) -> _Directions:
    """In the space of films, which are fewer than features."""
    mean, spread = sample.features.mean(0), sample.features.std(0)
    scale = np.sqrt(sample.share) / (spread + settings.FLOOR * spread.mean())
    root = np.sqrt(importance(sample))[:, None]
    basis, _rest = np.linalg.qr(sample.nuisance * root)
    rows = (sample.features - mean) * scale * root
    rows = rows - basis @ (basis.T @ rows)
    wanted = sample.truth[:, None] * root
    wanted = (wanted - basis @ (basis.T @ wanted))[:, 0]
    count = len(sample.contrasts)
    if count:
        share = np.sqrt(settings.BOXES * len(rows) / count)
        beside = sample.contrasts * scale
        lengths = np.linalg.norm(beside, axis=1, keepdims=True).clip(1e-9)
        rows = np.concatenate([rows, beside / lengths * share])
        wanted = np.concatenate([wanted, np.full(count, share)])
    alike, one = rows @ rows.T, np.eye(len(rows))
    solved = [np.linalg.solve(alike + penalty * one, wanted) for penalty in penalties]
    weights = np.stack([rows.T @ each for each in solved]) * scale
    return _Directions(weights, -weights @ mean)


def importance(sample: Sample) -> np.ndarray:
    """(n,) mean 1: half to either side of the finding, and more to films that could be matched."""
    truth = sample.truth
    even = np.where(truth, 0.5 / truth.mean(), 0.5 / (~truth).mean())
    mixed = settings.EVEN * even + sample.weight / max(float(sample.weight.mean()), 1e-9)
    return mixed / mixed.mean()


def _platt(sample: Sample, scores: np.ndarray) -> tuple[float, float]:
    """Scale and offset that turn scores of unseen films into log odds (Platt 1999), at their importance:
    the matched films alone are so few that each fold would get a scale of its own."""
    spread = float(scores.std())
    weight = importance(sample)
    model = LogisticRegression(C=1e6).fit(scores[:, None] / spread, sample.truth, weight)
    return max(float(model.coef_[0, 0]), 0.05) / spread, float(model.intercept_[0])


def _thresholds(sample: Sample, logits: np.ndarray) -> dict[str, float]:
    """Of unseen, matched films: the wanted share without the finding below, or with it above."""
    return {
        "second_read": _quantile(sample, logits, ~sample.truth, settings.SPECIFICITY),
        "screening": _quantile(sample, logits, sample.truth, 1 - settings.SENSITIVITY),
    }


def _quantile(sample: Sample, logits: np.ndarray, rows: np.ndarray, share: float) -> float:
    order = np.argsort(logits[rows])
    below = np.cumsum(sample.weight[rows][order]) / sample.weight[rows].sum()
    return float(logits[rows][order][min(np.searchsorted(below, share), rows.sum() - 1)])
