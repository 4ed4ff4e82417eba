"""Matching takes file size and view away from whoever would tell findings by them."""

import numpy as np
import pytest

from models.training.chest_findings import settings
from models.training.chest_findings.data import Film
from models.training.chest_findings.matching import pairs, truth, weights
from models.training.chest_findings.verdict import reasons_against
from models.training.common.figures import auroc


def _film(number: int, view: str, finding: str, size: float) -> Film:
    return Film(f"{number}.jpg", str(number), 50.0, "M", view, frozenset({finding}), round(size))


@pytest.fixture
def biased() -> list[Film]:
    """600 films; those without a finding were picked among small files, and more of them are PA."""
    random = np.random.default_rng(7)
    ill = [
        _film(i, random.choice(["AP", "PA"], p=[0.7, 0.3]), "Pneumonia", size)
        for i, size in enumerate(random.normal(360_000, 12_000, 300))
    ]
    well = [
        _film(300 + i, random.choice(["AP", "PA"], p=[0.4, 0.6]), "No Finding", size)
        for i, size in enumerate(random.normal(345_000, 9_000, 300))
    ]
    return ill + well


def _size_alone(films: list[Film], rows: np.ndarray) -> float:
    sizes = [films[row].size for row in rows]
    return auroc(np.stack([truth(films, "Pneumonia")[rows], sizes], axis=1).astype(float))


def test_file_size_tells_nothing_after_matching(biased: list[Film]) -> None:
    found = pairs(biased, "Pneumonia")
    assert len(found) > 50
    assert _size_alone(biased, np.arange(len(biased))) > 0.75
    assert _size_alone(biased, found.ravel()) == pytest.approx(0.5, abs=0.02)


def test_a_pair_is_one_with_and_one_without_of_one_view_and_size(biased: list[Film]) -> None:
    for one, other in pairs(biased, "Pneumonia"):
        assert "Pneumonia" in biased[one].findings and "Pneumonia" not in biased[other].findings
        assert biased[one].view == biased[other].view
        assert abs(biased[one].size - biased[other].size) <= settings.CALIPER_BYTES


def test_no_film_is_in_two_pairs(biased: list[Film]) -> None:
    rows = pairs(biased, "Pneumonia").ravel().tolist()
    assert len(rows) == len(set(rows))


def test_in_training_each_class_of_size_and_view_weighs_alike_on_both_sides(
    biased: list[Film],
) -> None:
    weight, ill = weights(biased, "Pneumonia"), truth(biased, "Pneumonia")
    classes = np.array([f"{film.view}{film.size // settings.STRATUM_BYTES}" for film in biased])
    for name in np.unique(classes):
        inside = classes == name
        assert weight[inside & ill].sum() == pytest.approx(weight[inside & ~ill].sum())
    assert weight.max() <= 1.0 and weight.sum() > 100


def test_films_that_cannot_be_matched_make_no_pair() -> None:
    films = [_film(1, "PA", "Pneumonia", 300_000), _film(2, "AP", "No Finding", 300_000)]
    assert len(pairs(films, "Pneumonia")) == 0
    assert weights(films, "Pneumonia").sum() == 0.0


def _measured(low: float, low_pa: float, hits: int, films: int = 35) -> dict:
    return {
        "AUROC, matched": {"ci95": [low, 0.9]},
        "by view, matched": {"AP": {"ci95": [low, 0.9]}, "PA": {"ci95": [low_pa, 0.9]}},
        "pointing": {"films": films, "hits": hits, "hits of the right lung's centre": 10},
    }


@pytest.mark.parametrize(
    ("measured", "word"),
    [
        (_measured(0.59, 0.7, 20), "both views"),
        (_measured(0.7, 0.3, 20), "PA"),
        (_measured(0.7, 0.7, 10), "worse than a lung"),
        (_measured(0.7, 0.7, 3, films=5), "untested"),
    ],
)
def test_a_label_is_not_shipped_for_one_reason_alone(measured: dict, word: str) -> None:
    assert word in " ".join(reasons_against(measured))


def test_a_label_that_passes_everything_may_be_shipped() -> None:
    assert reasons_against(_measured(0.7, 0.65, 20)) == []
