"""The session while a series grows: the middle is shown until the reader chooses, then that frame stays."""

from dataclasses import replace
from pathlib import Path

import pytest
from builders import study

from viewer.app.drawings import Drawings
from viewer.app.session import Session
from viewer.domain.display_set import Acquisition, DisplaySet, FrameRef
from viewer.domain.study import Series, Study, StudyIndex
from viewer.review.case import Case


def growing(numbers: range) -> Study:
    frames = tuple(FrameRef(f"1.2.{number}", 0, Path("file")) for number in numbers)
    display_set = DisplaySet("set-1", study().uid, "1.9", 1, "", Acquisition("CT"), frames)
    return replace(study(), series=(Series("1.9", "CT", 1, "", (), (display_set,)),))


@pytest.fixture
def session() -> Session:
    made = Session(
        lambda one: Case(one.uid), lambda _one: Drawings((), lambda _uid, _drawing: None)
    )
    first = growing(range(4, 6))
    made.set_index(StudyIndex((first,)))
    made.show(first, first.display_sets[0])
    return made


def shown_uid(session: Session) -> str:
    assert session.shown is not None
    return session.shown.ref.sop_instance_uid


def test_a_growing_series_shows_its_middle(session: Session) -> None:
    seen: list[str] = []
    session.events.shown.subscribe(lambda _none: seen.append(shown_uid(session)))
    session.set_index(StudyIndex((growing(range(10)),)))
    assert seen == ["1.2.5"]
    session.set_index(StudyIndex((growing(range(30)),)))
    assert shown_uid(session) == "1.2.15"


def test_a_frame_the_reader_chose_stays_while_the_series_grows_around_it(session: Session) -> None:
    session.go_to(0)
    session.set_index(StudyIndex((growing(range(30)),)))
    assert shown_uid(session) == "1.2.4"


def test_the_position_stays_within_the_stack(session: Session) -> None:
    session.go_to(99)
    assert shown_uid(session) == "1.2.5"
    session.go_to(-3)
    assert shown_uid(session) == "1.2.4"
