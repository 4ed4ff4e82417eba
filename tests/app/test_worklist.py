"""The worklist: by state and AI priority where the AI proposes first, never by AI where the site reads first."""

from pathlib import Path

import numpy as np
import pytest
from dicom_films import write_film
from held_runner import HeldRunner
from model_packages import phantom

from viewer.app.first_read import lock_first_read
from viewer.app.open_study import open_paths, show_display_set
from viewer.app.review_findings import attest_no_further_finding
from viewer.app.settings import Reading
from viewer.app.workbench import Workbench
from viewer.app.worklist import WorkState, run_on_all, work_items
from viewer.review.reading import ReadingMode

HEARTS = {"small": (0.42, 0.66), "large": (0.22, 0.70), "larger": (0.15, 0.80)}


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """Films of three patients whose hearts grow, listed from the smallest on."""
    for number, (name, heart) in enumerate(HEARTS.items(), start=1):
        grey = np.rint(phantom(300, 260, heart) * 4000).astype(np.uint16)
        write_film(tmp_path / f"{name}.dcm", grey, f"P{number}", f"ID-{number}", f"2.25.{number}")
    return tmp_path


def order(bench: Workbench) -> list[str]:
    return [item.study.patient.name for item in work_items(bench)]


def test_ai_first_lists_the_highest_score_over_its_threshold_first(
    bench: Workbench, runner: HeldRunner, three: Path
) -> None:
    open_paths(bench, [three])
    assert WorkState.RUNNING in {item.state for item in work_items(bench)}
    run_on_all(bench)
    runner.let_go()
    assert order(bench) == ["P3", "P2", "P1"]
    assert [item.words for item in work_items(bench)] == [
        "1 undecided",
        "1 undecided",
        "nothing undecided",
    ]


def test_read_first_keeps_the_order_of_arrival_whatever_an_ai_would_say(
    bench: Workbench, runner: HeldRunner, three: Path
) -> None:
    bench.settings.change(reading=Reading("Dr Li", ReadingMode.READ_FIRST))
    open_paths(bench, [three])
    run_on_all(bench)
    assert runner.held == {}
    assert order(bench) == ["P1", "P2", "P3"]
    assert {item.words for item in work_items(bench)} == {"to be read first"}


def test_read_first_does_not_order_revealed_cases_by_ai_either(
    bench: Workbench, runner: HeldRunner, three: Path
) -> None:
    bench.settings.change(reading=Reading("Dr Li", ReadingMode.READ_FIRST))
    open_paths(bench, [three])
    for place in (1, 2):
        study = bench.session.index.studies[place]
        show_display_set(bench, study, study.display_sets[0])
        attest_no_further_finding(bench, True)
        lock_first_read(bench, study)
        runner.let_go()
    assert [item.waiting for item in work_items(bench)] == [0, 1, 1]
    assert order(bench) == ["P1", "P2", "P3"]
