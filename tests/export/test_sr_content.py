"""What the reader's structured report says of each finding, before it is DICOM."""

from dataclasses import replace

import pytest
from signed_reports import (
    AT,
    OTHER_MODEL,
    READER,
    added,
    corrected_report,
    film,
    full_report,
    mass,
    opacity,
    run,
    signed,
)

from viewer.domain.finding import Score
from viewer.export.sr_content import Group, groups_of
from viewer.review.decision import OverrideReason, Verdict, override
from viewer.review.events import Decided, MissesAttested, RunRecorded
from viewer.review.report import SignedReport


def overridden(reason: OverrideReason) -> SignedReport:
    of = film()
    shadow = opacity(of)
    return signed(
        of,
        [
            RunRecorded(run(of, shadow, model=OTHER_MODEL), AT),
            Decided(override(shadow, READER, AT, reason)),
            MissesAttested(True, READER, AT),
        ],
    )


def only(report: SignedReport) -> Group:
    (group,) = groups_of(report)
    return group


def test_each_verdict_says_whether_the_finding_is_present() -> None:
    confirmed, rejected, by_reader = groups_of(full_report(film()))
    assert [each.presence.meaning for each in (confirmed, rejected, by_reader)] == [
        "Present",
        "Absent",
        "Present",
    ]
    assert [each.assessment.value for each in (confirmed, rejected, by_reader)] == [
        "CONFIRMED",
        "REJECTED",
        "ADDED",
    ]


def test_what_cannot_be_decided_is_undetermined_not_absent() -> None:
    group = only(overridden(OverrideReason.CANNOT_TELL))
    assert group.presence.meaning == "Undetermined"
    assert group.assessment.value == Verdict.INDETERMINATE.value


def test_a_corrected_finding_is_the_readers_without_the_numbers_of_the_network() -> None:
    group = only(corrected_report(film()))
    assert group.finding.meaning == "Pleural effusion"
    assert group.presence.meaning == "Present"
    assert (group.measured, group.algorithm, group.regions) == (None, None, ())
    assert "Lung opacity, Score 0.71 > 0.42" in group.comments[0]


def test_a_corrected_finding_answers_under_the_tracking_uid_of_the_ai() -> None:
    assert only(corrected_report(film())).tracking_uid == "2.25.12"


def test_the_cardiothoracic_ratio_is_a_measurement_and_a_score_is_a_certainty_in_percent() -> None:
    ratio, score, _added = groups_of(full_report(film()))
    assert ratio.measured and ratio.measured.name.meaning == "Cardiothoracic ratio"
    assert ratio.measured.value == pytest.approx(0.55)
    assert score.measured and score.measured.name.value == "111012"
    assert score.measured.value == pytest.approx(71.0)


def test_only_a_calibrated_score_is_called_a_probability() -> None:
    of = film()
    calibrated = replace(opacity(of), score=Score("Score", 0.71, calibrated=True))
    report = signed(
        of,
        [
            RunRecorded(run(of, calibrated, model=OTHER_MODEL), AT),
            Decided(override(calibrated, READER, AT)),
            MissesAttested(True, READER, AT),
        ],
    )
    measured = only(report).measured
    assert measured and measured.name.meaning == "Probability"


def test_a_finding_without_code_is_an_abnormality_named_in_words() -> None:
    of = film()
    free = replace(mass(of), code=None, label="Something odd")
    report = signed(of, [RunRecorded(run(of), AT), added(free)])
    group = only(report)
    assert group.finding.value == "49755003"
    assert "Something odd, left." in group.comments


def test_the_verdict_is_also_said_in_words() -> None:
    group = groups_of(full_report(film()))[1]
    assert group.comments[0].startswith("Overridden (Explained by projection or technique).")
    assert "Skin fold." in group.comments
