"""A stored state is shown when chosen, on the images it names, of its own patient; never unasked."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dicom_films import write_film
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import UID
from softcopy_states import Change, attributes, window, write_state

from viewer.app.commands import view as view_menu
from viewer.app.heatmaps import study_files
from viewer.app.jobs import Job, JobContext
from viewer.app.open_object import open_object
from viewer.app.open_study import open_paths, show_display_set
from viewer.app.pictures import picture
from viewer.app.presentation_states import show_next_state, state_words, states_of
from viewer.app.review_findings import toggle_key_image
from viewer.app.workbench import Workbench
from viewer.base.errors import ViewerError, WorkflowError
from viewer.dicom.decoder import decode
from viewer.dicom.evidence import file_sha256
from viewer.dicom.presentation_state import read_presentation_state
from viewer.domain.presentation import Presentation, VoiWindow
from viewer.domain.study import Study

TURNED = attributes(ImageRotation=90, ImageHorizontalFlip="N")


def dated(date: str) -> Change:
    return attributes(PresentationCreationDate=date)


def study_of(bench: Workbench, name: str) -> Study:
    return next(each for each in bench.session.index.studies if each.patient.name == name)


def show(bench: Workbench, name: str) -> None:
    study = study_of(bench, name)
    show_display_set(bench, study, study.display_sets[0])


@pytest.fixture
def with_states(bench: Workbench, two_patients: Path) -> Workbench:
    """Two states for Jane's film: an older one that turns it, a newer one with another window."""
    jane = two_patients / "jane.dcm"
    write_state(jane, two_patients, TURNED, dated("20250101"), name="1.dcm", content_label="TURNED")
    write_state(jane, two_patients, dated("20260101"), name="2.dcm", **window(1000, 500))
    open_paths(bench, [two_patients])
    show(bench, "DOE^JANE")
    return bench


def test_no_state_is_applied_unasked_and_their_number_is_said(with_states: Workbench) -> None:
    assert with_states.session.presentation == Presentation()
    assert state_words(with_states.session) == "Presentation states: 2"


def test_the_next_state_is_the_newest_then_the_older_then_none(with_states: Workbench) -> None:
    session, words = with_states.session, []
    for _step in range(3):
        show_next_state(with_states)
        words.append(state_words(session))
    assert words == [
        "PR: SECOND LOOK, Roe, Jane",
        "PR: TURNED, Roe, Jane",
        "Presentation states: 2",
    ]


def apply(bench: Workbench, times: int = 1) -> None:
    for _step in range(times):
        show_next_state(bench)


def test_the_readers_changes_under_a_state_leave_the_view_without_it_alone(
    with_states: Workbench,
) -> None:
    session = with_states.session
    session.present(voi=VoiWindow(1, 2), zoom=3.0)
    before = session.presentation
    apply(with_states, 2)
    assert (session.presentation.quarter_turns, session.presentation.zoom) == (1, None)
    session.present(quarter_turns=2)
    assert session.presentation.state is not None
    view_menu.reset(with_states)
    assert session.presentation.quarter_turns == 1
    view_menu.without_presentation_state(with_states)
    assert session.presentation == before


def test_nothing_of_a_state_becomes_a_drawing_of_the_reader(with_states: Workbench) -> None:
    apply(with_states)
    assert with_states.session.drawings_here() == ()


def test_another_patients_image_has_none_and_takes_none(with_states: Workbench) -> None:
    apply(with_states)
    state = with_states.session.presentation.state
    show(with_states, "ROE^JOHN")
    assert state_words(with_states.session) == ""
    assert with_states.session.presentation.state is None
    with pytest.raises(WorkflowError, match="another patient or study"):
        with_states.session.apply_state(state)


class KeptJobs:
    """Jobs that wait until the test lets them end."""

    def __init__(self) -> None:
        self.jobs: list[Job[Any]] = []

    def submit(self, job: Job[Any]) -> None:
        self.jobs.append(job)

    def cancel(self, key: str) -> None:
        pass

    def shutdown(self) -> None:
        pass


def test_a_state_that_is_read_after_the_switch_is_not_applied(with_states: Workbench) -> None:
    kept = KeptJobs()
    show_next_state(replace(with_states, jobs=kept))
    show(with_states, "ROE^JOHN")
    notices: list[str] = []
    with_states.session.events.notice.subscribe(notices.append)
    (job,) = kept.jobs
    job.on_done(job.work(JobContext(lambda _fraction: None, lambda _value: None)))
    assert with_states.session.states == {}
    assert "another patient or study" in notices[-1]


def test_a_state_of_one_patient_that_names_the_image_of_another_is_no_choice(
    bench: Workbench, two_patients: Path
) -> None:
    john = dcmread(two_patients / "john.dcm")

    def name_john(dataset: Dataset) -> None:
        reference = dataset.ReferencedSeriesSequence[0].ReferencedImageSequence[0]
        reference.ReferencedSOPInstanceUID = john.SOPInstanceUID

    write_state(two_patients / "jane.dcm", two_patients, name_john)
    open_paths(bench, [two_patients])
    for name in ("DOE^JANE", "ROE^JOHN"):
        show(bench, name)
        assert bench.session.shown is not None
        assert states_of(bench.session.shown) == ()
        assert not view_menu.has_states(bench)


