"""Thresholds come from the validation patients alone; figures are those counted by hand."""

import numpy as np
import pytest

from models.training.classify.evaluate import confusion, evaluate, scores, temperature
from models.training.common.operating import thresholds

PATIENTS = [str(number) for number in range(400)]


@pytest.fixture
def part() -> tuple[np.ndarray, np.ndarray]:
    """Logits that are twice too steep for their truth."""
    random = np.random.default_rng(3)
    honest = random.normal(0, 2, (400, 1))
    truth = (random.random((400, 1)) < 1 / (1 + np.exp(-honest))).astype(float)
    return 2 * honest, truth


def test_the_temperature_undoes_what_is_too_steep(part: tuple[np.ndarray, np.ndarray]) -> None:
    assert temperature(*part) == pytest.approx(2.0, abs=0.35)


def test_a_network_that_tells_how_sure_it_is_is_called_calibrated(
    part: tuple[np.ndarray, np.ndarray],
) -> None:
    logits, truth = np.tile(part[0], (10, 1)), np.tile(part[1], (10, 1))
    found = evaluate(["ill"], (logits, truth), (logits, truth), PATIENTS * 10)
    error = found["labels"]["ill"]["calibration_error"]
    assert error["after"] < error["before"]
    assert found["calibrated"] == (error["after"] <= 0.05)


def test_scores_that_stay_wrong_are_not_called_probabilities(
    part: tuple[np.ndarray, np.ndarray],
) -> None:
    logits, truth = part
    found = evaluate(["ill"], part, (logits, 1 - truth), PATIENTS)
    assert not found["calibrated"]


def test_thresholds_keep_their_rates_on_the_validation_patients() -> None:
    rows = np.stack([np.repeat([0.0, 1.0], 100), np.linspace(0.01, 0.99, 200)], axis=1)
    rows[:, 1] = np.where(np.arange(200) % 7 == 0, 1 - rows[:, 1], rows[:, 1])
    found = thresholds(rows)
    negative, positive = rows[rows[:, 0] == 0, 1], rows[rows[:, 0] == 1, 1]
    assert (negative <= found["second_read"]).mean() >= 0.90
    assert (positive > found["screening"]).mean() >= 0.90 or found["screening"] == pytest.approx(
        found["second_read"]
    )
    assert found["screening"] <= found["second_read"]


def test_figures_are_those_counted_by_hand() -> None:
    """Of ten test images: 3 right positives, 1 missed, 2 false, 4 right negatives."""
    truth = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0, 0], float)[:, None]
    called = np.array([1, 1, 1, 0, 1, 1, 0, 0, 0, 0], float)[:, None]
    validation = np.array([-3.0] * 9 + [0.0] + [3.0] * 10)[:, None]
    known = np.repeat([0.0, 1.0], 10)[:, None]
    found = evaluate(["ill"], (validation, known), (called * 8 - 4, truth), PATIENTS[:10])
    point = found["labels"]["ill"]["points"]["second_read"]
    assert point["confusion"] == {
        "true_positive": 3,
        "false_positive": 2,
        "false_negative": 1,
        "true_negative": 4,
    }
    values = {name: point[name]["value"] for name in ("accuracy", "sensitivity", "specificity")}
    assert values == pytest.approx(
        {"accuracy": 0.7, "sensitivity": 0.75, "specificity": 4 / 6}, 1e-3
    )
    assert point["PPV"]["value"] == pytest.approx(0.6)
    assert point["F1"]["value"] == pytest.approx(6 / 9, abs=1e-4)
    assert point["accuracy"]["ci95"][0] < 0.7 < point["accuracy"]["ci95"][1]


def test_intervals_draw_patients_not_images() -> None:
    random = np.random.default_rng(5)
    truth = np.repeat(random.integers(0, 2, 20), 20).astype(float)[:, None]
    logits = (truth - 0.5) * 2 + np.repeat(random.normal(0, 1.5, 20), 20)[:, None]
    known = (logits, truth)
    alone = evaluate(["ill"], known, known, [str(n) for n in range(400)])
    grouped = evaluate(["ill"], known, known, [str(n // 20) for n in range(400)])
    width = [np.ptp(found["labels"]["ill"]["AUROC"]["ci95"]) for found in (alone, grouped)]
    assert width[1] > 2 * width[0]


def test_scores_are_half_where_nothing_is_known() -> None:
    assert scores(np.zeros(3), 2.0) == pytest.approx(0.5)
    assert confusion(np.zeros((0, 2)))["true_positive"] == 0
