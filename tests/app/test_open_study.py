"""Opening: what is odd about a series is said when it comes to the screen."""

from pathlib import Path

import pytest

from viewer.app.open_study import open_paths
from viewer.app.workbench import Workbench


@pytest.fixture
def said(bench: Workbench) -> list[str]:
    sentences: list[str] = []
    bench.session.events.notice.subscribe(sentences.append)
    return sentences


def test_a_tilted_series_of_mixed_spacing_says_so(
    bench: Workbench, said: list[str], shared_data: Path
) -> None:
    open_paths(bench, [shared_data / "dicom" / "head_ct_tilted_mixed_thickness"])
    assert "tilt" in said[-1].lower()


def test_a_plain_film_is_only_counted(
    bench: Workbench, said: list[str], two_patients: Path
) -> None:
    open_paths(bench, [two_patients / "jane.dcm"])
    assert said[-1] == "1 study."


def test_opening_more_keeps_what_was_open(bench: Workbench, two_patients: Path) -> None:
    open_paths(bench, [two_patients / "jane.dcm"])
    shown = bench.session.shown
    open_paths(bench, [two_patients / "john.dcm"])
    assert len(bench.session.index.studies) == 2
    assert bench.session.shown is not None
    assert shown is not None
    assert bench.session.shown.study == shown.study
