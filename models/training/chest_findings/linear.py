"""Logistic regression on the features of films, with penalty and threshold chosen inside."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler

from models.training.chest_findings import settings


@dataclass(frozen=True, eq=False)
class Head:
    """score = sigmoid(features @ weight + bias); threshold: of the score."""

    weight: np.ndarray
    bias: float
    threshold: float

    def logits(self, features: np.ndarray) -> np.ndarray:
        """(n, channels) to (n,)."""
        return features @ self.weight + self.bias


@dataclass(frozen=True, eq=False)
class Sample:
    """Films to learn one finding from: features (n, copies, channels), truth, weight, patient (n,)."""

    features: np.ndarray
    truth: np.ndarray
    weight: np.ndarray
    patient: np.ndarray

    def of(self, rows: np.ndarray) -> "Sample":
        return Sample(self.features[rows], self.truth[rows], self.weight[rows], self.patient[rows])


def folds(patients: np.ndarray, count: int, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Rows to learn from and rows to test on; no patient is in both."""
    names = np.unique(patients)
    dealt = np.random.default_rng(seed).permutation(len(names)) % count
    fold = dict(zip(names.tolist(), dealt.tolist(), strict=True))
    of_row = np.array([fold[patient] for patient in patients.tolist()])
    for number in range(count):
        yield np.flatnonzero(of_row != number), np.flatnonzero(of_row == number)


def fitted(sample: Sample) -> Head:
    """The whole procedure on these films alone: penalty, head, scaling to probabilities, threshold."""
    sample = sample.of(np.flatnonzero(sample.weight > 0))
    inner = list(folds(sample.patient, settings.INNER_FOLDS, settings.SEED + 1))
    tried = {penalty: _unseen(sample, inner, penalty) for penalty in settings.PENALTIES}
    best = max(tried, key=lambda penalty: _order(sample, tried[penalty]))
    scale, offset = _platt(sample, tried[best])
    head = _head(sample, best)
    scores = _sigmoid(scale * tried[best] + offset)
    return Head(head.weight * scale, head.bias * scale + offset, _threshold(sample, scores))


def _unseen(
    sample: Sample, inner: list[tuple[np.ndarray, np.ndarray]], penalty: float
) -> np.ndarray:
    logits = np.zeros(len(sample.truth))
    for learn, test in inner:
        logits[test] = _head(sample.of(learn), penalty).logits(sample.features[test, 0])
    return logits


def _order(sample: Sample, logits: np.ndarray) -> float:
    return float(roc_auc_score(sample.truth, logits, sample_weight=sample.weight))


def _head(sample: Sample, penalty: float) -> Head:
    copies = sample.features.shape[1]
    features = sample.features.reshape(-1, sample.features.shape[2])
    truth, weight = np.repeat(sample.truth, copies), np.repeat(sample.weight, copies) / copies
    scaler = StandardScaler().fit(features)
    model = LogisticRegression(C=penalty, max_iter=400)
    model.fit(scaler.transform(features), truth, sample_weight=weight)
    slope = model.coef_[0] / scaler.scale_
    return Head(slope, float(model.intercept_[0] - slope @ scaler.mean_), 0.5)


def _platt(sample: Sample, logits: np.ndarray) -> tuple[float, float]:
    """Scale and offset that turn logits of unseen films into log odds (Platt 1999)."""
    model = LogisticRegression(C=1e6).fit(logits[:, None], sample.truth, sample.weight)
    return max(float(model.coef_[0, 0]), 1e-3), float(model.intercept_[0])


def _threshold(sample: Sample, scores: np.ndarray) -> float:
    """The lowest score that leaves settings.SPECIFICITY of the films without the finding below."""
    without = ~sample.truth
    order = np.argsort(scores[without])
    share = np.cumsum(sample.weight[without][order]) / sample.weight[without].sum()
    return float(scores[without][order][np.searchsorted(share, settings.SPECIFICITY)])


def _sigmoid(logits: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-logits))
