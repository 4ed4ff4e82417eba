"""A link of a report leads to the image and frame it names, of its own patient only."""

from dataclasses import replace
from pathlib import Path

from builders import study

from viewer.app.drawings import Drawings
from viewer.app.instance_links import find_instance, place_words
from viewer.app.session import Session
from viewer.domain.display_set import Acquisition, DisplaySet, FrameRef
from viewer.domain.sr_document import InstanceLink
from viewer.domain.study import Series, Study, StudyIndex
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
