"""What few or badly told test patients make a package say of itself."""

from models.training.common.own_doubts import default_state, doubts


def test_an_interval_that_holds_chance_is_said_to_prove_nothing() -> None:
    (found,) = doubts("Effusion", 40, 40, {"value": 0.6, "ci95": [0.45, 0.7]})
    assert "better than chance" in found and "0.45 to 0.70" in found


def test_an_interval_that_does_not_exist_proves_nothing_either() -> None:
    missing = float("nan")
    assert doubts("Effusion", 40, 40, {"value": missing, "ci95": [missing, missing]})


def test_many_patients_well_told_leave_no_doubt() -> None:
    assert doubts("Effusion", 30, 30, {"value": 0.9, "ci95": [0.8, 0.95]}) == []


def test_few_images_are_counted_in_the_sentence() -> None:
    (found,) = doubts("Effusion", 12, 40, {"value": 0.9, "ci95": [0.8, 0.95]})
    assert "12 test images with it and 40 without" in found


def test_where_no_image_is_without_it_only_those_with_it_are_judged() -> None:
    assert doubts("Heart", 33, 0, None) == []


def test_one_finding_at_chance_keeps_the_whole_model_in_shadow() -> None:
    good, coin = {"value": 0.9, "ci95": [0.8, 0.95]}, {"value": 0.6, "ci95": [0.45, 0.7]}
    assert default_state([good, None]) == "on"
    assert default_state([good, coin]) == "shadow"
