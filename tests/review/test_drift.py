"""Drift: numbers beside the manifest's reference, judged only where chance cannot explain them."""

from dataclasses import replace

from builders import ALGORITHM, NOON, ai_finding, run, study

from viewer.domain.input_figures import InputFigure, InputKey
from viewer.review.case import Case
from viewer.review.decision import confirm
from viewer.review.drift import (
    Reference,
    References,
    clearly_shifted,
    drift,
    drift_text,
    drift_word,
    input_drift,
    input_word,
)
from viewer.review.events import Decided, MissesAttested, RunRecorded
from viewer.review.monitoring import Choice, Limits, chosen, lines
from viewer.review.observations import (
    ModelVersion,
    Observation,
    Observed,
    Seen,
    Subject,
    observed,
    under_own_name,
)
from viewer.review.report import SignedReport
from viewer.review.signature import sign

MODEL = ModelVersion(ALGORITHM.name, ALGORITHM.version, ALGORITHM.sha256)
SUBJECT = Subject(MODEL, "Enlarged cardiac silhouette", "Dr Li", "2026-11")
EVEN = Reference(0.0, 1.0, (50.0, 50.0), "test images")
LIMITS = Limits()


def scores(*values: float) -> list[Observation]:
    return [Observation(SUBJECT, True, None, True, value) for value in values]


def means(*values: float, month: str = "2026-11") -> tuple[Seen, ...]:
    about = replace(SUBJECT, finding="", month=month)
    return tuple(Seen(about, (InputFigure("mean", value),)) for value in values)


def signed(figures: tuple[InputFigure, ...]) -> SignedReport:
    case = Case(study().uid)
    for event in (
        RunRecorded(replace(run(ai_finding()), input_figures=figures), NOON),
        Decided(confirm(ai_finding(), "Dr Li", NOON)),
        MissesAttested(True, "Dr Li", NOON),
    ):
        case.apply(event)
    return sign(case, study(), "Dr Li", NOON, "test")


def test_scores_like_the_reference_are_within_chance_and_others_clearly_shifted() -> None:
    even = drift(scores(*[0.2, 0.8] * 50), EVEN)
    odd = drift(scores(*[0.9] * 100), EVEN)
    assert even.shift is not None and even.shift.index.value == 0.0
    assert drift_word(even, LIMITS) == "no more than chance gives"
    assert odd.found == (0, 100)
    assert drift_text(odd, LIMITS).startswith("clearly shifted: index ")
    assert drift_text(odd, LIMITS).endswith("n 100")


def test_a_shift_that_chance_does_not_explain_but_is_small_is_called_so() -> None:
    wide = Reference(0.0, 1.0, (50_000.0, 50_000.0), "test images")
    found = drift(scores(*[0.2] * 5500, *[0.8] * 4500), wide)
    assert drift_word(found, LIMITS) == "slightly shifted"
    more = drift(scores(*[0.2] * 7000, *[0.8] * 3000), wide)
    assert drift_word(more, LIMITS) == "somewhat shifted"


def test_without_a_reference_or_with_too_few_the_drift_says_so() -> None:
    assert drift_text(drift(scores(0.2), None), LIMITS) == "no reference in this model's manifest"
    assert drift_text(drift(scores(0.2), EVEN), LIMITS) == "too few (1)"
    assert drift_text(drift([], EVEN), LIMITS) == "too few (0)"


def test_a_reference_of_another_kind_is_shown_with_its_index_and_never_judged() -> None:
    other = replace(EVEN, differs="patches, not series")
    found = drift(scores(*[0.9] * 100), other)
    assert drift_text(found, LIMITS).startswith(
        "not judged: the reference is of another kind: index"
    )
    assert not clearly_shifted(found, LIMITS)


def test_a_score_beyond_the_reference_counts_in_its_outermost_bin() -> None:
    assert drift(scores(-3.0, 7.0, 7.0), EVEN).found == (1, 2)


def test_a_number_of_the_input_is_compared_with_its_own_reference() -> None:
    reference = Reference(0.0, 2.0, (50.0, 50.0), "test images")
    found = input_drift(means(*[1.9] * 40), InputKey.MEAN, reference)
    assert found.found == (0, 40)
    assert clearly_shifted(found, LIMITS)
    assert input_drift(means(1.0), InputKey.SD, reference).n == 0


def test_a_number_without_reference_is_shown_from_its_least_to_its_most() -> None:
    found = input_drift(means(1.0, 3.0), InputKey.MEAN, None)
    assert (found.low, found.high, found.n, found.shift) == (1.0, 3.0, 2, None)
    alone = input_drift(means(5.0), InputKey.MEAN, None)
    assert (alone.low, alone.high) == (5.0, 6.0)


def test_the_inputs_of_a_line_are_told_in_few_words() -> None:
    reference = Reference(0.0, 2.0, (50.0, 50.0), "test images")
    known = References(None, {InputKey.MEAN: reference})
    assert input_word((), References(), LIMITS) == "no reference in this model's manifest"
    assert input_word(means(1.0), known, LIMITS) == "too few (1)"
    assert input_word(means(*[1.9] * 40), known, LIMITS) == "clearly shifted: mean"
    even = means(*[0.5, 1.5] * 20)
    assert input_word(even, known, LIMITS) == "1 numbers compared, none clearly shifted"
    other = References(None, {InputKey.MEAN: replace(reference, differs="patches")})
    assert input_word(even, other, LIMITS) == "not judged: the reference is of another kind"


def test_the_figures_of_every_run_of_a_signed_report_are_counted_once_by_model_and_month() -> None:
    rows = observed([signed((InputFigure("mean", 1.5),)), signed(())])
    (seen,) = rows.inputs
    assert seen.subject == replace(SUBJECT, finding="")
    assert seen.figures == (InputFigure("mean", 1.5),)


def test_a_choice_of_finding_leaves_the_inputs_and_one_of_month_does_not() -> None:
    rows = Observed((), (), 2, (*means(1.0), *means(2.0, month="2026-12")))
    assert len(chosen(rows, Choice(finding="Anything")).inputs) == 2
    assert len(chosen(rows, Choice(since="2026-12")).inputs) == 1


def test_a_line_by_month_has_the_inputs_of_that_month_alone() -> None:
    rows = Observed(tuple(scores(0.5)), (), 1, (*means(1.0), *means(2.0, month="2026-12")))
    (line,) = lines(rows, False, True)
    assert line.rows.inputs == means(1.0)
    (line,) = lines(rows, False, False)
    assert len(line.rows.inputs) == 2


def test_other_readers_names_are_hidden_in_the_inputs_too() -> None:
    hidden = under_own_name(Observed((), (), 1, means(1.0)), "Dr Wu", "other readers")
    assert [one.subject.reader for one in hidden.inputs] == ["other readers"]
