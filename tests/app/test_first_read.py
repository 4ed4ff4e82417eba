"""Reading first without a window: what a session lists, begins and reveals."""

from pathlib import Path

import numpy as np
from dicom_films import write_film
from held_runner import HeldRunner
from model_packages import phantom
from pydicom import dcmread
from pydicom.uid import generate_uid

from viewer.app.ai_state import ai_states
from viewer.app.first_read import lock_first_read
from viewer.app.open_study import open_paths, show_display_set
from viewer.app.review_findings import attest_no_further_finding
from viewer.app.settings import Reading
from viewer.app.workbench import Workbench
from viewer.domain.withheld import SECONDARY_CAPTURE
from viewer.review.events import BlindReadingBegun
from viewer.review.reading import ReadingMode
from viewer.review.workflow import Stage


def read_first(bench: Workbench) -> None:
    bench.settings.change(reading=Reading("Dr Li", ReadingMode.READ_FIRST))


def with_ai_capture(folder: Path) -> Path:
    """A film and, in the same study, a capture that another vendor's AI has left."""
    grey = np.rint(phantom(300, 260, (0.2, 0.75)) * 4000).astype(np.uint16)
    folder.mkdir()
    film = dcmread(write_film(folder / "film.dcm", grey))
    film.SOPClassUID = film.file_meta.MediaStorageSOPClassUID = SECONDARY_CAPTURE
    film.SOPInstanceUID = film.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    film.SeriesInstanceUID, film.SeriesDescription = generate_uid(), "Findings"
    film.save_as(folder / "capture.dcm")
    return folder


def test_no_model_is_started_and_none_has_a_state_before_the_lock(
    bench: Workbench, runner: HeldRunner, two_patients: Path
) -> None:
    read_first(bench)
    open_paths(bench, [two_patients])
    assert runner.held == {}
    for study in bench.session.index.studies:
        assert ai_states(bench, study, study.display_sets[0]) == ()


def test_a_study_is_begun_blind_when_it_comes_to_the_screen_not_when_it_is_listed(
    bench: Workbench, two_patients: Path
) -> None:
    read_first(bench)
    open_paths(bench, [two_patients])
    begun = [
        [type(event) for event in bench.session.case_of(study).history]
        for study in bench.session.index.studies
    ]
    assert begun == [[BlindReadingBegun], []]
    second = bench.session.index.studies[1]
    show_display_set(bench, second, second.display_sets[0])
    assert bench.session.case_of(second).stage is Stage.BLIND
    assert len(bench.session.case_of(second).history) == 1


def test_untouched_cases_follow_the_sites_mode_and_begun_ones_do_not(
    bench: Workbench, two_patients: Path
) -> None:
    read_first(bench)
    open_paths(bench, [two_patients])
    bench.settings.change(reading=Reading("Dr Li", ReadingMode.AI_FIRST))
    modes = [bench.session.case_of(study).mode for study in bench.session.index.studies]
    assert modes == [ReadingMode.READ_FIRST, ReadingMode.AI_FIRST]


def test_the_lock_reveals_and_starts_the_models_and_lists_what_was_withheld(
    bench: Workbench, runner: HeldRunner, tmp_path: Path
) -> None:
    read_first(bench)
    open_paths(bench, [with_ai_capture(tmp_path / "study")])
    session = bench.session
    assert [len(study.display_sets) for study in session.index.studies] == [1]
    attest_no_further_finding(bench, True)
    assert session.shown is not None
    lock_first_read(bench, session.shown.study)
    assert [len(study.display_sets) for study in session.index.studies] == [2]
    assert session.shown.study == session.index.studies[0]
    assert runner.held != {}
    runner.let_go()
    assert session.shown.case.proposed != ()


def test_ai_first_lists_and_runs_everything_at_once(
    bench: Workbench, runner: HeldRunner, tmp_path: Path
) -> None:
    open_paths(bench, [with_ai_capture(tmp_path / "study")])
    assert [len(study.display_sets) for study in bench.session.index.studies] == [2]
    assert runner.held != {}
