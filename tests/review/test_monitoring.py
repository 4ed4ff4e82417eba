"""Monitoring: rates counted by hand, what is too few is not shown, nothing of the patient in any row."""

import math
from dataclasses import replace

import pytest
from builders import LARGE_HEART, NOON, STUDY_UID, added, ai_finding, reader_finding, run, study
from hypothesis import given
from hypothesis import strategies as st

from viewer.domain.finding import Finding, Source
from viewer.review.case import Case
from viewer.review.decision import (
    ChangeReason,
    Confidence,
    Decision,
    OverrideReason,
    Verdict,
    confirm,
    override,
)
from viewer.review.events import (
    BlindReadingBegun,
    CaseEvent,
    Decided,
    FindingAdded,
    FindingKept,
    FirstReadLocked,
    MissesAttested,
    Revealed,
    RunRecorded,
)
from viewer.review.first_read import first_read_of
from viewer.review.monitoring import (
    Choice,
    Limits,
    Line,
    chosen,
    curve,
    figure_text,
    line_of,
    lines,
    override_flag,
    reliability,
)
from viewer.review.observations import Observation, Observed, observed, under_own_name
from viewer.review.report import SignedReport
from viewer.review.signature import sign

READER = "Dr Li"
OWN = Finding("2.25.8", "", "Large heart", LARGE_HEART, None, Source.READER)


def signed(*events: CaseEvent, reader: str = READER, case: Case | None = None) -> SignedReport:
    case = case or Case(STUDY_UID)
    for event in (*events, MissesAttested(True, reader, NOON)):
        case.apply(event)
    return sign(case, study(), reader, NOON, "test")


def decided(decision: Decision) -> SignedReport:
    return signed(RunRecorded(run(ai_finding()), NOON), Decided(decision))


def below(*own: Finding, ratio: float = 0.4) -> SignedReport:
    silent = replace(run(), below=(ai_finding(ratio=ratio),))
    stated = (FindingAdded(one, added(one)) for one in own)
    return signed(RunRecorded(silent, NOON), *stated)


def read_first(own: tuple[Finding, ...], proposed: bool, *after: CaseEvent) -> SignedReport:
    case = Case(STUDY_UID, blind=True)
    case.apply(BlindReadingBegun(READER, NOON))
    for one in own:
        case.apply(FindingAdded(one, replace(added(one), confidence=Confidence.LIKELY)))
    if not own:
        case.apply(MissesAttested(True, READER, NOON))
    case.apply(FirstReadLocked(first_read_of(case, READER, NOON)))
    case.apply(Revealed(READER, NOON))
    said = ai_finding()
    recorded = run(said) if proposed else replace(run(), below=(ai_finding(ratio=0.4),))
    return signed(RunRecorded(recorded, NOON), *after, case=case)


CONFIRMED = decided(confirm(ai_finding(), READER, NOON))
REJECTED = decided(override(ai_finding(), READER, NOON))
OPEN = decided(override(ai_finding(), READER, NOON, OverrideReason.CANNOT_TELL))


def only_line(reports: list[SignedReport]) -> Line:
    (line,) = lines(observed(reports), by_reader=False, by_month=False)
    return line


def shares(reports: list[SignedReport]) -> dict[str, tuple[float, int]]:
    return {key: (one.value, one.n) for key, one in only_line(reports).rates.items() if one.n}


def test_each_decided_finding_is_confirmed_overridden_or_indeterminate() -> None:
    found = shares([CONFIRMED, CONFIRMED, REJECTED, OPEN])
    assert found["agreement"] == (0.5, 4)
    assert found["override"] == (0.25, 4)
    assert found["indeterminate"] == (0.25, 4)


def test_what_the_reader_added_is_missed_by_the_model_that_looks_for_it() -> None:
    assert shares([CONFIRMED, CONFIRMED, below(OWN), below()])["missed"] == (
        pytest.approx(1 / 3, abs=1e-4),
        3,
    )


def test_what_no_model_looks_for_is_missed_by_none() -> None:
    assert "missed" not in shares([below(reader_finding())])


def test_two_films_of_one_study_do_not_make_one_added_finding_two() -> None:
    silent = replace(run(), below=(ai_finding(ratio=0.4),))
    other = replace(silent, display_set_uid="set-2", below=(ai_finding("2.25.2", 0.3),))
    report = signed(
        RunRecorded(silent, NOON), RunRecorded(other, NOON), FindingAdded(OWN, added(OWN))
    )
    assert [row.stands for row in observed([report]).statements] == [True, False]


def test_another_label_instead_overrides_and_another_side_of_it_stands() -> None:
    moved = replace(ai_finding(), laterality="L")
    other = decided(
        override(ai_finding(), READER, NOON, OverrideReason.WRONG_LABEL, "", reader_finding())
    )
    side = decided(override(ai_finding(), READER, NOON, OverrideReason.WRONG_EXTENT, "", moved))
    assert [row.stands for row in observed([other, side]).statements] == [False, True]
    assert shares([other, side])["override"] == (1.0, 2)


