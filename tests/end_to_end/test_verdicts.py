"""The other verdicts and the model card in the real window: change, cannot tell, reasons, a box by the mouse."""

from collections.abc import Callable
from pathlib import Path

import pytest
from end_to_end_steps import Reader
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QTextBrowser

from viewer.review.decision import OverrideReason, Verdict
from viewer.ui.dialogs.text_window import TextWindow
from viewer.ui.panels.modify_form import ModifyForm

Key = Qt.Key


@pytest.fixture
def reader(make_program: Callable[[], Reader], phantom_model: Path, two_films: Path) -> Reader:
    started = make_program()
    started.open(two_films)
    started.press(Key.Key_N)
    return started


def verdicts(reader: Reader) -> list[Verdict]:
    return [decision.verdict for decision in reader.case.decisions.values()]


def test_cannot_tell_is_one_key_and_goes_on_to_the_next_finding(reader: Reader) -> None:
    first = reader.session.selected
    reader.press(Key.Key_F3)
    assert verdicts(reader) == [Verdict.INDETERMINATE]
    assert reader.session.selected not in (None, first)


def test_each_reason_for_an_override_is_one_click_and_the_chosen_one_is_marked(
    reader: Reader,
) -> None:
    first = reader.session.selected
    reader.press(Key.Key_O)
    assert reader.session.selected not in (None, first), "the next finding is at hand"
    reader.click("Technique")
    (made,) = reader.case.decisions.values()
    assert (made.verdict, made.reason) == (Verdict.REJECTED, OverrideReason.TECHNIQUE)
    reader.click("Normal variant")
    (made,) = reader.case.decisions.values()
    assert made.reason is OverrideReason.NORMAL_VARIANT


def test_a_key_pressed_once_more_turns_no_verdict_round(reader: Reader) -> None:
    reader.press(Key.Key_O)
    reader.press(Key.Key_O)
    for key in (Key.Key_C, Key.Key_F3, Key.Key_O):
        reader.press(key)
    assert set(verdicts(reader)) == {Verdict.REJECTED}
    assert len(reader.case.history) == len(reader.case.runs) + len(reader.case.decisions)


def form(reader: Reader) -> ModifyForm:
    found = reader.program.window.findings.findChild(ModifyForm)
    assert isinstance(found, ModifyForm)
    return found


def field(reader: Reader, name: str) -> QLineEdit:
    (found,) = [one for one in form(reader).findChildren(QLineEdit) if one.accessibleName() == name]
    return found


def test_a_finding_is_changed_in_one_form_with_a_box_dragged_on_the_image(reader: Reader) -> None:
    reader.press(Key.Key_F2)
    label, side, *_others = form(reader).findChildren(QComboBox)
    reader.wait(label.hasFocus)
    reader.qtbot.keyClick(side, Key.Key_L)
    reader.qtbot.keyClicks(field(reader, "Size in mm"), "31.5")
    viewport = reader.program.window.viewport
    middle = viewport.rect().center()
    left = Qt.MouseButton.LeftButton
    window = reader.session.presentation
    reader.qtbot.mousePress(viewport, left, pos=middle)
    reader.qtbot.mouseMove(viewport, middle + QPoint(80, 60))
    reader.qtbot.mouseRelease(viewport, left, pos=middle + QPoint(80, 60))
    assert reader.session.presentation == window
    assert "as drawn on the image" in reader.words()
    reader.wait(field(reader, "Comment").hasFocus)
    reader.qtbot.keyClick(field(reader, "Comment"), Key.Key_Return)
    (made,) = reader.case.decisions.values()
    assert made.verdict is Verdict.MODIFIED
    assert made.corrected is not None and made.corrected.localization is not None
    assert (made.corrected.laterality, made.corrected.size_mm) == ("L", 31.5)
    (mark,) = made.corrected.localization.marks
    assert mark.closed and len(mark.points_px) == 4
    assert "31.5 mm" in reader.words()


@pytest.mark.parametrize(
    ("typed", "kept"), [("lung mass", "Lung mass"), ("pleural eff", "Pleural effusion")]
)
def test_another_finding_is_named_by_typing_it_though_a_model_starts_meanwhile(
    reader: Reader, typed: str, kept: str
) -> None:
    reader.press(Key.Key_F2)
    label, *_others = form(reader).findChildren(QComboBox)
    reader.wait(label.hasFocus)
    half = len(typed) // 2
    reader.qtbot.keyClicks(label.lineEdit(), typed[:half])
    reader.session.running["another series", "a model"] = 0.0
    reader.session.events.runs.emit(None)
    reader.wait(label.hasFocus)
    reader.qtbot.keyClicks(label.lineEdit(), typed[half:])
    reader.qtbot.keyClick(field(reader, "Comment"), Key.Key_Return)
    (made,) = reader.case.decisions.values()
    assert made.corrected is not None and made.corrected.label == kept


def test_letters_that_name_no_finding_are_not_kept_and_the_form_says_which_do(
    reader: Reader,
) -> None:
    reader.press(Key.Key_F2)
    label, *_others = form(reader).findChildren(QComboBox)
    reader.wait(label.hasFocus)
    reader.qtbot.keyClicks(label.lineEdit(), "lung")
    reader.qtbot.keyClick(field(reader, "Comment"), Key.Key_Return)
    assert "Lung mass" in form(reader).words.text() and form(reader).words.isVisible()
    assert reader.case.decisions == {}


def test_escape_closes_the_form_and_decides_nothing(reader: Reader) -> None:
    reader.press(Key.Key_F2)
    reader.qtbot.keyClick(field(reader, "Comment"), Key.Key_Escape)
    assert (
        reader.program.window.findings.findChild(ModifyForm) is None or not reader.session.editing
    )
    assert reader.case.decisions == {}


def test_an_unchanged_form_is_not_kept_and_says_so(reader: Reader) -> None:
    reader.press(Key.Key_F2)
    reader.qtbot.keyClick(field(reader, "Comment"), Key.Key_Return)
    assert "Nothing was changed" in reader.strip
    assert reader.case.decisions == {}


def test_the_model_card_is_one_click_from_each_finding_and_from_each_model(reader: Reader) -> None:
    links = [
        label
        for label in reader.program.window.findings.findChildren(QLabel)
        if "href" in label.text()
    ]
    assert len(links) >= 1 + len(reader.case.proposed)
    for link in links:
        link.linkActivated.emit("card")
        (window,) = [
            one
            for one in QApplication.topLevelWidgets()
            if isinstance(one, TextWindow) and one.isVisible()
        ]
        text = window.findChild(QTextBrowser)
        assert isinstance(text, QTextBrowser)
        assert "Intended use: Tests." in text.toPlainText()
        window.close()


def test_a_slip_is_taken_back_by_one_key_though_the_next_finding_is_selected(
    reader: Reader,
) -> None:
    reader.press(Key.Key_F3)
    (slipped,) = reader.case.decisions
    assert reader.session.selected != slipped
    reader.press(Key.Key_U)
    assert reader.case.decisions == {}
    assert reader.session.selected == slipped
    reader.press(Key.Key_U)
    assert reader.case.decisions == {}, "nothing is left to take back"
