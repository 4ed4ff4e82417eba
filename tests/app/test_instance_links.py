"""A link of a report leads to the image and frame it names, of its own patient only."""

from dataclasses import replace
from pathlib import Path

from builders import study

from viewer.app.drawings import Drawings
from viewer.app.instance_links import find_instance, place_words
from viewer.app.open_object import open_object
from viewer.app.open_study import open_paths
from viewer.app.session import Session
from viewer.app.workbench import Workbench
from viewer.domain.display_set import Acquisition, DisplaySet, FrameRef
from viewer.domain.sr_document import InstanceLink
from viewer.domain.study import Series, Study, StudyIndex
from viewer.domain.study_object import ObjectKind
from viewer.review.case import Case


def with_images(of: Study, uid: str, frames: int) -> Study:
    refs = tuple(FrameRef(uid, frame, Path("x")) for frame in range(frames))
    shown = DisplaySet(f"set {uid}", of.uid, "1.5", 4, "", Acquisition("CT"), refs)
    return replace(of, series=(Series("1.5", "CT", 4, "", (), (shown,)),))


def session(*studies: Study) -> Session:
    made = Session(Case, lambda _study: Drawings((), lambda _all: None))
    made.set_index(StudyIndex(studies))
    return made


def test_a_frame_is_found_by_instance_and_number() -> None:
    mine = with_images(study(), "1.1", 5)
    place = find_instance(session(mine), mine, InstanceLink("1.1", frames=(3,)))
    assert place is not None and place[2] == 3
    assert (
        place_words(session(mine), mine, InstanceLink("1.1", frames=(3,))) == "Series 4, image 4/5"
    )


def test_a_frame_the_image_does_not_have_is_missing_not_replaced() -> None:
    mine = with_images(study(), "1.1", 2)
    assert find_instance(session(mine), mine, InstanceLink("1.1", frames=(7,))) is None


def test_an_instance_of_the_patients_other_study_is_found() -> None:
    mine, prior = study(), with_images(study("1.2.9"), "1.1", 1)
    place = find_instance(session(mine, prior), mine, InstanceLink("1.1"))
    assert place is not None and place[0] == prior


def test_another_patients_image_is_never_the_one_meant() -> None:
    mine = study()
    other = replace(mine, patient=replace(mine.patient, patient_id="ID-2"))
    place = find_instance(session(with_images(other, "1.1", 1)), mine, InstanceLink("1.1"))
    assert place is None


def test_a_link_to_a_segmentation_of_the_study_opens_it(
    bench: Workbench, shared_data: Path
) -> None:
    folder = shared_data / "dicom/mixed/dcmqi/data/sr-example"
    open_paths(bench, [folder])
    (mine,) = bench.session.index.studies
    (report,) = [each for each in mine.objects if each.kind is ObjectKind.REPORT]
    open_object(bench, mine, report)
    _study, document, actions = bench.dialogs.shown_sr
    links = [link for item in document.root.walk() for link in item.links if link.segments]
    assert actions.place(links[0]) == "Iowa QIN segmentation result"
    assert actions.go(links[0]) == ""
    (view,) = bench.session.segments.of(mine)
    assert view.segmentation.segments[0].label == "Neoplasm, Primary"


def test_a_link_to_what_is_not_open_names_it(bench: Workbench, shared_data: Path) -> None:
    folder = shared_data / "dicom/mixed/dcmqi/data/sr-example"
    open_paths(bench, [folder / "sr.dcm"])
    (mine,) = bench.session.index.studies
    open_object(bench, mine, mine.objects[0])
    _study, document, actions = bench.dialogs.shown_sr
    links = [link for item in document.root.walk() for link in item.links if link.segments]
    said = actions.go(links[0])
    assert said.startswith(f"Segmentation {links[0].sop_instance_uid} ")
    assert "is not among what is open" in said
