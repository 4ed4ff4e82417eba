"""Not run, failed, not applicable and nothing above threshold: four texts in each export and on the screen."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pydicom import dcmread
from pypdf import PdfReader
from signed_reports import (
    AT,
    MODEL,
    READER,
    corrected_report,
    evidence,
    film,
    full_events,
    opacity,
    run,
    signed,
)

from viewer.domain.finding import Finding, RunState, Score
from viewer.export.exporter import exporters
from viewer.review.decision import OverrideReason, Verdict, override
from viewer.review.events import Decided, MissesAttested, RunRecorded
from viewer.review.report import SignedReport
from viewer.review.statements import not_run_statement, score_text, statement

SAYING = sorted(key for key, exporter in exporters().items() if exporter.whole)
"""Formats that state the whole report; the others are parts that belong with one."""

FOR_PROGRAMS = frozenset({"json", "csv"})
"""Formats that hold verdicts and reasons as codes; the JSON also the manifest's own name of a score, beside
`calibrated`: false."""

STARTS = (
    "No finding above threshold 0.50 among",
    "AI failed: Heart size on a PA chest radiograph 1.0.0: the network broke",
    "AI not applicable: Heart size on a PA chest radiograph 1.0.0: a lateral film",
    "AI not run: Heart size on a PA chest radiograph 1.0.0",
)


def _pdf(path: Path | BytesIO) -> str:
    return " ".join(page.extract_text() for page in PdfReader(path).pages)


def _dicom(path: Path) -> str:
    dataset = dcmread(path)
    if "EncapsulatedDocument" in dataset:
        return _pdf(BytesIO(dataset.EncapsulatedDocument))
    return " ".join(str(one.value) for one in dataset.iterall() if one.VR not in ("SQ", "OW", "OB"))


READERS: dict[str, Callable[[Path], str]] = {".pdf": _pdf, ".dcm": _dicom}


def words(report: SignedReport, key: str, folder: Path) -> str:
    """All that the exported files say, with single spaces."""
    written = exporters()[key].write(report, evidence(film()), folder)
    said = (
        READERS.get(path.suffix, lambda one: one.read_text(encoding="utf-8"))(path)
        for path in written
    )
    return " ".join(" ".join(said).split())


def four_outcomes() -> SignedReport:
    of = film()
    outcomes = (
        (RunState.DONE, ""),
        (RunState.FAILED, "the network broke."),
        (RunState.NOT_APPLICABLE, "a lateral film."),
    )
    runs = [
        run(of, run_uid=f"2.25.{n}", state=state, reason=why, display_set_uid=f"set-{n}")
        for n, (state, why) in enumerate(outcomes)
    ]
    recorded = [RunRecorded(one, AT) for one in runs]
    named = f"{MODEL.name} {MODEL.version}"
    attested = MissesAttested(True, READER, AT)
    return signed(of, [*recorded, attested], not_run=[not_run_statement(named)])


def shortened(text: str) -> str:
    """The words a table cell of a PDF may break are looked for without their spaces."""
    return "".join(text.split())


@pytest.mark.parametrize("key", SAYING)
def test_each_export_has_its_own_text_for_each_of_the_four_outcomes(
    key: str, tmp_path: Path
) -> None:
    said = shortened(words(four_outcomes(), key, tmp_path))
    missing = [start for start in STARTS if shortened(start) not in said]
    assert missing == []


def indeterminate_report() -> SignedReport:
    of = film()
    shadow = opacity(of)
    decision = override(shadow, READER, AT, OverrideReason.CANNOT_TELL, "Rotated film.")
    events = [RunRecorded(run(of, shadow), AT), Decided(decision), MissesAttested(True, READER, AT)]
    return signed(of, events)


VERDICTS = {
    Verdict.CONFIRMED: (lambda: signed(film(), full_events(film())), ("Confirmed",)),
    Verdict.REJECTED: (lambda: signed(film(), full_events(film())), ("Overridden", "Skin fold.")),
    Verdict.ADDED: (lambda: signed(film(), full_events(film())), ("Added by reader", "Lung mass")),
    Verdict.MODIFIED: (
        lambda: corrected_report(film()),
        ("Modified", "Lung opacity", "Pleural effusion", "left", "Meniscus."),
    ),
    Verdict.INDETERMINATE: (
        indeterminate_report,
        ("Indeterminate", "Cannot be decided on these images", "Rotated film."),
    ),
}
"""For each verdict a report that holds one, and what people must be able to read of it."""


@pytest.mark.parametrize("key", SAYING)
@pytest.mark.parametrize("verdict", list(Verdict))
def test_no_verdict_disappears_from_an_export(verdict: Verdict, key: str, tmp_path: Path) -> None:
    make, expected = VERDICTS[verdict]
    said = shortened(words(make(), key, tmp_path))
    if key in FOR_PROGRAMS:
        expected = (verdict.value, expected[-1] if len(expected) > 1 else "")
    assert [word for word in expected if shortened(word) not in said] == []


@pytest.mark.parametrize(
    ("name", "calibrated", "said"),
    [
        ("Probability", False, "Score 0.71 > 0.42"),
        ("Score", False, "Score 0.71 > 0.42"),
        ("Score", True, "Probability 0.71 > 0.42"),
        ("Cardiothoracic ratio", False, "Cardiothoracic ratio 0.71 > 0.42"),
    ],
)
def test_a_score_is_called_probability_only_where_it_is_calibrated(
    name: str, calibrated: bool, said: str
) -> None:
    finding = replace(opacity(film()), score=Score(name, 0.71, calibrated=calibrated))
    assert score_text(finding) == said


@pytest.mark.parametrize("key", [key for key in SAYING if key != "json"])
def test_an_uncalibrated_score_is_called_probability_in_no_export(key: str, tmp_path: Path) -> None:
    of = film()
    shadow: Finding = replace(opacity(of), score=Score("Probability", 0.71))
    decision = override(shadow, READER, AT)
    events = [RunRecorded(run(of, shadow), AT), Decided(decision), MissesAttested(True, READER, AT)]
    assert "Probability" not in words(signed(of, events), key, tmp_path)


def test_the_sentences_differ_from_the_first_words_on() -> None:
    texts = [statement(run(film(), state=state, reason="x.")) for state in RunState]
    assert len({" ".join(text.split()[:3]) for text in texts}) == len(RunState)
