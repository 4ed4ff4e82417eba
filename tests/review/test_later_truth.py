"""Later truth: stated on findings of a signed report, which it never changes; counted by hand."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from builders import (
    LARGE_HEART,
    NOON,
    STUDY_UID,
    added,
    ai_finding,
    reader_finding,
    run,
    study,
)

from viewer.base.errors import WorkflowError
from viewer.domain.finding import Finding, Source
from viewer.review.canonical import canonical_json, from_plain, to_plain
from viewer.review.case import Case
from viewer.review.decision import ChangeReason, Confidence, confirm, override
from viewer.review.events import (
    AmendmentStarted,
    BlindReadingBegun,
    CaseEvent,
    Decided,
    FindingAdded,
    FindingKept,
    FindingWithdrawn,
    FirstReadLocked,
    MissesAttested,
    Revealed,
    RunRecorded,
    Signed,
    TruthStated,
)
from viewer.review.first_read import first_read_of
from viewer.review.later_truth import (
    LaterTruth,
    Truths,
    TruthSource,
    TruthState,
    asked_words,
    known,
)
from viewer.review.monitoring import Line, lines, truth_caveat, truth_curve
from viewer.review.observations import Observed, observed, observed_with_truth
from viewer.review.report import SignedReport
from viewer.review.signature import sign
from viewer.review.workflow import Stage

WHO = "Dr Li"
WORD = "SCT|8186001"
LABEL = "Enlarged cardiac silhouette"
OWN = Finding("2.25.8", "", "Large heart", LARGE_HEART, None, Source.READER)
LATER = datetime(2026, 12, 24, 9, 0, tzinfo=UTC)


def truth(
    state: TruthState = TruthState.PRESENT, word: str = WORD, **changes: object
) -> LaterTruth:
    source = None if state is TruthState.UNKNOWN else TruthSource.PATHOLOGY
    made = LaterTruth(word, LABEL, state, source, "2026-12-01", "", WHO, LATER)
    return replace(made, **changes)  # type: ignore[arg-type]


def signed_case(*events: CaseEvent) -> Case:
    case = Case(STUDY_UID)
    for event in (*events, MissesAttested(True, WHO, NOON)):
        case.apply(event)
    case.apply(Signed(sign(case, study(), WHO, NOON, "test")))
    return case


def confirmed() -> Case:
    return signed_case(
        RunRecorded(run(ai_finding()), NOON), Decided(confirm(ai_finding(), WHO, NOON))
    )


def silent(*own: Finding) -> Case:
    below = replace(run(), below=(ai_finding(ratio=0.4),))
    stated = (FindingAdded(one, added(one)) for one in own)
    return signed_case(RunRecorded(below, NOON), *stated)


def read_first(own: bool, proposed: bool, after: bool) -> SignedReport:
    """A case read first: what was stated before, what the AI said, what the report says."""
    case = Case(STUDY_UID, blind=True)
    case.apply(BlindReadingBegun(WHO, NOON))
    mine = FindingAdded(OWN, replace(added(OWN), confidence=Confidence.LIKELY))
    case.apply(mine if own else MissesAttested(True, WHO, NOON))
    case.apply(FirstReadLocked(first_read_of(case, WHO, NOON)))
    case.apply(Revealed(WHO, NOON))
    found = ai_finding(ratio=0.56 if proposed else 0.4)
    said = run(found) if proposed else replace(run(), below=(found,))
    case.apply(RunRecorded(said, NOON))
    changed = ChangeReason.JUDGED_OTHERWISE
    if proposed:
        change = None if own or not after else changed
        verdict = confirm(found, WHO, NOON, change) if after else override(found, WHO, NOON)
        case.apply(Decided(verdict))
    if own and not after:
        case.apply(FindingWithdrawn(OWN.tracking_uid, WHO, NOON, changed))
    elif own and not proposed:
        case.apply(FindingKept(OWN.tracking_uid, WHO, NOON))
    if not case.misses_stated:
        case.apply(MissesAttested(True, WHO, NOON))
    return sign(case, study(), WHO, NOON, "test")


def only_line(rows: Observed) -> Line:
    (line,) = lines(rows, False, False)
    return line


def told(line: Line, key: str) -> tuple[float, int]:
    figure = line.rates[key]
    return (figure.value, figure.n)


def of_state(state: TruthState) -> Truths:
    return {WORD: truth(state)}


def test_a_later_truth_is_taken_on_a_signed_case_and_leaves_the_report_as_it_is() -> None:
    case = confirmed()
    before = canonical_json(to_plain(case.report))
    case.apply(TruthStated(truth(TruthState.ABSENT)))
    assert case.stage is Stage.SIGNED
    assert known(case.truths, WORD) is False
    assert canonical_json(to_plain(case.report)) == before


def test_before_the_signature_and_during_an_amendment_there_is_none() -> None:
    case = Case(STUDY_UID)
    with pytest.raises(WorkflowError):
        case.apply(TruthStated(truth()))
    amended = confirmed()
    amended.apply(AmendmentStarted(WHO, NOON))
    with pytest.raises(WorkflowError):
        amended.apply(TruthStated(truth()))


def test_the_last_statement_counts_and_the_earlier_one_stays_in_the_record() -> None:
    case = confirmed()
    case.apply(TruthStated(truth(TruthState.ABSENT)))
    case.apply(TruthStated(truth(TruthState.PRESENT)))
    case.apply(TruthStated(truth(TruthState.UNKNOWN, known_on="")))
    assert known(case.truths, WORD) is None
    assert sum(isinstance(event, TruthStated) for event in case.history) == 3


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (truth(word="SCT|1"), "no finding of the signed report"),
        (truth(source=None), "known from"),
        (truth(source=TruthSource.OTHER), "in the note"),
        (truth(known_on="2027-01-01"), "no date that has been"),
        (truth(known_on="1.12.2026"), "no date that has been"),
        (truth(known_on="20261201"), "no date that has been"),
    ],
)
def test_a_statement_that_is_not_whole_is_refused_with_its_reason(
    wrong: LaterTruth, said: str
) -> None:
    with pytest.raises(WorkflowError, match=said):
        confirmed().apply(TruthStated(wrong))


def test_what_was_asked_of_the_case_is_each_word_once_with_what_ai_and_report_said() -> None:
    (asked,) = asked_words(confirmed().reports[0])
    assert (asked.word, asked.label, asked.proposed, asked.stands) == (WORD, LABEL, True, True)
    (asked,) = asked_words(silent().reports[0])
    assert (asked.proposed, asked.stands) == (False, False)
    (asked,) = asked_words(silent(OWN).reports[0])
    assert (asked.proposed, asked.stands) == (False, True)
    words = asked_words(silent(reader_finding()).reports[0])
    assert [(one.label, one.proposed, one.stands) for one in words] == [
        (LABEL, False, False),
        ("Mass", None, True),
    ]


def test_an_event_of_a_later_truth_comes_back_as_it_was() -> None:
    event = TruthStated(truth())
    plain = to_plain(event, CaseEvent)
    assert from_plain(plain, CaseEvent) == event
    assert canonical_json(plain).startswith('{"_type":"TruthStated"')


def test_ai_and_reader_are_counted_against_what_turned_out_later() -> None:
    rejected = signed_case(
        RunRecorded(run(ai_finding()), NOON), Decided(override(ai_finding(), WHO, NOON))
    ).reports[0]
    found, quiet, reader_alone = (one.reports[0] for one in (confirmed(), silent(), silent(OWN)))
    present, absent = of_state(TruthState.PRESENT), of_state(TruthState.ABSENT)
    line = only_line(
        observed_with_truth(
            [
                (found, present),
                (quiet, present),
                (reader_alone, present),
                (rejected, present),
                (found, absent),
                (quiet, absent),
                (quiet, {}),
                (quiet, of_state(TruthState.UNKNOWN)),
            ]
        )
    )
    assert told(line, "truth_known") == (0.75, 8)
    assert told(line, "ai_missed") == (0.5, 4)
    assert told(line, "reader_missed") == (0.5, 4)
    assert told(line, "ai_false") == (0.5, 2)
    assert told(line, "reader_false") == (0.5, 2)
    assert told(line, "helpful") == told(line, "helpful")
    assert line.rates["helpful"].n == 0


def test_reversals_are_helpful_or_harmful_by_the_later_truth() -> None:
    present, absent = of_state(TruthState.PRESENT), of_state(TruthState.ABSENT)
    won_over = read_first(own=False, proposed=True, after=True)
    unmoved = read_first(own=False, proposed=True, after=False)
    given_up = read_first(own=True, proposed=False, after=False)
    line = only_line(
        observed_with_truth(
            [
                (won_over, present),
                (unmoved, present),
                (won_over, absent),
                (given_up, absent),
                (given_up, present),
            ]
        )
    )
    assert told(line, "helpful") == (pytest.approx(2 / 3, abs=1e-4), 3)
    assert told(line, "harmful") == (1.0, 2)


def test_a_report_read_with_the_ai_in_view_counts_for_no_reversal() -> None:
    line = only_line(observed_with_truth([(confirmed().reports[0], of_state(TruthState.PRESENT))]))
    assert line.rates["helpful"].n == line.rates["harmful"].n == 0


def test_the_caveat_names_how_much_is_known_of_what_was_proposed_and_of_what_was_not() -> None:
    rows = observed_with_truth(
        [
            (confirmed().reports[0], of_state(TruthState.PRESENT)),
            (silent().reports[0], {}),
            (silent().reports[0], {}),
        ]
    )
    assert "1 of 1 findings the AI proposed and for 0 of 2 it did not" in truth_caveat(rows)


def test_the_curve_by_truth_takes_the_score_of_each_case_and_not_the_verdict() -> None:
    rows = observed_with_truth(
        [
            (confirmed().reports[0], of_state(TruthState.ABSENT)),
            (silent().reports[0], of_state(TruthState.PRESENT)),
        ]
    )
    found = truth_curve(rows.judged)
    assert (found.area.value, found.positives) == (0.0, 1)


def test_without_any_truth_the_rows_are_there_and_judge_nothing() -> None:
    rows = observed([confirmed().reports[0]])
    assert [one.truth for one in rows.judged] == [None]
    assert only_line(rows).rates["ai_missed"].n == 0
