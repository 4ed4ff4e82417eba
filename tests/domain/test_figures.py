"""Figures of accuracy: hand-computed values, and intervals that follow the patients."""

import numpy as np
import pytest

from viewer.domain.figures import (
    auroc,
    auroc_with_interval,
    bootstrapped,
    calibration_error,
    dice,
    mean,
    rate,
    rates,
    roc_points,
    shift_between,
    stability_index,
    wilson,
)


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


def test_wilsons_interval_is_that_of_his_formula() -> None:
    """5 of 10: middle (0.5 + z²/20) / (1 + z²/10) = 0.5, half width 0.26340."""
    figure = wilson(5, 10)
    assert (figure.value, figure.n) == (0.5, 10)
    assert figure.ci95 == pytest.approx((0.2366, 0.7634), abs=1e-4)


def test_wilsons_interval_of_none_and_all_stays_within_0_and_1() -> None:
    assert wilson(0, 10).ci95 == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert wilson(10, 10).ci95 == pytest.approx((0.7225, 1.0), abs=1e-4)
    assert wilson(0, 0).n == 0


def test_the_interval_of_an_area_is_hanley_and_mcneils() -> None:
    rows = np.array([(1, 0.9), (0, 0.4), (1, 0.3), (0, 0.1)])
    first, second = 0.75 / 1.25, 2 * 0.5625 / 1.75
    variance = (0.75 * 0.25 + (first - 0.5625) + (second - 0.5625)) / 4
    figure = auroc_with_interval(rows)
    assert figure.value == 0.75
    assert figure.ci95 == pytest.approx((0.75 - 1.96 * variance**0.5, 1.0), abs=1e-3)


def test_a_curve_goes_from_corner_to_corner_through_every_threshold() -> None:
    rows = np.array([(1, 0.9), (0, 0.4), (1, 0.4)])
    assert roc_points(rows) == ((0.0, 0.0), (0.0, 0.5), (1.0, 1.0))


def test_the_stability_index_of_like_histograms_is_0_and_of_moved_ones_as_by_hand() -> None:
    assert stability_index((10, 10), (10, 10)) == 0.0
    by_hand = sum((b - a) * np.log(b / a) for a, b in ((0.5, 5.5 / 21), (0.5, 15.5 / 21)))
    assert stability_index((10, 10), (5, 15)) == pytest.approx(by_hand)
    assert np.isnan(stability_index((0, 0), (5, 15)))


def test_a_small_sample_of_the_reference_itself_stays_within_what_chance_gives() -> None:
    random = np.random.default_rng(3)
    reference = (50, 120, 200, 120, 50, 20, 10, 5)
    exceeded = 0
    for _draw in range(100):
        found = random.multinomial(25, np.array(reference) / sum(reference))
        shift = shift_between(reference, found.tolist())
        low, high = shift.index.ci95
        assert low <= shift.index.value <= high
        exceeded += shift.index.value > shift.by_chance
    assert exceeded <= 12


def test_chance_explains_less_the_more_rows_there_are_and_never_another_distribution() -> None:
    reference = (100, 100, 100, 100)
    few, many = (shift_between(reference, (n, n, n, n)) for n in (5, 500))
    assert few.by_chance > many.by_chance > 0
    moved = shift_between(reference, (0, 0, 50, 50))
    assert moved.index.value > moved.by_chance
    assert moved.index.n == 100


def test_an_empty_sample_has_no_shift() -> None:
    assert np.isnan(shift_between((1, 2), (0, 0)).index.value)