def test_under_the_same_study_uid_patients_stay_apart(bench: Workbench, tmp_path: Path) -> None:
    grey = np.full((40, 30), 5, np.uint16)
    write_film(tmp_path / "a.dcm", grey, "DOE^JANE", "ID-1", "2.25.5")
    write_film(tmp_path / "b.dcm", grey, "ROE^JOHN", "ID-2", "2.25.5", number=2)
    other = dcmread(tmp_path / "b.dcm").SOPInstanceUID

    def name_other(dataset: Dataset) -> None:
        reference = dataset.ReferencedSeriesSequence[0].ReferencedImageSequence[0]
        reference.ReferencedSOPInstanceUID = other

    state = read_presentation_state(write_state(tmp_path / "a.dcm", tmp_path, name_other))
    open_paths(bench, [tmp_path])
    show(bench, "ROE^JOHN")
    assert state_words(bench.session) == ""
    with pytest.raises(WorkflowError, match="another patient or study"):
        bench.session.apply_state(state)


@pytest.fixture
def stack(bench: Workbench, tmp_path: Path) -> Workbench:
    """Three CT slices in one stack; a state turns the middle one."""
    grey = np.arange(1200, dtype=np.uint16).reshape(40, 30)
    series = "2.25.400"
    for number in range(3):
        path = write_film(tmp_path / f"{number}.dcm", grey, number=number + 1)
        dataset = dcmread(path)
        dataset.SeriesInstanceUID, dataset.SeriesNumber = series, 1
        dataset.InstanceNumber, dataset.Modality = number + 1, "CT"
        dataset.SOPClassUID = UID("1.2.840.10008.5.1.4.1.1.2")
        dataset.ImagePositionPatient = [0, 0, number]
        dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        dataset.PixelSpacing, dataset.FrameOfReferenceUID = [1, 1], "2.25.401"
        dataset.save_as(path)
    write_state(tmp_path / "1.dcm", tmp_path, TURNED)
    open_paths(bench, [tmp_path])
    return bench


def test_in_a_stack_only_the_named_slice_is_turned(stack: Workbench) -> None:
    session = stack.session
    assert session.shown is not None
    assert len(session.shown.display_set.frames) == 3
    session.go_to(1)
    apply(stack)
    turns = []
    for position in range(3):
        session.go_to(position)
        turns.append(session.presentation.quarter_turns)
    assert turns == [0, 1, 0]
    views = [
        session.presentation_of(session.shown.display_set, ref)
        for ref in session.shown.display_set.frames
    ]
    sizes = [
        picture(decode(ref), view).size
        for ref, view in zip(session.shown.display_set.frames, views, strict=True)
    ]
    assert sizes == [(30, 40), (40, 30), (30, 40)]


def test_a_state_from_the_list_brings_its_image_to_the_screen(stack: Workbench) -> None:
    session = stack.session
    session.go_to(0)
    assert session.shown is not None
    (found,) = session.shown.study.objects
    open_object(stack, session.shown.study, found)
    assert session.shown.position == 1
    assert session.presentation.state is not None


def test_a_state_whose_images_are_not_open_says_so(bench: Workbench, two_patients: Path) -> None:
    def name_nothing_open(dataset: Dataset) -> None:
        reference = dataset.ReferencedSeriesSequence[0].ReferencedImageSequence[0]
        reference.ReferencedSOPInstanceUID = "2.25.999"

    write_state(two_patients / "jane.dcm", two_patients, name_nothing_open)
    open_paths(bench, [two_patients])
    jane = study_of(bench, "DOE^JANE")
    with pytest.raises(ViewerError, match="not open"):
        open_object(bench, jane, jane.objects[0])


def test_kinds_that_are_not_shown_are_said_and_skipped(
    bench: Workbench, two_patients: Path
) -> None:
    blending = attributes(SOPClassUID=UID("1.2.840.10008.5.1.4.1.1.11.4"))
    write_state(two_patients / "jane.dcm", two_patients, blending, name="blend.dcm")
    open_paths(bench, [two_patients])
    show(bench, "DOE^JANE")
    notices: list[str] = []
    bench.session.events.notice.subscribe(notices.append)
    apply(bench)
    assert "kinds not shown here" in notices[-1]
    jane = study_of(bench, "DOE^JANE")
    open_object(bench, jane, jane.objects[0])
    assert "Blending" in notices[-1]
    assert bench.session.presentation.state is None


def test_what_of_a_state_is_not_done_is_said_in_the_corner_and_in_the_notice(
    bench: Workbench, two_patients: Path
) -> None:
    mask = Dataset()
    mask.MaskOperation = "AVG_SUB"
    change = attributes(MaskSubtractionSequence=[mask])
    write_state(two_patients / "jane.dcm", two_patients, change)
    open_paths(bench, [two_patients])
    show(bench, "DOE^JANE")
    notices: list[str] = []
    bench.session.events.notice.subscribe(notices.append)
    apply(bench)
    assert "subtraction of the mask" in notices[-1]
    assert state_words(bench.session).startswith("PR (in part)")


def test_a_key_image_remembers_the_state_under_which_it_was_marked(
    with_states: Workbench,
) -> None:
    apply(with_states)
    toggle_key_image(with_states)
    shown = with_states.session.shown
    assert shown is not None
    (view,) = shown.case.key_views
    assert view.place == shown.ref.place
    assert view.state is not None
    assert view.state.title == "SECOND LOOK, Roe, Jane"
    path = next(one.path for one in states_of(shown) if one.sop_instance_uid == view.state.uid)
    assert view.state.sha256 == file_sha256(path)
    assert study_files(shown.study)[view.state.uid] == path
    toggle_key_image(with_states)
    assert (shown.case.key_images, shown.case.key_views) == ((), ())


def test_a_key_image_and_its_view_are_there_again_after_a_restart(with_states: Workbench) -> None:
    apply(with_states, 2)
    toggle_key_image(with_states)
    shown = with_states.session.shown
    assert shown is not None
    again = with_states.cases.load(shown.study)
    assert again.key_views == shown.case.key_views
    assert again.key_views[0].quarter_turns == 1