def test_a_reader_who_takes_over_what_the_ai_says_changed_towards_it() -> None:
    taken = read_first(
        (), True, Decided(confirm(ai_finding(), READER, NOON, ChangeReason.OVERLOOKED))
    )
    refused = read_first((), True, Decided(override(ai_finding(), READER, NOON)))
    found = shares([taken, refused])
    assert found["towards_ai"] == (0.5, 2)
    assert "away_from_ai" not in found


def test_a_reader_who_keeps_a_finding_against_the_ai_changed_nothing() -> None:
    kept = read_first((OWN,), False, FindingKept(OWN.tracking_uid, READER, NOON))
    assert shares([kept])["towards_ai"] == (0.0, 1)


def test_a_reader_who_agrees_before_and_after_changed_nothing() -> None:
    agreed = read_first((OWN,), True, Decided(confirm(ai_finding(), READER, NOON)))
    silent = read_first((), False)
    assert shares([agreed, silent])["away_from_ai"] == (0.0, 2)


def test_cases_read_ai_first_say_nothing_of_influence() -> None:
    assert observed([CONFIRMED]).reads == ()


def test_no_row_carries_anything_of_the_patient_or_the_study() -> None:
    rows = repr(observed([CONFIRMED, below(OWN), read_first((), False)]))
    for word in ("Müller", "ID-1", "1940", STUDY_UID, "ACC1", "2.25."):
        assert word not in rows


def test_too_few_cases_show_their_number_and_no_rate() -> None:
    figure = only_line([CONFIRMED]).rates["agreement"]
    assert figure_text(figure, Limits(least_n=2)) == "too few (1)"
    assert figure_text(figure, Limits(least_n=1)) == "100% (21% to 100%), n 1"


@pytest.mark.parametrize(
    ("reports", "marked"),
    [
        ([CONFIRMED] * 20, "less than 5%"),
        ([REJECTED] * 20, "more than 60%"),
        ([CONFIRMED, REJECTED] * 10, ""),
    ],
)
def test_overriding_hardly_ever_or_nearly_always_is_marked(
    reports: list[SignedReport], marked: str
) -> None:
    flag = override_flag(only_line(reports), Limits())
    assert marked in flag
    assert bool(flag) == bool(marked)


def test_too_few_cases_mark_nothing() -> None:
    assert override_flag(only_line([CONFIRMED] * 19), Limits()) == ""


def test_readers_and_months_split_the_lines_and_filters_choose_among_them() -> None:
    rows = observed([CONFIRMED, signed(RunRecorded(run(), NOON), reader="Dr Wu"), REJECTED])
    (line,) = lines(rows, by_reader=True, by_month=True)
    assert (line.group.reader, line.group.month) == (READER, "2026-11")
    assert chosen(rows, Choice(reader="Dr Wu")).statements == ()
    assert len(chosen(rows, Choice(since="2026-11", until="2026-11")).statements) == 2
    assert chosen(rows, Choice(until="2026-10")).statements == ()


def test_a_reader_sees_the_others_without_their_names() -> None:
    rows = observed([CONFIRMED, below(OWN)])
    assert {row.subject.reader for row in under_own_name(rows, "Dr Wu", "others").statements} == {
        "others"
    }
    assert under_own_name(rows, READER, "others") == rows


def scored(*pairs: tuple[bool | None, float | None]) -> list[Observation]:
    subject = observed([CONFIRMED]).statements[0].subject
    return [Observation(subject, True, Verdict.CONFIRMED, stands, score) for stands, score in pairs]


def test_the_curve_counts_pairs_and_leaves_the_indeterminate_out() -> None:
    found = curve(
        scored((True, 0.9), (False, 0.4), (True, 0.3), (False, 0.1), (None, 0.99), (True, None))
    )
    assert found.area.value == 0.75
    assert found.positives == 2
    assert found.points == ((0.0, 0.0), (0.0, 0.5), (0.5, 0.5), (0.5, 1.0), (1.0, 1.0))


def test_without_both_kinds_there_is_no_curve() -> None:
    found = curve(scored((True, 0.9)))
    assert found.points == ()
    assert math.isnan(found.area.value)


def test_reliability_is_the_share_that_stands_by_score() -> None:
    bins = reliability(scored((True, 0.72), (False, 0.78), (True, 1.0), (True, 25.0)))
    assert [(round(one.score, 4), one.share.value, one.share.n) for one in bins] == [
        (0.75, 0.5, 2),
        (1.0, 1.0, 1),
    ]


@given(st.lists(st.sampled_from([CONFIRMED, REJECTED, OPEN]), min_size=1, max_size=30))
def test_the_three_verdict_rates_always_make_one(reports: list[SignedReport]) -> None:
    rates = only_line(reports).rates
    total = sum(rates[key].value for key in ("agreement", "override", "indeterminate"))
    assert total == pytest.approx(1.0, abs=2e-4)
    assert {rates[key].n for key in ("agreement", "override", "indeterminate")} == {len(reports)}


def test_an_empty_group_has_no_figures() -> None:
    rates = line_of(only_line([CONFIRMED]).group, Observed()).rates
    assert {figure.n for figure in rates.values()} == {0}
