"""The linear layers of the pneumonia recipe: size and view are taken out, boxes pull, patients stay apart."""

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the recipes' own libraries are not installed here")

from models.training.chest_findings.data import Film
from models.training.chest_xray_pneumonia import learn, settings
from models.training.chest_xray_pneumonia.learn import Sample, fitted, nuisance

COUNT, WIDTH = 240, 12
ILL, SIZE_TOLD, PLACE = 0, 1, 2
"""Columns: what the disease changes, what a large file changes, what a box shows."""


@pytest.fixture
def biased() -> Sample:
    """Films with the finding have larger files, and one feature tells the size better than the other
    tells the disease."""
    random = np.random.default_rng(3)
    truth = np.arange(COUNT) % 2 == 0
    sizes = settings.SIZE_MEAN + settings.SIZE_STD * (truth * 1.5 + random.normal(0, 0.6, COUNT))
    features = random.normal(0, 1.0, (COUNT, WIDTH))
    features[:, ILL] += 0.8 * truth
    features[:, SIZE_TOLD] = (sizes - settings.SIZE_MEAN) / settings.SIZE_STD
    films = [
        Film(f"{i}.jpg", str(i // 2), 50.0, "M", "AP", frozenset(), round(size))
        for i, size in enumerate(sizes)
    ]
    patient = np.array([film.patient for film in films])
    none, even = np.zeros((0, WIDTH)), np.full(WIDTH, 1 / WIDTH)
    weight, known = np.ones(COUNT), nuisance(films)
    return Sample(features, features, truth, weight, known, patient, even, none, np.array([]))


def test_what_only_tells_the_size_of_the_file_gets_no_weight(biased: Sample) -> None:
    head = fitted(biased)
    assert abs(head.weight[SIZE_TOLD]) < 0.2 * head.weight[ILL]
    assert head.weight[ILL] > 0


def test_without_taking_it_out_the_size_would_have_ruled(biased: Sample) -> None:
    blind = np.ones((COUNT, 1))
    head = fitted(Sample(**{**vars(biased), "nuisance": blind}))
    assert head.weight[SIZE_TOLD] > head.weight[ILL]


def test_a_box_pulls_the_layer_to_what_is_in_it(biased: Sample) -> None:
    boxes = np.zeros((10, WIDTH))
    boxes[:, PLACE] = 1.0
    whose = biased.patient[:10]
    with_boxes = Sample(**{**vars(biased), "contrasts": boxes, "contrasted": whose})
    assert fitted(with_boxes).weight[PLACE] > fitted(biased).weight[PLACE]


def test_a_feature_of_a_larger_share_gets_more_weight(biased: Sample) -> None:
    share = np.where(np.arange(WIDTH) == ILL, 0.01, 0.99 / (WIDTH - 1))
    starved = fitted(Sample(**{**vars(biased), "share": share}))
    assert abs(starved.weight[ILL]) < abs(fitted(biased).weight[ILL])


def test_boxes_of_patients_who_are_left_out_are_left_out_too(biased: Sample) -> None:
    boxes = np.ones((3, WIDTH))
    whose = np.array(["0", "1", "90"])
    part = Sample(**{**vars(biased), "contrasts": boxes, "contrasted": whose}).of(np.arange(4))
    assert part.contrasted.tolist() == ["0", "1"] and len(part.contrasts) == 2


def test_second_read_calls_seldom_and_screening_often(biased: Sample) -> None:
    head = fitted(biased)
    logits = head.logits(biased.plain)
    second, screening = (logits > head.thresholds[name] for name in ("second_read", "screening"))
    assert second.sum() < screening.sum()
    assert (~second[~biased.truth]).mean() > 0.8
    assert screening[biased.truth].mean() > 0.8


def test_the_scale_makes_logits_of_the_scores(biased: Sample) -> None:
    """Of half with and half without, the mean score is one half."""
    scores = 1 / (1 + np.exp(-fitted(biased).logits(biased.plain)))
    assert scores.mean() == pytest.approx(0.5, abs=0.05)


def test_films_that_could_be_matched_count_more(biased: Sample) -> None:
    weight = np.where(np.arange(COUNT) < 50, 1.0, 0.0)
    importance = learn.importance(Sample(**{**vars(biased), "weight": weight}))
    assert importance[:50].min() > importance[50:].max()
    assert importance.mean() == pytest.approx(1.0)
