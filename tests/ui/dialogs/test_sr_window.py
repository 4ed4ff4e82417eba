"""Reports as text: flags plain, words escaped, links that lead to images or say what is missing."""

from dataclasses import replace

import pytest
from builders import study
from PySide6.QtCore import QUrl
from pytestqt.qtbot import QtBot

from viewer.app.drawings import Drawings
from viewer.app.session import Session
from viewer.app.workbench import LinkActions
from viewer.domain.coding import CodedConcept
from viewer.domain.display_set import Acquisition, DisplaySet, FrameRef
from viewer.domain.sr_document import InstanceLink, SrDocument, SrItem, Verifier
from viewer.domain.study import Study
from viewer.review.case import Case
from viewer.ui.dialogs.sr_html import Numbers, document_html
from viewer.ui.dialogs.sr_window import SrWindow

SLY = '<img src="http://evil/x.png"><a href="file:///etc">x</a>'
NAME = CodedConcept("1", "99X", "Note")
OPEN, MISSING = InstanceLink("1.1", "CT Image", (2,)), InstanceLink("1.2", "MR Image")


def document(*items: SrItem, **changes: object) -> SrDocument:
    root = SrItem((1,), "CONTAINER", CodedConcept("2", "99X", "Chest report"), children=items)
    made = SrDocument(
        "Chest report", study().patient, "1.2", "20261122", "211033", "COMPLETE", "",
        "UNVERIFIED", "", (), ("Li, Ada",), (), (), root,
    )  # fmt: skip
    return replace(made, **changes)


def actions(asked: list[InstanceLink]) -> LinkActions:
    def go(link: InstanceLink) -> str:
        asked.append(link)
        return "" if link == OPEN else "MR Image 1.2 is not among the open images."

    return LinkActions(lambda link: "Series 4, image 3/9" if link == OPEN else "", go)


def html(made: SrDocument) -> str:
    return document_html(made, actions([]), Numbers())


@pytest.mark.parametrize("kind", ["TEXT", "UIDREF", "CODE"])
def test_markup_in_a_report_is_shown_never_obeyed(kind: str) -> None:
    name = CodedConcept("1", "99X", SLY)
    made = document(
        SrItem((1, 1), kind, name, SLY, links=(InstanceLink("1", SLY),)),
        title=SLY, authors=(SLY,), devices=(SLY,), algorithms=(SLY,), warnings=(SLY,),
        completion=SLY, completion_note=SLY, verifiers=(Verifier(SLY, SLY, SLY),),
        verification="VERIFIED", patient=replace(study().patient, name=SLY, patient_id=SLY),
    )  # fmt: skip
    written = html(made)
    assert "<img" not in written
    assert "file:///etc&quot;" in written and 'href="file' not in written


def test_an_unverified_report_says_so_above_everything() -> None:
    written = html(document())
    assert "NOT VERIFIED" in written
    assert written.index("NOT VERIFIED") < written.index("Patient")


def test_a_verified_report_names_who_verified_it() -> None:
    who = Verifier("Li, Ada", "Clinic", "20261122211033")
    written = html(document(verification="VERIFIED", verifiers=(who,)))
    assert "VERIFIED by Li, Ada, Clinic, 2026-11-22 21:10:33" in written
    assert "NOT VERIFIED" not in written


def test_algorithm_and_device_stand_in_the_head() -> None:
    written = html(document(devices=("Finder, Example",), algorithms=("Heart size 1.0",)))
    head = written.split("<hr>")[0]
    assert "Finder, Example" in head and "Heart size 1.0" in head


def session() -> Session:
    return Session(Case, lambda _study: Drawings((), lambda _all: None))


def shown_set(study_uid: str) -> DisplaySet:
    refs = (FrameRef("1.1", 0, None),)  # type: ignore[arg-type]  # no file is read here
    return DisplaySet("set", study_uid, "1.5", 1, "", Acquisition("CT"), refs)


def other_patient() -> Study:
    mine = study()
    return replace(mine, patient=replace(mine.patient, patient_id="ID-2"))


def test_a_click_goes_to_the_image_or_says_which_is_missing(qtbot: QtBot) -> None:
    asked: list[InstanceLink] = []
    made = document(SrItem((1, 1), "IMAGE", NAME, links=(OPEN, MISSING)))
    window = SrWindow(None, session(), study(), made, actions(asked))
    qtbot.addWidget(window)
    assert "CT Image, frame 3, Series 4, image 3/9" in window.text.toPlainText()
    assert "MR Image, not open" in window.text.toPlainText()
    window.follow(QUrl("image:0"))
    assert (asked, window.said.isHidden()) == ([OPEN], True)
    window.follow(QUrl("image:1"))
    assert "MR Image 1.2" in window.said.text() and not window.said.isHidden()


def test_a_link_to_an_item_of_the_report_stays_in_the_report(qtbot: QtBot) -> None:
    asked: list[InstanceLink] = []
    made = document(
        SrItem((1, 1), "TEXT", NAME, "first"),
        SrItem((1, 2), "", None, target=(1, 1), relationship="INFERRED FROM"),
    )
    window = SrWindow(None, session(), study(), made, actions(asked))
    qtbot.addWidget(window)
    assert "inferred from see item 1.1" in window.text.toPlainText()
    window.follow(QUrl("#item1_1"))
    assert asked == []


def test_a_report_beside_another_patients_images_warns(qtbot: QtBot) -> None:
    holder, other = session(), other_patient()
    holder.show(other, shown_set(other.uid))
    window = SrWindow(None, holder, study(), document(), actions([]))
    qtbot.addWidget(window)
    assert window.is_warning
    holder.show(study(), shown_set(study().uid))
    assert not window.is_warning


def test_a_report_closes_when_another_patient_comes_to_the_screen(qtbot: QtBot) -> None:
    holder, other = session(), other_patient()
    holder.show(study(), shown_set(study().uid))
    window = SrWindow(None, holder, study(), document(), actions([]))
    window.show()
    assert not window.is_warning
    gone: list[bool] = []
    window.destroyed.connect(lambda: gone.append(True))
    holder.show(other, shown_set(other.uid))
    qtbot.waitUntil(lambda: gone == [True])
    holder.show(study(), shown_set(study().uid))
