"""Opening: what is odd about a series is said when it comes to the screen."""

from pathlib import Path

import numpy as np
import pytest
from dicom_films import write_film
from held_runner import HeldRunner
from model_packages import phantom

from viewer.app.open_study import open_paths, show_display_set
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


def test_another_patient_under_the_same_study_uid_is_another_study(
    bench: Workbench, runner: HeldRunner, two_patients: Path
) -> None:
    grey = np.rint(phantom(300, 260, (0.2, 0.75)) * 4000).astype(np.uint16)
    write_film(two_patients / "john.dcm", grey, "ROE^JOHN", "ID-2", "2.25.1")
    open_paths(bench, [two_patients])
    runner.let_go()
    other = next(
        study
        for study in bench.session.index.studies
        if bench.session.shown is not None and study.patient != bench.session.shown.study.patient
    )
    show_display_set(bench, other, other.display_sets[0])
    assert bench.session.is_running(other)
