"""Case locks: two readers never write to one case; taken over on purpose only, recorded, and the loser is told."""

from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Barrier, Thread

import pytest
from builders import NOON, STUDY_UID, ai_finding, run, study
from sqlalchemy import text
from store_desks import LI, ROE, Desk

from viewer.base.errors import CaseElsewhere, StoreError
from viewer.domain.measurement import Annotation
from viewer.review.audit import Actor
from viewer.review.drawing import Drawing
from viewer.review.events import RunRecorded, TextChanged
from viewer.store.drawings import DrawingStore
from viewer.store.lock_rows import held_words
from viewer.store.locks import LockStore

ENOUGH = 10
"""Acknowledged events of each of two readers who write at once."""


def locks(desk: Desk) -> LockStore:
    return LockStore(desk.log, lambda: desk.who)


def words(text: str, who: Actor = LI) -> TextChanged:
    return TextChanged(text, who.reader, NOON)


def test_a_second_reader_is_told_who_has_the_case_and_cannot_write(
    desk: Desk, other_desk: Desk
) -> None:
    assert locks(desk).take(study()) is None
    holder = locks(other_desk).take(study())
    assert holder is not None
    assert held_words(holder).startswith(f"Dr Li has this case since {holder.since:%H:%M} on WS-1")
    with pytest.raises(CaseElsewhere, match="Dr Li has this case"):
        other_desk.cases.append(study(), words("mine", ROE))
    drawing = Drawing(Annotation("2.25.70", "length", "1.2.3", 0, ((1.0, 2.0), (3.0, 4.0))))
    with pytest.raises(CaseElsewhere):
        DrawingStore(other_desk.engine, other_desk.log).save(study(), "2.25.70", drawing)
    assert desk.cases.load(study()).history == []
    assert DrawingStore(desk.engine, desk.log).load(study()) == ()


def test_a_takeover_is_recorded_and_the_loser_can_no_longer_write(
    desk: Desk, other_desk: Desk
) -> None:
    locks(desk).take(study())
    desk.cases.append(study(), words("one"), known=0)
    locks(other_desk).take_over(study())
    record = list(other_desk.log.records())[-1]
    assert (record.kind, record.user, record.study_uid) == ("takeover", "roe", STUDY_UID)
    assert (record.detail["from_reader"], record.detail["from_workstation"]) == ("Dr Li", "WS-1")
    with pytest.raises(CaseElsewhere, match="Dr Roe has this case"):
        desk.cases.append(study(), words("two"), known=1)
    other_desk.cases.append(study(), words("three", ROE), known=1)
    assert desk.cases.load(study()).text == "three"
    assert locks(desk).holder(study()) is not None
    assert locks(other_desk).holder(study()) is None


def test_a_released_case_is_free_for_the_next_reader(desk: Desk, other_desk: Desk) -> None:
    other = study("1.9")
    for one in (study(), other):
        locks(desk).take(one)
    locks(desk).release(study())
    assert locks(other_desk).take(study()) is None
    assert locks(other_desk).take(other) is not None
    locks(desk).release_all()
    assert locks(other_desk).take(other) is None


def test_writing_to_a_free_case_takes_it(desk: Desk, other_desk: Desk) -> None:
    desk.cases.append(study(), RunRecorded(run(ai_finding()), NOON))
    assert locks(other_desk).take(study()) is not None


@pytest.mark.parametrize("user", [LI.user, ""], ids=["logged in", "not yet logged in"])
def test_a_restart_after_a_crash_takes_the_readers_own_case_back_and_records_it(
    desk: Desk, where: Path | str, tmp_path: Path, user: str
) -> None:
    locks(desk).take(study())
    again = Desk(where, tmp_path, Actor(user, LI.reader, LI.workstation, "instance-3"))
    assert locks(again).take(study()) is None
    assert list(again.log.records())[-1].kind == "takeover"
    with pytest.raises(CaseElsewhere):
        desk.cases.append(study(), words("two"), known=5)
    again.engine.dispose()


@pytest.mark.parametrize(
    ("user", "reader"), [("", "Dr Roe"), ("", ""), ("roe", LI.reader), ("roe", "Dr Roe")]
)
def test_another_reader_at_the_same_workstation_is_asked_first(
    desk: Desk, where: Path | str, tmp_path: Path, user: str, reader: str
) -> None:
    locks(desk).take(study())
    other = Desk(where, tmp_path, Actor(user, reader, LI.workstation, "instance-3"))
    holder = locks(other).take(study())
    assert holder is not None and holder.reader == LI.reader
    other.engine.dispose()


def test_a_beat_keeps_the_lock_alive_and_tells_who_sits_there_now(
    desk: Desk, other_desk: Desk
) -> None:
    desk.who = Actor("", "", "WS-1", "instance-1")
    locks(desk).take(study())
    long_ago = (datetime.now(UTC) - timedelta(minutes=31)).isoformat()
    with desk.engine.begin() as connection:
        connection.execute(text("UPDATE case_locks SET heartbeat = :at"), {"at": long_ago})
    holder = locks(other_desk).holder(study())
    assert holder is not None
    assert "Nothing was heard from there for 31 minutes" in held_words(holder)
    desk.who = LI
    locks(desk).beat()
    holder = locks(other_desk).holder(study())
    assert holder is not None
    assert holder.reader == "Dr Li"
    assert "Nothing was heard" not in held_words(holder)


def test_of_two_readers_who_write_at_once_no_decision_is_lost_or_mixed(
    desk: Desk, other_desk: Desk
) -> None:
    """Both take over, read and append as fast as they can; every acknowledged event is there, once.

    Each goes on until some of its own are acknowledged: how often it gets its turn is for the system
    to say, and whoever is done leaves the case to the other.
    """
    acknowledged: dict[str, list[str]] = {"li": [], "roe": []}
    start = Barrier(2)

    def work(mine: Desk) -> None:
        said = acknowledged[mine.who.user]
        start.wait()
        for number in count():
            if len(said) == ENOUGH:
                break
            own_words = f"{mine.who.user} {number}"
            try:
                if number % 3 == 0:
                    locks(mine).take_over(study())
                known = mine.cases.length(study())
                mine.cases.append(study(), words(own_words, mine.who), known)
            except StoreError:
                continue
            said.append(own_words)

    workers = [Thread(target=work, args=(one,)) for one in (desk, other_desk)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    stored = [event.text for event in desk.cases.load(study()).history]  # type: ignore[union-attr]
    assert sorted(stored) == sorted(acknowledged["li"] + acknowledged["roe"])
    for name, said in acknowledged.items():
        assert [text for text in stored if text.startswith(name)] == said
        assert len(said) == ENOUGH
