"""The worklist of earlier sessions: kept cases beside open ones, by state, opened again where they lay."""

from pathlib import Path

import numpy as np
import pytest
from dicom_films import write_film
from held_runner import HeldRunner
from model_packages import build_package, phantom

from viewer.app.compose import compose
from viewer.app.earlier import load_earlier, open_earlier, where_words
from viewer.app.first_read import lock_first_read
from viewer.app.open_study import open_paths, show_display_set
from viewer.app.review_findings import attest_no_further_finding
from viewer.app.settings import Reading
from viewer.app.workbench import Workbench
from viewer.app.worklist import WorkItem, WorkState, run_on_all, work_items
from viewer.base.paths import data_folder
from viewer.inference.model_store import ModelStore
from viewer.review.reading import ReadingMode

HEARTS = {"small": (0.42, 0.66), "large": (0.22, 0.70), "larger": (0.15, 0.80)}


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """Films of three patients whose hearts grow, each in a folder of its own."""
    for number, (name, heart) in enumerate(HEARTS.items(), start=1):
        grey = np.rint(phantom(300, 260, heart) * 4000).astype(np.uint16)
        folder = tmp_path / "scans" / name
        folder.mkdir(parents=True)
        write_film(folder / "film.dcm", grey, f"P{number}", f"ID-{number}", f"2.25.{number}")
    return tmp_path / "scans"


def read_all(bench: Workbench, runner: HeldRunner, folder: Path) -> None:
    """Bring every study to the screen once, with its models run."""
    open_paths(bench, [folder])
    for study in bench.session.index.studies:
        show_display_set(bench, study, study.display_sets[0])
    run_on_all(bench)
    runner.let_go()


def next_day(answers: type) -> tuple[Workbench, HeldRunner]:
    """The program started again on the same database."""
    runner = HeldRunner()
    bench = compose(runner, answers, ModelStore([data_folder() / "models"]))
    load_earlier(bench)
    return bench, runner


def names(items: tuple[WorkItem, ...]) -> list[str]:
    return [item.study.patient.name for item in items]


def test_what_is_not_open_is_listed_by_state_and_ai_priority(
    bench: Workbench, runner: HeldRunner, three: Path, answers: type
) -> None:
    read_all(bench, runner, three)
    later, _runner = next_day(answers)
    items = work_items(later)
    assert names(items) == ["P3", "P2", "P1"]
    assert [item.state for item in items] == [
        WorkState.WAITING,
        WorkState.WAITING,
        WorkState.DECIDED,
    ]
    assert all(item.earlier is not None for item in items)
    assert items[0].study.date == "20260101"


def test_an_open_study_stands_in_the_list_once_and_by_its_live_state(
    bench: Workbench, runner: HeldRunner, three: Path, answers: type
) -> None:
    read_all(bench, runner, three)
    later, _runner = next_day(answers)
    open_paths(later, [three / "large"])
    items = work_items(later)
    assert sorted(names(items)) == ["P1", "P2", "P3"]
    assert [item.study.patient.name for item in items if item.earlier is None] == ["P2"]


def test_opening_again_finds_the_files_and_shows_the_study(
    bench: Workbench, runner: HeldRunner, three: Path, answers: type
) -> None:
    read_all(bench, runner, three)
    later, _runner = next_day(answers)
    wanted = work_items(later)[1].earlier
    assert wanted is not None
    assert wanted.paths == (str(three / "large"),)
    assert "double click" in where_words(wanted)
    open_earlier(later, wanted)
    assert names(tuple(i for i in work_items(later) if i.earlier is None)) == ["P2"]
    assert later.session.shown is not None
    assert later.session.shown.study.patient.name == "P2"


def test_files_that_are_gone_are_said_and_nothing_is_opened(
    bench: Workbench, runner: HeldRunner, three: Path, answers: type
) -> None:
    read_all(bench, runner, three)
    (three / "larger" / "film.dcm").unlink()
    (three / "larger").rmdir()
    later, _runner = next_day(answers)
    said: list[str] = []
    later.session.events.notice.subscribe(said.append)
    gone = work_items(later)[0].earlier
    assert gone is not None
    open_earlier(later, gone)
    assert "no longer where they were" in said[-1]
    assert later.session.index.studies == ()


def test_a_folder_that_holds_another_study_now_is_said(
    bench: Workbench, runner: HeldRunner, three: Path, answers: type
) -> None:
    read_all(bench, runner, three)
    grey = np.rint(phantom(300, 260, HEARTS["small"]) * 4000).astype(np.uint16)
    write_film(three / "larger" / "film.dcm", grey, "OTHER", "ID-9", "2.25.9")
    later, _runner = next_day(answers)
    said: list[str] = []
    later.session.events.notice.subscribe(said.append)
    swapped = work_items(later)[0].earlier
    assert swapped is not None
    open_earlier(later, swapped)
    assert "not of this study" in said[-1]


def test_a_site_that_reads_first_orders_kept_cases_by_the_readers_acts_alone(
    bench: Workbench, runner: HeldRunner, three: Path, answers: type
) -> None:
    bench.settings.change(reading=Reading("Dr Li", ReadingMode.READ_FIRST))
    open_paths(bench, [three])
    for place, study in enumerate(bench.session.index.studies):
        show_display_set(bench, study, study.display_sets[0])
        if place < 2:
            attest_no_further_finding(bench, True)
            lock_first_read(bench, study)
            runner.let_go()
    later, _runner = next_day(answers)
    items = work_items(later)
    locked = {"P1", "P2", "P3"} - {items[0].study.patient.name}
    assert items[0].state is WorkState.FIRST_READ
    assert items[0].words == "to be read first"
    assert (items[0].waiting, items[0].priority) == (0, 0.0)
    assert set(names(items)[1:]) == locked
    again = work_items(next_day(answers)[0])
    assert names(again) == names(items)


def test_a_kept_case_that_is_read_first_says_nothing_an_ai_could_have_said(
    three: Path, answers: type, bench: Workbench
) -> None:
    bench.settings.change(reading=Reading("Dr Li", ReadingMode.READ_FIRST))
    build_package(data_folder() / "models" / "phantom_reader_2")
    open_paths(bench, [three])
    for study in bench.session.index.studies:
        show_display_set(bench, study, study.display_sets[0])
    later, _runner = next_day(answers)
    assert {item.words for item in work_items(later)} == {"to be read first"}
    for item in work_items(later):
        assert item.earlier is not None and item.earlier.case is not None
        assert not item.earlier.case.ai_visible
        assert item.priority == 0.0
