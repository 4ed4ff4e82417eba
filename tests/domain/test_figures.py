"""Figures of accuracy: hand-computed values, and intervals that follow the patients."""

import numpy as np
import pytest

from viewer.domain.figures import auroc, bootstrapped, calibration_error, dice, mean, rate, rates


def test_auroc_is_the_share_of_pairs_in_the_right_order_with_ties_half() -> None:
    rows = np.array([(1, 0.9), (1, 0.5), (0, 0.5), (0, 0.1)])
    assert auroc(rows) == (1 + 1 + 0.5 + 1) / 4


def test_auroc_ranks_what_was_never_stated_below_every_score() -> None:
    rows = np.array([(1, 0.2), (1, -np.inf), (0, -np.inf)])
    assert auroc(rows) == (1 + 0.5) / 2


def test_auroc_does_not_exist_without_both_classes() -> None:
    assert np.isnan(auroc(np.array([(1, 0.2), (1, 0.3)])))


def test_images_of_one_patient_are_drawn_together() -> None:
    values = np.repeat([0.0, 1.0], 50)
    patients = np.repeat(["a", "b"], 50).tolist()
    assert bootstrapped(mean, values, patients).ci95 == (0.0, 1.0)
    low, high = bootstrapped(mean, values).ci95
    assert 0.3 < low < high < 0.7


def test_a_rate_that_is_always_right_gets_the_exact_bound() -> None:
    sure = rate(np.ones(10, bool), np.arange(10))
    assert sure.ci95 == (pytest.approx(0.025**0.1, abs=1e-4), 1.0)
    never = rate(np.zeros(10, bool), np.arange(10))
    assert never.ci95 == (0.0, pytest.approx(1 - 0.025**0.1, abs=1e-4))


def test_rates_of_a_class_that_is_absent_do_not_exist() -> None:
    truth, called = np.array([True, True]), np.array([True, False])
    sensitivity, specificity = rates(truth, called)
    assert sensitivity.value == 0.5
    assert np.isnan(specificity.value)
    assert specificity.n == 0


def test_calibration_error_weighs_the_gap_of_each_bin() -> None:
    rows = np.array([(1, 0.95), (0, 0.95), (0, 0.05), (0, 0.05)])
    assert calibration_error(rows) == pytest.approx(0.5 * 0.45 + 0.5 * 0.05)


def test_dice_of_two_empty_masks_does_not_exist() -> None:
    nothing, half = np.zeros((2, 2), bool), np.array([[True, True], [False, False]])
    assert np.isnan(dice(nothing, nothing))
    assert dice(half, half) == 1.0
    assert dice(half, nothing) == 0.0
