"""Acceptance: thresholds with rates counted by hand, a report that cannot be changed, no choice unmeasured."""

from dataclasses import replace
from itertools import pairwise

import pytest
from builders import ALGORITHM, NOON
from hypothesis import given
from hypothesis import strategies as st

from viewer.base.errors import WorkflowError
from viewer.review.acceptance import LEVELS, AcceptanceContent, document, sealed, threshold_rows

TRUTH, SCORES = [True, True, False, False], [0.9, 0.4, 0.6, 0.1]
ROWS = threshold_rows(TRUTH, SCORES, own=0.5)
CONTENT = AcceptanceContent(
    ALGORITHM,
    "c" * 64,
    "{}",
    {"heart": ROWS},
    {"heart": 0.5},
    "Enough.",
    "Dr Li",
    "li",
    NOON,
    "m",
    "t",
)


def test_each_threshold_has_the_rates_counted_by_hand() -> None:
    found = {row.threshold: (row.sensitivity.value, row.specificity.value) for row in ROWS}
    assert found == {0.25: (1.0, 0.5), 0.5: (0.5, 0.5), 0.75: (0.5, 1.0)}
    assert all(row.sensitivity.n == row.specificity.n == 2 for row in ROWS)


def test_a_score_equal_to_the_threshold_is_not_above_it() -> None:
    (row,) = threshold_rows([True, False], [0.5, 0.5], 0.5)
    assert (row.sensitivity.value, row.specificity.value) == (0.0, 1.0)


def test_what_was_never_stated_lies_below_every_threshold() -> None:
    rows = threshold_rows([True, False], [float("-inf"), 0.2], 0.1)
    assert rows[0].sensitivity.value == 0.0


def test_with_one_kind_of_image_there_is_nothing_to_choose_by() -> None:
    assert threshold_rows([True, True], [0.2, 0.3], 0.1) == ()


def test_many_images_still_offer_few_thresholds_and_the_manifests_own() -> None:
    rows = threshold_rows([n % 2 == 0 for n in range(500)], [n / 500 for n in range(500)], 0.123)
    assert len(rows) <= LEVELS + 1
    assert 0.123 in [row.threshold for row in rows]


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=2, max_size=60))
def test_a_higher_threshold_never_finds_more_and_never_alarms_more(
    images: list[tuple[bool, float]],
) -> None:
    rows = threshold_rows([ill for ill, _s in images], [score for _i, score in images], 0.5)
    assert [row.threshold for row in rows] == sorted({row.threshold for row in rows})
    for lower, higher in pairwise(rows):
        assert lower.sensitivity.value >= higher.sensitivity.value
        assert lower.specificity.value <= higher.specificity.value


def test_a_sealed_report_does_not_take_a_change() -> None:
    report = sealed(CONTENT)
    for change in ({"reason": "Other."}, {"thresholds": {"heart": 0.25}}, {"signed_by": "Dr Wu"}):
        with pytest.raises(WorkflowError, match="does not match its own hash"):
            replace(report, **change)
    assert report.sha256 in document(report)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": "  "}, "State why"),
        ({"signed_by": ""}, "who signs"),
        ({"at": NOON.replace(tzinfo=None)}, "zone"),
        ({"thresholds": {"heart": 0.33}}, "was not measured"),
        ({"thresholds": {"lung": 0.5}}, "was not measured"),
    ],
)
def test_without_reason_name_zone_or_measurement_nothing_is_sealed(
    change: dict[str, object], words: str
) -> None:
    with pytest.raises(WorkflowError, match=words):
        sealed(replace(CONTENT, **change))  # type: ignore[arg-type]
