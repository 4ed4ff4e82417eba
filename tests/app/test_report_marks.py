"""Marks of a report come with it, on its own study's images, and stay away where the AI is withheld."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from viewer.app.open_object import open_object
from viewer.app.open_study import open_paths
from viewer.app.report_marks import drawn_marks, go_to_mark, mark_place, take_marks
from viewer.app.workbench import Workbench
from viewer.dicom.decoder import decode
from viewer.dicom.structured_report import read_report
from viewer.domain.study_object import ObjectKind

FILES = ("ct_image.dcm", "sr_document.dcm", "sr_document_with_multiple_groups.dcm")


@pytest.fixture
def case(bench: Workbench, shared_data: Path, tmp_path: Path) -> Workbench:
    """highdicom's CT image and two reports on it, of which none is open yet."""
    source = shared_data / "dicom/mixed/highdicom/data/test_files"
    for name in FILES:
        shutil.copy(source / name, tmp_path / name)
    open_paths(bench, [tmp_path])
    return bench


def reports(bench: Workbench):  # type: ignore[no-untyped-def]
    (study,) = bench.session.index.studies
    found = [one for one in study.objects if one.kind is ObjectKind.REPORT]
    return study, sorted(found, key=lambda one: one.path.name)


def on_screen(bench: Workbench) -> dict[str, list[list[float]]]:
    assert bench.session.shown is not None
    frame = decode(bench.session.shown.ref)
    return {
        one.mark.label: one.lines[0].points_px.round(1).tolist()
        for one in drawn_marks(bench.session, frame)
    }


def test_no_mark_is_drawn_before_its_report_is_opened(case: Workbench) -> None:
    assert on_screen(case) == {}


def test_opening_a_report_draws_its_shapes_under_its_own_names(case: Workbench) -> None:
    study, (_first, second) = reports(case)
    open_object(case, study, second)
    found = on_screen(case)
    assert set(found) == {"Nodule, LungNodule0001", "Aorta, Aorta0001"}
    square = [[24.5, 44.5], [44.5, 44.5], [44.5, 64.5], [24.5, 64.5]]
    assert found["Aorta, Aorta0001"] == square
    (view,) = case.session.report_marks.of(study)
    assert [mark.label for mark in view.marks][-1] == "Vertebra, Vertebra0001"
    assert not view.by_program, "a person is named as observer"


def test_a_report_is_hidden_and_taken_off_by_itself(case: Workbench) -> None:
    study, (first, second) = reports(case)
    open_object(case, study, first)
    open_object(case, study, second)
    assert len(on_screen(case)) == 3
    case.session.report_marks.toggle(study, second.sop_instance_uid)
    assert set(on_screen(case)) == {"Spinal cord, Planar ROI Measurements"}
    case.session.report_marks.remove(study, first.sop_instance_uid)
    assert on_screen(case) == {}


def test_opening_it_again_draws_nothing_twice(case: Workbench) -> None:
    study, (_first, second) = reports(case)
    for _time in range(2):
        open_object(case, study, second)
    assert len(case.session.report_marks.of(study)) == 1


def test_a_click_goes_to_the_image_or_says_where_the_mark_is(case: Workbench) -> None:
    study, (_first, second) = reports(case)
    open_object(case, study, second)
    (view,) = case.session.report_marks.of(study)
    flat, space = view.marks[0], view.marks[-1]
    assert mark_place(case.session, study, flat) == "Series 1, image 1/1"
    go_to_mark(case, study, flat)
    assert case.session.shown is not None
    assert case.session.shown.ref.sop_instance_uid == flat.links[0].sop_instance_uid
    said: list[str] = []
    case.session.events.notice.subscribe(said.append)
    go_to_mark(case, study, space)
    assert said == [
        "This mark names a place in the patient; it is drawn on the slices that hold it."
    ]


def test_a_report_of_another_patient_or_study_draws_nothing_here(case: Workbench) -> None:
    study, (_first, second) = reports(case)
    document = read_report(second)
    stranger = replace(document, patient=replace(document.patient, patient_id="OTHER"))
    take_marks(case.session, study, "1", stranger)
    take_marks(case.session, study, "2", replace(document, study_uid="1.2.3"))
    assert case.session.report_marks.of(study) == ()


def test_a_report_that_names_an_algorithm_is_a_programs(case: Workbench) -> None:
    study, (_first, second) = reports(case)
    take_marks(case.session, study, "1", replace(read_report(second), algorithms=("Net 1.0",)))
    (view,) = case.session.report_marks.of(study)
    assert view.by_program


def test_marks_are_withheld_like_all_that_may_be_an_ais(
    case: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    study, (_first, second) = reports(case)
    open_object(case, study, second)
    monkeypatch.setattr(type(case.session.case_of(study)), "ai_visible", False)
    assert on_screen(case) == {}
